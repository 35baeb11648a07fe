import { cidrOf, contains, overlap } from "../../../../components/foundation/cidr";
import { isObject, isTrue, textAt, textsAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import type { InputIssue } from "../../protocol";
import { pages } from "../sources";
import { isSystem, poolIssues } from "./nodes";

/** What is wrong with a cluster by itself, as far as it can be told while some of it is not known yet. */
export function knownIssues(inputs: Properties): readonly InputIssue[] {
    const pools = Array.isArray(inputs.agentPoolProfiles) ? inputs.agentPoolProfiles.filter(isObject) : undefined;
    return [...(pools === undefined ? [] : poolsIssues(pools, textAt(inputs, "location"))), ...networkIssues(inputs)];
}

/** What is wrong with a cluster by itself. */
export function clusterIssues(inputs: Properties): readonly InputIssue[] {
    return [...namesIssues(inputs), ...accessIssues(inputs), ...identityIssues(inputs)];
}

function poolsIssues(pools: readonly Properties[], region: string | undefined): InputIssue[] {
    const property = "agentPoolProfiles";
    const own = pools.flatMap((pool, index) => poolIssues(pool, `${property}[${index}].`, region));
    return pools.some(isSystem) ? own : [...own, { property, reason: "must have a pool of mode System" }];
}

function namesIssues(inputs: Properties): InputIssue[] {
    const given = ["dnsPrefix", "fqdnSubdomain"].filter((property) => property in inputs);
    const zone = textAt(inputs, "apiServerAccessProfile.privateDNSZone")?.includes("/") ?? false;
    return [
        ...(given.length === 1
            ? []
            : [{ property: "dnsPrefix", reason: "or fqdnSubdomain is required, and not both" }]),
        ...("fqdnSubdomain" in inputs && !zone
            ? [
                  {
                      property: "fqdnSubdomain",
                      reason: `needs a private DNS zone of one's own (${pages.privateClusters})`,
                  },
              ]
            : []),
    ];
}

function accessIssues(inputs: Properties): InputIssue[] {
    const profile = "apiServerAccessProfile";
    const isPrivate = isTrue(inputs, `${profile}.enablePrivateCluster`);
    const ranges = textsAt(inputs, `${profile}.authorizedIPRanges`);
    const zone = textAt(inputs, `${profile}.privateDNSZone`);
    const hidden = isObject(inputs[profile]) && inputs[profile].enablePrivateClusterPublicFQDN === false;
    const subnet = textAt(inputs, `${profile}.subnetId`);
    const kms = textAt(inputs, "securityProfile.azureKeyVaultKms.keyVaultNetworkAccess");
    const integrated = isTrue(inputs, `${profile}.enableVnetIntegration`);
    const all: readonly (readonly [boolean, string, string])[] = [
        [
            isPrivate && ranges.length > 0,
            `${profile}.authorizedIPRanges`,
            `apply to a public API server only (${pages.privateClusters})`,
        ],
        [!isPrivate && zone !== undefined, `${profile}.privateDNSZone`, "is for a private API server only"],
        [
            isPrivate && zone === "none" && hidden,
            `${profile}.privateDNSZone`,
            `cannot be none without a public name (${pages.privateClusters})`,
        ],
        [subnet !== undefined && !integrated, `${profile}.subnetId`, "needs enableVnetIntegration"],
        [
            kms === "Private" && !integrated,
            "securityProfile.azureKeyVaultKms",
            `needs enableVnetIntegration to reach a private vault (${pages.keyEncryption})`,
        ],
    ];
    return all.flatMap(([wrong, property, reason]) => (wrong ? [{ property, reason }] : []));
}

/** @see https://learn.microsoft.com/azure/aks/azure-cni-overlay and https://learn.microsoft.com/azure/aks/azure-cni-powered-by-cilium */
function networkIssues(inputs: Properties): InputIssue[] {
    const at = (name: string) => textAt(inputs, `networkProfile.${name}`);
    const [services, pods] = [cidrOf(at("serviceCidr") ?? "10.0.0.0/16"), cidrOf(at("podCidr") ?? "10.244.0.0/16")];
    const server = cidrOf(`${at("dnsServiceIP") ?? "10.0.0.10"}/32`);
    const both = services !== undefined && pods !== undefined && at("podCidr") !== undefined && overlap(services, pods);
    const outside =
        services !== undefined &&
        server !== undefined &&
        (!contains(services, server) || server.first === services.first);
    const all: readonly (readonly [boolean, string, string])[] = [
        [services === undefined, "serviceCidr", `must be an IPv4 range, got ${at("serviceCidr")}`],
        [pods === undefined, "podCidr", `must be an IPv4 range, got ${at("podCidr")}`],
        [both, "podCidr", `${at("podCidr")} overlaps serviceCidr ${at("serviceCidr")}`],
        [outside, "dnsServiceIP", `${at("dnsServiceIP")} must be in ${at("serviceCidr")}, and not its first address`],
        [
            at("networkPluginMode") === "overlay" && at("networkPlugin") !== "azure",
            "networkPluginMode",
            "overlay needs networkPlugin azure",
        ],
        [
            at("networkDataplane") === "cilium" && at("networkPlugin") !== "azure",
            "networkDataplane",
            "cilium needs networkPlugin azure",
        ],
        [
            at("networkPolicy") === "cilium" && at("networkDataplane") !== "cilium",
            "networkPolicy",
            "cilium needs networkDataplane cilium",
        ],
    ];
    return all.flatMap(([wrong, name, reason]) => (wrong ? [{ property: `networkProfile.${name}`, reason }] : []));
}

function identityIssues(inputs: Properties): InputIssue[] {
    const entra = isTrue(inputs, "aadProfile.managed");
    const issuer = isTrue(inputs, "oidcIssuerProfile.enabled");
    const nodes = textAt(inputs, "identityProfile.kubeletidentity.resourceId");
    const type = textAt(inputs, "identity.type");
    const all: readonly (readonly [boolean, string, string])[] = [
        [type === undefined && !("servicePrincipalProfile" in inputs), "identity", "must have a type"],
        [
            isTrue(inputs, "aadProfile.enableAzureRBAC") && !entra,
            "aadProfile.enableAzureRBAC",
            "needs aadProfile.managed",
        ],
        [
            inputs.disableLocalAccounts === true && !entra,
            "disableLocalAccounts",
            "needs aadProfile.managed: nobody could log in",
        ],
        [
            isTrue(inputs, "securityProfile.workloadIdentity.enabled") && !issuer,
            "securityProfile.workloadIdentity",
            "needs oidcIssuerProfile.enabled",
        ],
        [
            nodes !== undefined && type !== "UserAssigned",
            "identityProfile.kubeletidentity",
            "needs a user-assigned identity of the control plane",
        ],
        [
            isTrue(inputs, "securityProfile.azureKeyVaultKms.enabled") && type !== "UserAssigned",
            "securityProfile.azureKeyVaultKms",
            `needs a user-assigned identity (${pages.keyEncryption})`,
        ],
    ];
    return all.flatMap(([wrong, property, reason]) => (wrong ? [{ property, reason }] : []));
}
