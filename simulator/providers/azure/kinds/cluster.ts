import { clusters } from "../../cloud/clusters";
import type { CloudKind, Subject } from "../../cloud/kind";
import { isObject, isTrue, textAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import { armKind } from "../arm";
import { names } from "../names";
import { regionOf } from "../regions";
import { mayEnter } from "../roles";
import { tokens } from "../tokens";
import { clusterChanges } from "./clusterChanges";
import { clusterIssues, knownIssues } from "./clusterChecks";
import { clusterNeeds } from "./clusterNeeds";
import { clusterOutputs, outputsOf } from "./clusterOutputs";
import { simulatedPool } from "./nodes";
import { clusterPath, clusterVersion } from "./pools";

export const cluster: CloudKind = armKind({
    path: clusterPath,
    apiVersion: clusterVersion,
    name: names.cluster,
    references: [
        { path: "identity.userAssignedIdentities", to: [tokens.identity] },
        { path: "identityProfile.kubeletidentity.resourceId", to: [tokens.identity] },
        { path: "agentPoolProfiles.vnetSubnetID", to: [tokens.subnet] },
        { path: "agentPoolProfiles.podSubnetID", to: [tokens.subnet] },
        { path: "apiServerAccessProfile.subnetId", to: [tokens.subnet] },
        { path: "apiServerAccessProfile.privateDNSZone", to: [tokens.privateZone], given: /^(system|none)$/i },
        { path: "diskEncryptionSetID", to: [tokens.diskEncryptionSet] },
        { path: "securityProfile.azureKeyVaultKms.keyVaultResourceId", to: [tokens.vault] },
        { path: "securityProfile.azureKeyVaultKms.keyId", to: [tokens.key], by: "keyUriWithVersion" },
        { path: "securityProfile.defender.logAnalyticsWorkspaceResourceId", to: [tokens.workspace], holds: false },
        {
            path: "addonProfiles.omsagent.config.logAnalyticsWorkspaceResourceID",
            to: [tokens.workspace],
            holds: false,
        },
    ],
    changes: clusterChanges,
    computed: clusterOutputs,
    outputs: outputsOf,
    check: knownIssues,
    judge: (subject) => [...clusterIssues(subject.inputs), ...clusterNeeds(subject)],
    effects: {
        created: (subject, { id, outputs }) => start(subject, { id, outputs }),
        updated: (subject, outputs) => placePools(subject.inputs, outputs),
        deleted: ({ outputs }) => clusters().stopControlPlane(textAt(outputs, "resourceName") ?? ""),
    },
});

async function start({ inputs, cloud }: Subject, made: { id: string; outputs: Properties }): Promise<Properties> {
    const name = textAt(inputs, "resourceName") ?? "";
    const started = await clusters().startControlPlane(name);
    await placePools(inputs, made.outputs);
    if (isTrue(inputs, "storageProfile.snapshotController.enabled")) await clusters().setSnapshots(name, true);
    await clusters().setAccess(name, mayEnter(cloud, made.id, inputs));
    return { controlPlane: { ...started } };
}

async function placePools(inputs: Properties, outputs: Properties): Promise<void> {
    const region = regionOf(textAt(inputs, "location") ?? "");
    const pools = Array.isArray(inputs.agentPoolProfiles) ? inputs.agentPoolProfiles : [];
    for (const pool of pools.filter(isObject)) {
        await clusters().setPool(
            textAt(inputs, "resourceName") ?? "",
            simulatedPool(pool, region, textAt(outputs, "nodeResourceGroup") ?? ""),
        );
    }
}
