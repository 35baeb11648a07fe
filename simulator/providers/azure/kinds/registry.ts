import type { CloudKind, Subject } from "../../cloud/kind";
import { mapAt, textAt, textsAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import type { InputIssue } from "../../protocol";
import { armKind } from "../arm";
import { refuses, replaces, updates } from "../changes";
import { exampleId, guidFrom } from "../ids";
import { names } from "../names";
import { apiSources, pluginSources } from "../sources";
import { tokens } from "../tokens";
import { keyIssues } from "./encryption";

const registryPath =
    "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.ContainerRegistry/registries/{registryName}";
const skus = "https://learn.microsoft.com/azure/container-registry/container-registry-skus";

/** What a registry, or a task of it, is in the directory. */
function identityOf({ inputs, unique, cloud }: Subject, before: Properties): Properties {
    const given = mapAt(inputs, "identity");
    if (given.type === undefined) return {};
    const own = String(given.type).includes("SystemAssigned")
        ? { principalId: textAt(before, "identity.principalId") ?? guidFrom(unique, 9), tenantId: exampleId }
        : {};
    const shown = identitiesOf(inputs).map((id) => {
        const { principalId = "", clientId = "" } = cloud.get(tokens.identity, id)?.outputs ?? {};
        return [id, { principalId, clientId }] as const;
    });
    return { ...given, ...own, ...(shown.length === 0 ? {} : { userAssignedIdentities: Object.fromEntries(shown) }) };
}

/** Named by the keys of an object, as this API has it, or in a list. */
function identitiesOf(inputs: Properties): readonly string[] {
    const listed = textsAt(inputs, "identity.userAssignedIdentities");
    return listed.length > 0 ? listed : Object.keys(mapAt(inputs, "identity.userAssignedIdentities"));
}

const registry = armKind({
    path: registryPath,
    apiVersion: "2023-01-01-preview",
    name: names.registry,
    required: ["sku"],
    changes: [
        replaces(pluginSources.mutability, "location"),
        // What the body of a PATCH of a registry may hold (`RegistryUpdateParameters`).
        updates(
            apiSources.registry,
            ...[
                "tags",
                "sku",
                "identity",
                "adminUserEnabled",
                "anonymousPullEnabled",
                "dataEndpointEnabled",
                "networkRuleBypassOptions",
            ],
            ...["networkRuleSet", "policies", "publicNetworkAccess", "encryption.keyVaultProperties.keyIdentifier"],
        ),
        refuses(
            "https://learn.microsoft.com/azure/container-registry/tutorial-enable-customer-managed-keys",
            "encryption.status",
        ),
    ],
    computed: ["loginServer", "creationDate", "provisioningState", "identity"],
    outputs: (subject, before) => ({
        loginServer: `${String(subject.inputs.registryName).toLowerCase()}.azurecr.io`,
        creationDate: before.creationDate ?? new Date().toISOString(),
        provisioningState: "Succeeded",
        ...("identity" in subject.inputs ? { identity: identityOf(subject, before) } : {}),
    }),
    check: tierIssues,
    judge: (subject) => [...takenIssues(subject), ...encryptionIssues(subject)],
});

/** What only a Premium registry has. */
function tierIssues(inputs: Properties): InputIssue[] {
    if (!("sku" in inputs)) return [];
    if (textAt(inputs, "sku.name") === "Premium") return exportIssues(inputs);
    const premium = {
        encryption: textAt(inputs, "encryption.status") === "enabled",
        publicNetworkAccess: inputs.publicNetworkAccess === "Disabled",
        zoneRedundancy: inputs.zoneRedundancy === "Enabled",
        dataEndpointEnabled: inputs.dataEndpointEnabled === true,
        policies: textAt(inputs, "policies.retentionPolicy.status") === "enabled",
    };
    return Object.entries(premium).flatMap(([property, asked]) =>
        asked ? [{ property, reason: `needs the Premium tier (${skus})` }] : [],
    );
}

/** @see https://learn.microsoft.com/azure/container-registry/data-loss-prevention */
function exportIssues(inputs: Properties): InputIssue[] {
    if (textAt(inputs, "policies.exportPolicy.status") !== "disabled" || inputs.publicNetworkAccess === "Disabled")
        return [];
    return [
        { property: "policies.exportPolicy", reason: "can be disabled only where publicNetworkAccess is Disabled" },
    ];
}

function takenIssues({ id, inputs, cloud }: Subject): InputIssue[] {
    const other =
        id === undefined ? cloud.find([tokens.registry], "name", textAt(inputs, "registryName") ?? "") : undefined;
    return other === undefined ? [] : [{ property: "registryName", reason: `AlreadyInUse: ${other.id}` }];
}

/** The identity that unwraps the key is named by its client id and must be one of the registry's own. */
function encryptionIssues({ inputs, cloud }: Subject): InputIssue[] {
    const missing = identitiesOf(inputs).filter((id) => cloud.get(tokens.identity, id) === undefined);
    const client = textAt(inputs, "encryption.keyVaultProperties.identity");
    const owner = identitiesOf(inputs).find(
        (id) => textAt(cloud.get(tokens.identity, id)?.outputs, "clientId") === client,
    );
    const property = "encryption.keyVaultProperties";
    return [
        ...missing.map((id) => ({ property: "identity", reason: `names an identity that does not exist: ${id}` })),
        ...(client === undefined || owner !== undefined
            ? []
            : [{ property, reason: `names the client id ${client}, which is none of the registry's identities` }]),
        ...keyIssues(cloud, property, textAt(inputs, `${property}.keyIdentifier`), owner),
    ];
}

const task = armKind({
    path: `${registryPath}/tasks/{taskName}`,
    apiVersion: "2019-06-01-preview",
    name: names.registryPart,
    changes: [
        replaces(pluginSources.mutability, "location"),
        // What the body of a PATCH of a task may hold (`TaskUpdateParameters`).
        updates(
            apiSources.registryTasks,
            "identity",
            "tags",
            "status",
            "platform",
            "agentConfiguration",
            "agentPoolName",
            "timeout",
            "step",
            "trigger",
            "credentials",
            "logTemplate",
        ),
    ],
    computed: ["creationDate", "provisioningState", "identity"],
    outputs: (subject, before) => ({
        creationDate: before.creationDate ?? new Date().toISOString(),
        provisioningState: "Succeeded",
        ...("identity" in subject.inputs ? { identity: identityOf(subject, before) } : {}),
    }),
});

const cacheRule = armKind({
    path: `${registryPath}/cacheRules/{cacheRuleName}`,
    apiVersion: "2024-11-01-preview",
    name: names.registryPart,
    required: ["sourceRepository", "targetRepository"],
    changes: [],
    computed: ["creationDate", "provisioningState"],
    outputs: (_, before) => ({
        creationDate: before.creationDate ?? new Date().toISOString(),
        provisioningState: "Succeeded",
    }),
});

const scopeMap = armKind({
    path: `${registryPath}/scopeMaps/{scopeMapName}`,
    apiVersion: "2024-11-01-preview",
    name: names.registryPart,
    required: ["actions"],
    changes: [updates(apiSources.registry, "actions", "description")],
    computed: ["creationDate", "provisioningState"],
    outputs: (_, before) => ({
        creationDate: before.creationDate ?? new Date().toISOString(),
        provisioningState: "Succeeded",
    }),
});

export const registryKinds: Readonly<Record<string, CloudKind>> = {
    [tokens.registry]: registry,
    [tokens.registryTask]: task,
    [tokens.cacheRule]: cacheRule,
    [tokens.scopeMap]: scopeMap,
};
