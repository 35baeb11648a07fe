import type { CloudKind, CloudView, Subject } from "../../cloud/kind";
import { isObject, isTrue, mapAt, textAt, textsAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import { armKind } from "../arm";
import { refuses, replaces, updates } from "../changes";
import type { ControlPlane } from "../controlPlane";
import { exampleId, guidFrom } from "../ids";
import { names } from "../names";
import { regionOf } from "../regions";
import { deployerHas } from "../roles";
import { apiSources, pages, pluginSources, poolRotation } from "../sources";
import { tokens } from "../tokens";
import { clusterIssues } from "./clusterChecks";
import { clusterNeeds } from "./clusterNeeds";
import { simulatedPool } from "./nodes";
import { clusterPath, clusterVersion } from "./pools";

const update = "https://learn.microsoft.com/cli/azure/aks#az-aks-update";

export function clusterKind(controlPlane: ControlPlane): CloudKind {
    return armKind({
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
        check: clusterIssues,
        judge: clusterNeeds,
        effects: {
            created: (subject, { id, outputs }) => start(controlPlane, subject, { id, outputs }),
            updated: (subject, outputs) => placePools(controlPlane, subject.inputs, outputs),
            deleted: ({ outputs }) => controlPlane.stopControlPlane(textAt(outputs, "resourceName") ?? ""),
        },
    });
}

const clusterChanges = [
    replaces(
        pluginSources.table,
        ...[
            "diskEncryptionSetID",
            "dnsPrefix",
            "fqdnSubdomain",
            "linuxProfile",
            "location",
            "nodeResourceGroup",
            "windowsProfile",
        ],
        ...[
            "serviceCidr",
            "serviceCidrs",
            "dnsServiceIP",
            "networkMode",
            "networkPlugin",
            "networkPluginMode",
            "podCidr",
        ].map(inNetwork),
        ...["networkDataplane", "networkPolicy", "outboundType"].map(inNetwork),
    ),
    updates(
        update,
        ...[
            "tags",
            "sku",
            "kubernetesVersion",
            "autoUpgradeProfile",
            "autoScalerProfile",
            "addonProfiles",
            "securityProfile",
        ],
        ...[
            "azureMonitorProfile",
            "workloadAutoScalerProfile",
            "disableLocalAccounts",
            "aadProfile",
            "identity",
            "supportPlan",
        ],
        ...[
            "storageProfile",
            "httpProxyConfig",
            "ingressProfile",
            "metricsProfile",
            "nodeResourceGroupProfile",
            "upgradeSettings",
        ],
        ...["loadBalancerProfile", "natGatewayProfile", "advancedNetworking"].map(inNetwork),
        ...["authorizedIPRanges", "disableRunCommand", "enablePrivateClusterPublicFQDN"].map(inAccess),
        ...["count", "minCount", "maxCount", "enableAutoScaling", "nodeLabels", "nodeTaints"].map(inPool),
    ),
    // In place where the API server is in the network (see refuseReversal). With its zone the change follows "the same private DNS setup
    // methodology as standard private clusters", as the page says.
    updates(pages.apiServerSubnet, ...["enablePrivateCluster", "privateDNSZone"].map(inAccess)),
    updates(apiSources.kubernetes, "oidcIssuerProfile"),
    refuses(
        poolRotation,
        ...["vmSize", "maxPods", "osDiskSizeGB", "osDiskType", "vnetSubnetID", "podSubnetID", "availabilityZones"].map(
            inPool,
        ),
        ...[
            "enableFIPS",
            "enableEncryptionAtHost",
            "kubeletConfig",
            "linuxOSConfig",
            "enableNodePublicIP",
            "enableUltraSSD",
        ].map(inPool),
    ),
];

function inNetwork(name: string): string {
    return `networkProfile.${name}`;
}

function inAccess(name: string): string {
    return `apiServerAccessProfile.${name}`;
}

function inPool(name: string): string {
    return `agentPoolProfiles.${name}`;
}

const clusterOutputs = [
    ...[
        "fqdn",
        "privateFQDN",
        "azurePortalFQDN",
        "oidcIssuerProfile",
        "identity",
        "identityProfile",
        "nodeResourceGroup",
    ],
    ...[
        "currentKubernetesVersion",
        "provisioningState",
        "powerState",
        "maxAgentPools",
        "resourceUID",
        "eTag",
        "controlPlane",
    ],
];

function outputsOf(subject: Subject, before: Properties): Properties {
    const { inputs, unique } = subject;
    refuseReversal(inputs, before);
    const region = regionOf(textAt(inputs, "location") ?? "");
    const digits = textAt(before, "resourceUID")?.slice(0, 8) ?? unique.slice(0, 8);
    const prefix = `${textAt(inputs, "dnsPrefix") ?? textAt(inputs, "fqdnSubdomain") ?? ""}-${digits}`;
    const issuer = guidFrom(unique, 5);
    return {
        fqdn: textAt(before, "fqdn") ?? `${prefix}.hcp.${region}.azmk8s.io`,
        azurePortalFQDN: textAt(before, "azurePortalFQDN") ?? `${prefix}.portal.hcp.${region}.azmk8s.io`,
        ...(isTrue(inputs, "apiServerAccessProfile.enablePrivateCluster")
            ? { privateFQDN: `${prefix}.${zoneOf(inputs, region)}` }
            : {}),
        oidcIssuerProfile: {
            ...mapAt(inputs, "oidcIssuerProfile"),
            issuerURL:
                textAt(before, "oidcIssuerProfile.issuerURL") ??
                `https://${region}.oic.prod-aks.azure.com/${exampleId}/${issuer}/`,
        },
        identity: identityOf(subject, before),
        identityProfile:
            mapAt(inputs, "identityProfile").kubeletidentity === undefined
                ? nodesOwn(subject, before)
                : mapAt(inputs, "identityProfile"),
        nodeResourceGroup:
            textAt(inputs, "nodeResourceGroup") ??
            `MC_${textAt(inputs, "resourceGroupName")}_${textAt(inputs, "resourceName")}_${region}`,
        currentKubernetesVersion:
            textAt(inputs, "kubernetesVersion") ?? textAt(before, "currentKubernetesVersion") ?? "",
        provisioningState: "Succeeded",
        powerState: { code: "Running" },
        maxAgentPools: 100,
        resourceUID: textAt(before, "resourceUID") ?? unique.slice(0, 24),
        eTag: guidFrom(unique, 11),
        ...(isObject(before.controlPlane) ? { controlPlane: before.controlPlane } : {}),
    };
}

/** What AKS cannot take back, or turn round where the API server is not in the network. */
function refuseReversal(inputs: Properties, before: Properties): void {
    if (before.fqdn === undefined) return;
    const integrated = isTrue(before, inAccess("enableVnetIntegration"));
    const turned =
        isTrue(before, inAccess("enablePrivateCluster")) !== isTrue(inputs, inAccess("enablePrivateCluster"));
    if (turned && !integrated)
        throw new Error(
            `apiServerAccessProfile.enablePrivateCluster changes in place only with enableVnetIntegration (${pages.apiServerSubnet})`,
        );
    if (integrated && !isTrue(inputs, inAccess("enableVnetIntegration")))
        throw new Error(`apiServerAccessProfile.enableVnetIntegration cannot be taken back (${pages.apiServerSubnet})`);
    const zone = textAt(before, inAccess("privateDNSZone"));
    if (zone !== undefined && !turned && zone !== textAt(inputs, inAccess("privateDNSZone")))
        throw new Error(
            `apiServerAccessProfile.privateDNSZone cannot change while it is in use (${pages.privateClusters})`,
        );
    // https://learn.microsoft.com/azure/aks/use-oidc-issuer: "After you enable the OIDC issuer on the cluster, disabling it is not supported."
    if (isTrue(before, "oidcIssuerProfile.enabled") && !isTrue(inputs, "oidcIssuerProfile.enabled"))
        throw new Error(
            "oidcIssuerProfile.enabled cannot be taken back (https://learn.microsoft.com/azure/aks/use-oidc-issuer)",
        );
}

/** The zone that a private API server has its name in. */
function zoneOf(inputs: Properties, region: string): string {
    const zone = textAt(inputs, inAccess("privateDNSZone"));
    const kind = isTrue(inputs, inAccess("enableVnetIntegration")) ? "private" : "privatelink";
    return zone?.includes("/") ? (zone.split("/").at(-1) ?? "") : `${kind}.${region}.azmk8s.io`;
}

function identityOf({ inputs, unique, cloud }: Subject, before: Properties): Properties {
    const given = mapAt(inputs, "identity");
    const shown = textsAt(inputs, "identity.userAssignedIdentities").map((id) => {
        const { clientId = "", principalId = "" } = cloud.get(tokens.identity, id)?.outputs ?? {};
        return [id, { clientId, principalId }] as const;
    });
    if (shown.length > 0) return { ...given, userAssignedIdentities: Object.fromEntries(shown) };
    return {
        ...given,
        principalId: textAt(before, "identity.principalId") ?? guidFrom(unique, 13),
        tenantId: exampleId,
    };
}

/** The identity that AKS makes for nodes where the program brings none. */
function nodesOwn({ unique }: Subject, before: Properties): Properties {
    const kept = mapAt(before, "identityProfile");
    const made = { clientId: guidFrom(unique, 15), objectId: guidFrom(unique, 17), resourceId: "" };
    return { kubeletidentity: kept.kubeletidentity ?? made };
}

async function start(
    controlPlane: ControlPlane,
    { inputs, cloud }: Subject,
    made: { id: string; outputs: Properties },
): Promise<Properties> {
    const name = textAt(inputs, "resourceName") ?? "";
    const started = await controlPlane.startControlPlane(name);
    await placePools(controlPlane, inputs, made.outputs);
    await controlPlane.setAccess(name, mayEnter(cloud, made.id, inputs));
    return { controlPlane: { ...started } };
}

/** With Azure's roles in charge whoever deploys gets in by a role, otherwise by the certificate of a local account or a group. */
export function mayEnter(cloud: CloudView, id: string, cluster: Properties): boolean {
    return !isTrue(cluster, "aadProfile.enableAzureRBAC") || deployerHas(cloud, id, "clusterAdministrator");
}

async function placePools(controlPlane: ControlPlane, inputs: Properties, outputs: Properties): Promise<void> {
    const region = regionOf(textAt(inputs, "location") ?? "");
    const pools = Array.isArray(inputs.agentPoolProfiles) ? inputs.agentPoolProfiles : [];
    for (const pool of pools.filter(isObject)) {
        await controlPlane.setPool(
            textAt(inputs, "resourceName") ?? "",
            simulatedPool(pool, region, textAt(outputs, "nodeResourceGroup") ?? ""),
        );
    }
}
