import type { CloudView } from "../../cloud/kind";
import { isTrue, textAt, textsAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import type { InputIssue } from "../../protocol";
import { parentOf } from "../ids";
import { hasRole, type RoleName } from "../roles";
import { pages, type Source } from "../sources";
import { tokens } from "../tokens";

/** Rights that the identity of the control plane lacks: without them AKS fails after minutes. */
export function rightIssues(inputs: Properties, cloud: CloudView): readonly InputIssue[] {
    return rightsOf(inputs, cloud).flatMap((right) => missingRight(right, inputs, cloud));
}

interface Right {
    readonly property: string;
    readonly on: string | undefined;
    readonly roles: readonly RoleName[];
    readonly words: string;
    readonly source: Source;
}

const network = ["networkContributor", "contributor", "owner"] as const;

/** Rights that the identity of the control plane must have before the cluster is made. */
function rightsOf(inputs: Properties, cloud: CloudView): readonly Right[] {
    const access = "apiServerAccessProfile";
    const kms = "securityProfile.azureKeyVaultKms";
    const zone = textAt(inputs, `${access}.privateDNSZone`);
    const subnets = [...textsAt(inputs, "agentPoolProfiles.vnetSubnetID"), ...textsAt(inputs, `${access}.subnetId`)];
    const vault = textAt(inputs, `${kms}.keyVaultResourceId`) ?? vaultOfKey(inputs, cloud);
    const rbac = isTrue(cloud.get(tokens.vault, vault ?? "")?.outputs, "properties.enableRbacAuthorization");
    const isPrivate = textAt(inputs, `${kms}.keyVaultNetworkAccess`) === "Private";
    return [
        ...subnets.map((on) => ({
            property: "identity",
            on,
            roles: network,
            words: "Network Contributor",
            source: pages.apiServerSubnet,
        })),
        {
            property: `${access}.privateDNSZone`,
            on: zone?.includes("/") ? zone : undefined,
            roles: ["privateZoneContributor", "contributor", "owner"],
            words: "Private DNS Zone Contributor",
            source: pages.privateClusters,
        },
        {
            property: kms,
            on: rbac ? vault : undefined,
            roles: ["cryptoUser", "cryptoServiceUser", "cryptoOfficer", "vaultAdministrator"],
            words: "Key Vault Crypto User",
            source: pages.keyEncryption,
        },
        {
            property: kms,
            on: isPrivate ? vault : undefined,
            roles: ["vaultContributor", "contributor", "owner"],
            words: "Key Vault Contributor",
            source: pages.keyEncryption,
        },
        {
            property: "identityProfile",
            on: textAt(inputs, "identityProfile.kubeletidentity.resourceId"),
            roles: ["identityOperator", "contributor", "owner"],
            words: "Managed Identity Operator",
            source: "https://learn.microsoft.com/azure/aks/use-managed-identity",
        },
        {
            property: "diskEncryptionSetID",
            on: textAt(inputs, "diskEncryptionSetID"),
            roles: ["reader", "contributor", "owner"],
            words: "Reader",
            source: "https://learn.microsoft.com/azure/aks/azure-disk-customer-managed-keys",
        },
    ];
}

export function vaultOfKey(inputs: Properties, cloud: CloudView): string | undefined {
    const key = cloud.find(
        [tokens.key],
        "keyUriWithVersion",
        textAt(inputs, "securityProfile.azureKeyVaultKms.keyId") ?? "",
    );
    return key === undefined ? undefined : parentOf(key.id);
}

/** An identity that AKS makes itself gets its rights by AKS; one that the program brings needs them before. */
function missingRight(
    { property, on, roles, words, source }: Right,
    inputs: Properties,
    cloud: CloudView,
): InputIssue[] {
    const [identity] = textsAt(inputs, "identity.userAssignedIdentities");
    if (identity === undefined || on === undefined) return [];
    const principal = textAt(cloud.get(tokens.identity, identity)?.outputs, "principalId") ?? "";
    if (hasRole(cloud, principal, on, ...roles)) return [];
    return [{ property, reason: `needs ${words} for ${identity} on ${on} before the cluster is made (${source})` }];
}
