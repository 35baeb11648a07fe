import type { CloudKind, CloudView, Subject } from "../../cloud/kind";
import { textAt, textsAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import type { InputIssue } from "../../protocol";
import { armKind } from "../arm";
import { refuses, replaces, updates } from "../changes";
import { guidFrom, idAt, isWithin } from "../ids";
import { names } from "../names";
import { zoneIssues } from "../regions";
import { apiSources, pluginSources } from "../sources";
import { tokens } from "../tokens";
import { addressIssues, type Occupied, prefixesOf } from "./addresses";

const group = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}";
export const networkPath = `${group}/providers/Microsoft.Network`;
export const networkVersion = "2024-05-01";

/** A region that something has been made in stays; the API answers `InvalidResourceLocation`. */
export const staysInRegion = refuses(
    "https://docs.azure.cn/en-us/azure-resource-manager/troubleshooting/error-storage-account-name",
    "location",
);
/** `ResourceAvailabilityZonesCannotBeModified` */
const staysInZones = refuses(
    "https://github.com/Azure/azure-libraries-for-net/blob/master/src/ResourceManagement/Network/PublicIPAddressImpl.cs",
    "zones",
);

/** What every resource of a network shows once it is there. */
export const provisioned = ({ unique }: Subject, before: Properties): Properties => ({
    provisioningState: "Succeeded",
    resourceGuid: before.resourceGuid ?? guidFrom(unique),
    etag: `W/"${guidFrom(unique, 7)}"`,
});
export const provisionedNames = ["provisioningState", "resourceGuid", "etag"] as const;

const virtualNetwork = armKind({
    path: `${networkPath}/virtualNetworks/{virtualNetworkName}`,
    apiVersion: networkVersion,
    name: names.virtualNetwork,
    required: ["addressSpace"],
    changes: [
        replaces(pluginSources.table, "location"),
        updates(
            apiSources.network,
            "addressSpace",
            "tags",
            "dhcpOptions",
            "enableDdosProtection",
            "ddosProtectionPlan",
            "encryption",
        ),
    ],
    computed: provisionedNames,
    outputs: provisioned,
    check: (inputs) =>
        prefixesOf(inputs).length > 0 ? [] : [{ property: "addressSpace", reason: "must have a range" }],
    judge: ({ id, inputs, cloud }) =>
        id === undefined
            ? []
            : cloud
                  .all(tokens.subnet)
                  .flatMap(({ id: subnet, outputs }) =>
                      isWithin(id, subnet) ? addressIssues(outputs, inputs, []) : [],
                  ),
});

const securityGroup = armKind({
    path: `${networkPath}/networkSecurityGroups/{networkSecurityGroupName}`,
    apiVersion: networkVersion,
    name: names.network,
    changes: [staysInRegion, updates(apiSources.network, "securityRules", "tags", "flushConnection")],
    computed: [...provisionedNames, "defaultSecurityRules"],
    outputs: (subject, before) => ({ ...provisioned(subject, before), defaultSecurityRules: [] }),
    check: (inputs) => ruleIssues(inputs),
});

/** Two rules of one direction cannot have one priority. @see https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview */
function ruleIssues(inputs: Properties): InputIssue[] {
    const rules = Array.isArray(inputs.securityRules) ? inputs.securityRules : [];
    const keys = rules.map((rule) => `${textAt(rule, "direction")} ${JSON.stringify(numberOf(rule))}`);
    const twice = keys.find((key, index) => keys.indexOf(key) !== index);
    const outside = rules.map(numberOf).filter((priority) => priority < 100 || priority > 4096);
    return [
        ...(twice === undefined
            ? []
            : [{ property: "securityRules", reason: `has two rules with the priority ${twice}` }]),
        ...outside.map((priority) => ({
            property: "securityRules",
            reason: `has the priority ${priority}, not 100-4096`,
        })),
    ];
}

const numberOf = (rule: Properties[string]) =>
    Number(typeof rule === "object" && rule !== null && !Array.isArray(rule) ? rule.priority : Number.NaN);

const publicAddress = armKind({
    path: `${networkPath}/publicIPAddresses/{publicIpAddressName}`,
    apiVersion: networkVersion,
    name: names.network,
    changes: [
        replaces(pluginSources.table, "location", "publicIPAddressVersion", "publicIPPrefix", "sku"),
        staysInZones,
        updates(apiSources.network, "tags", "idleTimeoutInMinutes", "dnsSettings"),
    ],
    computed: [...provisionedNames, "ipAddress"],
    // 203.0.113.0/24 is for documentation: https://www.rfc-editor.org/rfc/rfc5737
    outputs: (subject, before) => ({
        ...provisioned(subject, before),
        ipAddress: before.ipAddress ?? `203.0.113.${(Number.parseInt(subject.unique.slice(0, 6), 16) % 254) + 1}`,
    }),
    check: (inputs) => [
        ...(textAt(inputs, "sku.name") === "Standard" && textAt(inputs, "publicIPAllocationMethod") !== "Static"
            ? [{ property: "publicIPAllocationMethod", reason: "must be Static for a Standard address" }]
            : []),
        ...zoneIssues("zones", textAt(inputs, "location") ?? "", textsAt(inputs, "zones")),
    ],
});

