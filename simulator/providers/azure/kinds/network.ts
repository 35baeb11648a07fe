import type { CloudKind, Subject } from "../../cloud/kind";
import { textAt, textsAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import type { InputIssue } from "../../protocol";
import { armKind } from "../arm";
import { refuses, replaces, updates } from "../changes";
import { guidFrom, isWithin } from "../ids";
import { names } from "../names";
import { zoneIssues } from "../regions";
import { apiSources, pluginSources } from "../sources";
import { tokens } from "../tokens";
import { addressIssues, prefixesOf } from "./addresses";

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
export const provisioned = ({ unique }: Pick<Subject, "unique">): Properties => ({
    provisioningState: "Succeeded",
    etag: `W/"${guidFrom(unique, 7)}"`,
});
export const provisionedNames = ["provisioningState", "etag"] as const;

/** The same of what has an id of its own beside its path. */
export const identified = (subject: Subject, before: Properties): Properties => ({
    ...provisioned(subject),
    resourceGuid: before.resourceGuid ?? guidFrom(subject.unique),
});
export const identifiedNames = [...provisionedNames, "resourceGuid"] as const;

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
    computed: identifiedNames,
    outputs: identified,
    check: (inputs) =>
        "addressSpace" in inputs && prefixesOf(inputs).length === 0
            ? [{ property: "addressSpace", reason: "must have a range" }]
            : [],
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
    computed: [...identifiedNames, "defaultSecurityRules"],
    outputs: (subject, before) => ({ ...identified(subject, before), defaultSecurityRules: [] }),
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
    computed: [...identifiedNames, "ipAddress"],
    // 203.0.113.0/24 is for documentation: https://www.rfc-editor.org/rfc/rfc5737
    outputs: (subject, before) => ({
        ...identified(subject, before),
        ipAddress: before.ipAddress ?? `203.0.113.${(Number.parseInt(subject.unique.slice(0, 6), 16) % 254) + 1}`,
    }),
    check: (inputs) => [
        ...(textAt(inputs, "sku.name") === "Standard" &&
        (textAt(inputs, "publicIPAllocationMethod") ?? "Dynamic") !== "Static"
            ? [{ property: "publicIPAllocationMethod", reason: "must be Static for a Standard address" }]
            : []),
        ...zoneIssues("zones", textAt(inputs, "location") ?? "", textsAt(inputs, "zones")),
    ],
});

const natGateway = armKind({
    path: `${networkPath}/natGateways/{natGatewayName}`,
    apiVersion: networkVersion,
    name: names.network,
    required: ["sku"],
    references: [{ path: "publicIpAddresses.id", to: [tokens.publicAddress] }],
    changes: [
        staysInRegion,
        staysInZones,
        updates(apiSources.network, "publicIpAddresses", "publicIpPrefixes", "idleTimeoutInMinutes", "tags"),
    ],
    computed: identifiedNames,
    outputs: identified,
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
    computed: identifiedNames,
    outputs: identified,
});

export const networkKinds: Readonly<Record<string, CloudKind>> = {
    [tokens.virtualNetwork]: virtualNetwork,
    [tokens.securityGroup]: securityGroup,
    [tokens.publicAddress]: publicAddress,
    [tokens.natGateway]: natGateway,
    [tokens.routeTable]: routeTable,
};
