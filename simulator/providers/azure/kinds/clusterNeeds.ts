import { cidr, cidrOf, overlap } from "../../../../components/foundation/cidr";
import type { CloudView, Subject } from "../../cloud/kind";
import { isObject, isTrue, textAt, textsAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import type { InputIssue } from "../../protocol";
import { nameOfId, parentOf } from "../ids";
import { regionOf } from "../regions";
import { pages } from "../sources";
import { tokens } from "../tokens";
import { prefixesOf } from "./addresses";
import { rightIssues, vaultOfKey } from "./clusterRights";
import { subnetIssues } from "./pools";

/** What a cluster needs of everything else, rights of its identity first: without them AKS fails after minutes. */
export function clusterNeeds({ id, inputs, cloud }: Subject): readonly InputIssue[] {
    const pools = Array.isArray(inputs.agentPoolProfiles) ? inputs.agentPoolProfiles.filter(isObject) : [];
    return [
        ...rightIssues(inputs, cloud),
        ...apiServerIssues(inputs, cloud),
        ...(id === undefined ? subnetIssues(pools, "agentPoolProfiles.", inputs, cloud) : []),
        ...rangeIssues(inputs, cloud),
        ...outboundIssues(inputs, cloud),
        ...vaultIssues(inputs, cloud),
        ...zoneIssues(inputs),
    ];
}

/** @see pages.apiServerSubnet */
function apiServerIssues(inputs: Properties, cloud: CloudView): InputIssue[] {
    const property = "apiServerAccessProfile.subnetId";
    const subnet = cloud.get(tokens.subnet, textAt(inputs, property) ?? "")?.outputs;
    if (subnet === undefined) return [];
    const delegated = textsAt(subnet, "delegations.serviceName").includes("Microsoft.ContainerService/managedClusters");
    const large = prefixesOf(subnet).some((range) => cidr(range).prefix <= 28);
    const regions = [textAt(inputs, "location") ?? "", networkOf(textAt(inputs, property), cloud)?.region ?? ""].map(
        regionOf,
    );
    return [
        ...(delegated
            ? []
            : [
                  {
                      property,
                      reason: `must be delegated to Microsoft.ContainerService/managedClusters (${pages.apiServerSubnet})`,
                  },
              ]),
        ...(large ? [] : [{ property, reason: `must be /28 or larger (${pages.apiServerSubnet})` }]),
        ...(regions[0] === regions[1]
            ? []
            : [{ property, reason: `is in ${regions[1]}, the cluster in ${regions[0]}` }]),
    ];
}

function networkOf(subnet: string | undefined, cloud: CloudView) {
    const found = cloud.get(tokens.virtualNetwork, parentOf(subnet ?? ""));
    return found && { ranges: prefixesOf(found.outputs), region: textAt(found.outputs, "location") ?? "" };
}

/** Ranges inside the cluster must not be ranges of its network: nodes would not find what is there. */
function rangeIssues(inputs: Properties, cloud: CloudView): InputIssue[] {
    const ranges = networkOf(textAt(inputs, "agentPoolProfiles.vnetSubnetID"), cloud)?.ranges ?? [];
    return ["serviceCidr", "podCidr"].flatMap((name) => {
        const own = cidrOf(textAt(inputs, `networkProfile.${name}`) ?? "");
        const hit = own && ranges.find((range) => overlap(cidr(range), own));
        return hit === undefined
            ? []
            : [{ property: `networkProfile.${name}`, reason: `overlaps the network, ${hit}` }];
    });
}

/** @see https://learn.microsoft.com/azure/aks/egress-outboundtype */
function outboundIssues(inputs: Properties, cloud: CloudView): InputIssue[] {
    const asks: Readonly<Record<string, string>> = {
        userAssignedNATGateway: "natGateway.id",
        userDefinedRouting: "routeTable.id",
    };
    const type = textAt(inputs, "networkProfile.outboundType") ?? "";
    const wanted = asks[type];
    if (wanted === undefined) return [];
    const bare = textsAt(inputs, "agentPoolProfiles.vnetSubnetID").filter(
        (id) => textAt(cloud.get(tokens.subnet, id)?.outputs, wanted) === undefined,
    );
    return bare.map((id) => ({
        property: "networkProfile.outboundType",
        reason: `${type} needs ${wanted.replace(".id", "")} on ${id}`,
    }));
}

/** @see pages.keyEncryption */
function vaultIssues(inputs: Properties, cloud: CloudView): InputIssue[] {
    const kms = "securityProfile.azureKeyVaultKms";
    if (!isTrue(inputs, `${kms}.enabled`)) return [];
    const isPrivate = textAt(inputs, `${kms}.keyVaultNetworkAccess`) === "Private";
    const vault = cloud.get(tokens.vault, vaultOfKey(inputs, cloud) ?? "")?.outputs;
    const closed =
        textAt(vault, "properties.publicNetworkAccess") === "Disabled" ||
        textAt(vault, "properties.networkAcls.defaultAction") === "Deny";
    return [
        ...(textAt(inputs, `${kms}.keyId`) === undefined ? [{ property: `${kms}.keyId`, reason: "is required" }] : []),
        ...(isPrivate && textAt(inputs, `${kms}.keyVaultResourceId`) === undefined
            ? [{ property: `${kms}.keyVaultResourceId`, reason: "is required for a private vault" }]
            : []),
        ...(closed && !isPrivate
            ? [
                  {
                      property: `${kms}.keyVaultNetworkAccess`,
                      reason: `must be Private for a vault that is closed to the public (${pages.keyEncryption})`,
                  },
              ]
            : []),
    ];
}

/** @see pages.privateClusters */
function zoneIssues(inputs: Properties): InputIssue[] {
    const property = "apiServerAccessProfile.privateDNSZone";
    const zone = textAt(inputs, property);
    if (!zone?.includes("/")) return [];
    const kind = isTrue(inputs, "apiServerAccessProfile.enableVnetIntegration") ? "private" : "privatelink";
    const ending = `${kind}.${regionOf(textAt(inputs, "location") ?? "")}.azmk8s.io`;
    const name = nameOfId(zone);
    return name === ending || name.endsWith(`.${ending}`)
        ? []
        : [{ property, reason: `must be ${ending} or end in it, got ${name}` }];
}
