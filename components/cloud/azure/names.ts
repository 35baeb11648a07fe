import { createHash } from "node:crypto";
import { type PhysicalNameRule, physicalName } from "../../foundation/names";

const authority = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules";

/** Azure lets most kinds have capitals, underscores and dots too; ours have what every one of these kinds takes. */
const hyphenated = (longest: number, provider: string) =>
    ({
        longest,
        form: /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
        words: "lower-case letters, digits and hyphens, beginning with a letter and ending with a letter or digit",
        authority: `${authority}#${provider}`,
        separator: "-",
    }) as const satisfies PhysicalNameRule;

const joined = (longest: number, provider: string) =>
    ({
        longest,
        form: /^[a-z][a-z0-9]{2,}$/,
        words: "lower-case letters and digits, at least 3, beginning with a letter",
        authority: `${authority}#${provider}`,
        separator: "",
    }) as const satisfies PhysicalNameRule;

/** How long the name of each kind may be, and of what. */
export const azureNames = {
    resourceGroup: hyphenated(90, "microsoftresources"),
    virtualNetwork: hyphenated(64, "microsoftnetwork"),
    /** Subnets, security groups, gateways, addresses, endpoints, flow logs, links. */
    networkPart: hyphenated(80, "microsoftnetwork"),
    trafficManagerProfile: hyphenated(63, "microsoftnetwork"),
    cluster: hyphenated(63, "microsoftcontainerservice"),
    /** https://learn.microsoft.com/azure/aks/faq: a prefix of up to 54 characters, to which AKS adds eight of its own. */
    dnsPrefix: hyphenated(54, "microsoftcontainerservice"),
    /** https://learn.microsoft.com/azure/aks/create-node-pools: at most 12 characters for Linux. */
    nodePool: joined(12, "microsoftcontainerservice"),
    identity: hyphenated(128, "microsoftmanagedidentity"),
    vault: hyphenated(24, "microsoftkeyvault"),
    key: hyphenated(127, "microsoftkeyvault"),
    storageAccount: joined(24, "microsoftstorage"),
    registry: joined(50, "microsoftcontainerregistry"),
    registryTask: hyphenated(50, "microsoftcontainerregistry"),
    workspace: hyphenated(63, "microsoftoperationalinsights"),
    monitorWorkspace: hyphenated(63, "microsoftmonitor"),
    diskEncryptionSet: hyphenated(80, "microsoftcompute"),
    /** With what ends it, as names of servers are shared with all of Azure. */
    database: hyphenated(54, "microsoftdbforpostgresql"),
    /** With what ends it, as names of namespaces are shared with all of Azure. */
    eventNamespace: hyphenated(41, "microsofteventhub"),
    lock: hyphenated(90, "microsoftauthorization"),
    policyAssignment: hyphenated(64, "microsoftauthorization"),
    /** https://learn.microsoft.com/azure/role-based-access-control/custom-roles: a display name of up to 512 characters. */
    role: hyphenated(256, "microsoftauthorization"),
} as const satisfies Readonly<Record<string, PhysicalNameRule>>;

export type AzureNameKind = keyof typeof azureNames;

/** Makes the names of one stack: each begins with the stack's own words. */
export type Naming = (kind: AzureNameKind, ...parts: readonly string[]) => string;

export function namingOf(...prefix: readonly string[]): Naming {
    return (kind, ...parts) => physicalName(azureNames[kind], ...prefix, ...parts);
}

/**
 * Eight characters that tell names of this stack from those of everybody else: vaults, storage accounts and registries share their
 * names with all of Azure. They come from what never changes, so the names never do.
 */
export function uniqueSuffix(...parts: readonly string[]): string {
    return digest(parts).slice(0, 8);
}

/** A GUID in the form of version 8 (RFC 9562): role assignments are named by one, and the same assignment must keep its own. */
export function stableGuid(...parts: readonly string[]): string {
    const hex = digest(parts);
    return [
        hex.slice(0, 8),
        hex.slice(8, 12),
        `8${hex.slice(13, 16)}`,
        `a${hex.slice(17, 20)}`,
        hex.slice(20, 32),
    ].join("-");
}

function digest(parts: readonly string[]): string {
    return createHash("sha256").update(parts.join("\n")).digest("hex");
}