const natGateway = armKind({
    path: `${networkPath}/natGateways/{natGatewayName}`,
    apiVersion: networkVersion,
    name: names.network,
    references: [{ path: "publicIpAddresses.id", to: [tokens.publicAddress] }],
    changes: [
        staysInRegion,
        staysInZones,
        updates(apiSources.network, "publicIpAddresses", "publicIpPrefixes", "idleTimeoutInMinutes", "tags"),
    ],
    computed: provisionedNames,
    outputs: provisioned,
    check: (inputs) =>
        textAt(inputs, "sku.name") === undefined ? [{ property: "sku", reason: "must name Standard" }] : [],
    judge: ({ inputs, cloud }) =>
        textsAt(inputs, "publicIpAddresses.id")
            .filter((id) => textAt(cloud.get(tokens.publicAddress, id)?.outputs, "sku.name") !== "Standard")
            .map((id) => ({ property: "publicIpAddresses", reason: `has ${id}, which is no Standard address` })),
});

const routeTable = armKind({
    path: `${networkPath}/routeTables/{routeTableName}`,
    apiVersion: networkVersion,
    name: names.network,
    changes: [staysInRegion, updates(apiSources.network, "routes", "disableBgpRoutePropagation", "tags")],
    computed: provisionedNames,
    outputs: provisioned,
});

const subnetPath = `${networkPath}/virtualNetworks/{virtualNetworkName}/subnets/{subnetName}`;

const subnet = armKind({
    path: subnetPath,
    apiVersion: networkVersion,
    name: names.network,
    references: [
        { path: "networkSecurityGroup.id", to: [tokens.securityGroup] },
        { path: "natGateway.id", to: [tokens.natGateway] },
        { path: "routeTable.id", to: [tokens.routeTable] },
    ],
    changes: [
        updates(
            apiSources.network,
            ...["addressPrefix", "addressPrefixes", "networkSecurityGroup", "natGateway", "routeTable", "delegations"],
            ...["privateEndpointNetworkPolicies", "privateLinkServiceNetworkPolicies", "serviceEndpoints"],
        ),
        // The API's own words: it "can only be set at the time of subnet creation and cannot be updated for an existing subnet".
        refuses(apiSources.network, "defaultOutboundAccess"),
    ],
    computed: ["provisioningState", "etag", "purpose"],
    outputs: ({ unique }) => ({ provisioningState: "Succeeded", etag: `W/"${guidFrom(unique, 7)}"`, purpose: "" }),
    judge: (subject) => [...subnetIssues(subject), ...regionMismatch(subject)],
});

function subnetIssues({ id, inputs, cloud }: Subject): InputIssue[] {
    const own = idAt(subnetPath, inputs);
    const network = cloud.all(tokens.virtualNetwork).find((other) => isWithin(other.id, own));
    if (network === undefined) return [];
    const siblings: Occupied[] = cloud
        .all(tokens.subnet)
        .filter((other) => isWithin(network.id, other.id) && other.id !== id)
        .map((other) => ({ id: other.id, ranges: prefixesOf(other.outputs) }));
    return addressIssues(inputs, network.outputs, siblings);
}

/** What is put on a subnet must be in the region of its network. */
function regionMismatch({ inputs, cloud }: Subject): InputIssue[] {
    const network = cloud.all(tokens.virtualNetwork).find((other) => isWithin(other.id, idAt(subnetPath, inputs)));
    const attached = ["networkSecurityGroup", "natGateway", "routeTable"].flatMap((property) =>
        textsAt(inputs, `${property}.id`).map((id) => ({ property, location: locationOf(cloud, id) })),
    );
    const region = textAt(network?.outputs, "location");
    return attached
        .filter(({ location }) => region !== undefined && location !== undefined && location !== region)
        .map(({ property, location }) => ({ property, reason: `is in ${location}, the network in ${region}` }));
}

function locationOf(cloud: CloudView, id: string): string | undefined {
    const found = cloud.find([tokens.securityGroup, tokens.natGateway, tokens.routeTable], "id", id);
    return textAt(found?.outputs, "location");
}

export const networkKinds: Readonly<Record<string, CloudKind>> = {
    [tokens.virtualNetwork]: virtualNetwork,
    [tokens.securityGroup]: securityGroup,
    [tokens.publicAddress]: publicAddress,
    [tokens.natGateway]: natGateway,
    [tokens.routeTable]: routeTable,
    [tokens.subnet]: subnet,
};
