import type { CloudKind, CloudView, Subject } from "../../cloud/kind";
import { isObject, numberAt, textAt, textsAt } from "../../cloud/values";
import type { Properties, Value } from "../../properties";
import type { InputIssue } from "../../protocol";
import { armKind } from "../arm";
import { refuses, updates } from "../changes";
import { sameId } from "../ids";
import { names } from "../names";
import { zoneIssues } from "../regions";
import { roles } from "../roles";
import { apiSources, pages } from "../sources";
import { tokens } from "../tokens";
import { roomIn, takenIn } from "./addresses";
import {
    identified,
    identifiedNames,
    networkPath,
    networkVersion,
    provisioned,
    provisionedNames,
    staysInRegion,
} from "./network";

/** Parts that others of the same gateway name by an id. */
const parts = [
    ...["frontendIPConfigurations", "frontendPorts", "sslCertificates", "httpListeners", "redirectConfigurations"],
    ...["rewriteRuleSets", "backendAddressPools", "backendHttpSettingsCollection", "probes", "trustedRootCertificates"],
] as const;

const gateway = armKind({
    path: `${networkPath}/applicationGateways/{applicationGatewayName}`,
    apiVersion: networkVersion,
    name: names.network,
    required: ["sku", "gatewayIPConfigurations", "frontendIPConfigurations", "httpListeners", "requestRoutingRules"],
    references: [
        { path: "gatewayIPConfigurations.subnet.id", to: [tokens.subnet] },
        { path: "frontendIPConfigurations.publicIPAddress.id", to: [tokens.publicAddress] },
        { path: "firewallPolicy.id", to: [tokens.firewallPolicy] },
        { path: "identity.userAssignedIdentities", to: [tokens.identity] },
    ],
    changes: [
        staysInRegion,
        refuses(pages.gatewayZones, "zones"),
        updates(
            apiSources.applicationGateways,
            ...[
                "sku",
                "autoscaleConfiguration",
                "enableHttp2",
                "firewallPolicy",
                "gatewayIPConfigurations",
                "identity",
            ],
            ...["requestRoutingRules", "sslPolicy", "tags"],
            ...parts,
        ),
    ],
    computed: [...identifiedNames, "operationalState"],
    outputs: (subject, before) => ({ ...identified(subject, before), operationalState: "Running" }),
    check: (inputs) => [
        ...zoneIssues("zones", textAt(inputs, "location") ?? "", textsAt(inputs, "zones")),
        ...routeIssues(inputs),
        ...listenerIssues(inputs),
        ...capacityIssues(inputs),
    ],
    judge: ({ inputs, cloud }) => [
        ...partIssues(inputs),
        ...subnetIssues(inputs, cloud),
        ...addressIssues(inputs, cloud),
        ...readerIssues(inputs, cloud),
    ],
});

const itemsOf = (inputs: Properties, property: string): readonly Properties[] => {
    const list = inputs[property];
    return Array.isArray(list) ? list.filter(isObject) : [];
};

/** What names another part of the gateway must name one that is there. */
function partIssues(inputs: Properties): InputIssue[] {
    const own = textAt(inputs, "applicationGatewayName") ?? "";
    const named = JSON.stringify(inputs).matchAll(/\/applicationGateways\/([^/"]+)\/(\w+)\/([^/"]+)"/g);
    return [...named].flatMap(([, of = "", property = "", name = ""]) => {
        if (!sameId(of, own)) return [{ property, reason: `is named as a part of ${of}, which is another gateway` }];
        const there = itemsOf(inputs, property).some((item) => textAt(item, "name") === name);
        return there ? [] : [{ property, reason: `has no ${name}, which another part names` }];
    });
}

/** @see https://learn.microsoft.com/azure/application-gateway/configuration-request-routing-rules#rule-priority-evaluation */
function routeIssues(inputs: Properties): InputIssue[] {
    const property = "requestRoutingRules";
    const priorities = itemsOf(inputs, property).map((rule) => numberAt(rule, "priority"));
    const wrong = priorities.some((priority) => priority === undefined || priority < 1 || priority > 20_000);
    return [
        ...(wrong ? [{ property, reason: "must each have a priority of 1-20000" }] : []),
        ...priorityIssues(inputs, property),
    ];
}

/** Rules of a list are told apart by their priorities. */
function priorityIssues(inputs: Properties, property: string): InputIssue[] {
    const priorities = itemsOf(inputs, property).map((rule) => numberAt(rule, "priority"));
    const twice = priorities.find((priority, index) => priorities.indexOf(priority) !== index);
    return twice === undefined ? [] : [{ property, reason: `has two rules with the priority ${twice}` }];
}

function listenerIssues(inputs: Properties): InputIssue[] {
    const bare = itemsOf(inputs, "httpListeners").filter(
        (listener) => textAt(listener, "protocol") === "Https" && !("sslCertificate" in listener),
    );
    return bare.map((listener) => ({
        property: "httpListeners",
        reason: `has ${textAt(listener, "name")}, which is to speak HTTPS without a certificate`,
    }));
}

function capacityIssues(inputs: Properties): InputIssue[] {
    const property = "autoscaleConfiguration";
    const [least, most] = ["minCapacity", "maxCapacity"].map((key) => numberAt(inputs, `${property}.${key}`));
    if (least === undefined || most === undefined || least <= most) return [];
    return [{ property, reason: `has more instances at least (${least}) than at most (${most})` }];
}

/** Nothing else is in the subnet, it has room, and its group lets Azure itself in. @see pages.gatewaySubnets */
function subnetIssues(inputs: Properties, cloud: CloudView): InputIssue[] {
    const property = "gatewayIPConfigurations";
    return textsAt(inputs, `${property}.subnet.id`).flatMap((id) => {
        const subnet = cloud.get(tokens.subnet, id)?.outputs ?? {};
        const most = numberAt(inputs, "autoscaleConfiguration.maxCapacity") ?? 1;
        const rules = textAt(subnet, "networkSecurityGroup.id");
        return [
            ...(takenIn(id, cloud) > 0
                ? [{ property, reason: `shares ${id} with what is no application gateway` }]
                : []),
            ...(roomIn(subnet) >= most
                ? []
                : [{ property, reason: `has room for ${roomIn(subnet)} of ${most} instances in ${id}` }]),
            ...(rules === undefined || letsAzureIn(cloud.get(tokens.securityGroup, rules)?.outputs ?? {})
                ? []
                : [
                      {
                          property,
                          reason: `ApplicationGatewaySubnetInboundTrafficBlockedByNetworkSecurityGroup: ${rules} does not let GatewayManager in at 65200-65535`,
                      },
                  ]),
        ];
    });
}

function letsAzureIn(group: Properties): boolean {
    return itemsOf(group, "securityRules").some(
        (rule) =>
            textAt(rule, "direction") === "Inbound" &&
            textAt(rule, "access") === "Allow" &&
            textAt(rule, "sourceAddressPrefix") === "GatewayManager" &&
            ["65200-65535", "*"].includes(textAt(rule, "destinationPortRange") ?? ""),
    );
}

function addressIssues(inputs: Properties, cloud: CloudView): InputIssue[] {
    const property = "frontendIPConfigurations";
    return textsAt(inputs, `${property}.publicIPAddress.id`)
        .filter((id) => textAt(cloud.get(tokens.publicAddress, id)?.outputs, "sku.name") !== "Standard")
        .map((id) => ({ property, reason: `has ${id}, which is no Standard address` }));
}

/** Who fetches a certificate from a vault must have the right to its secret. @see pages.gatewayCertificates */
function readerIssues(inputs: Properties, cloud: CloudView): InputIssue[] {
    const readers = textsAt(inputs, "identity.userAssignedIdentities").map((id) =>
        textAt(cloud.get(tokens.identity, id)?.outputs, "principalId"),
    );
    const rights = cloud.all(tokens.roleAssignment).map(({ outputs }) => outputs);
    const mayRead = (path: string) =>
        rights.some(
            (right) =>
                readers.includes(textAt(right, "principalId")) &&
                textAt(right, "roleDefinitionId")?.toLowerCase().endsWith(roles.secretsUser) === true &&
                isAt(textAt(right, "scope") ?? "", path),
        );
    return textsAt(inputs, "sslCertificates.keyVaultSecretId").flatMap((url) => {
        const [, vault = "", secret = ""] = /^https:\/\/([^./]+)\.vault\.azure\.net\/secrets\/([^/]+)/.exec(url) ?? [];
        if (mayRead(`/vaults/${vault}/secrets/${secret}`)) return [];
        return [
            {
                property: "sslCertificates",
                reason: `names ${url}, which its identity may not read (${pages.gatewayCertificates})`,
            },
        ];
    });
}

/** Whether a scope is a secret, or the vault that it is in. */
function isAt(scope: string, secret: string): boolean {
    const [whole, end] = [scope.toLowerCase(), secret.toLowerCase()];
    return whole.endsWith(end) || whole.endsWith(end.split("/").slice(0, 3).join("/"));
}

const policy = armKind({
    path: `${networkPath}/ApplicationGatewayWebApplicationFirewallPolicies/{policyName}`,
    apiVersion: networkVersion,
    name: names.network,
    required: ["managedRules"],
    changes: [
        staysInRegion,
        updates(apiSources.firewallPolicies, "customRules", "managedRules", "policySettings", "tags"),
    ],
    computed: [...provisionedNames, "resourceState"],
    outputs: (subject: Subject) => ({ ...provisioned(subject), resourceState: "Enabled" }),
    check: (inputs) => [...setIssues(inputs), ...limitIssues(inputs)],
});

function setIssues(inputs: Properties): InputIssue[] {
    const known: Value | undefined = inputs.managedRules;
    if (known === undefined || textsAt(known, "managedRuleSets.ruleSetType").length > 0) return [];
    return [{ property: "managedRules", reason: "must have a rule set" }];
}

/** @see https://learn.microsoft.com/azure/web-application-firewall/ag/rate-limiting-overview ("which must be configured") */
function limitIssues(inputs: Properties): InputIssue[] {
    const property = "customRules";
    const ungrouped = itemsOf(inputs, property).filter(
        (rule) => textAt(rule, "ruleType") === "RateLimitRule" && itemsOf(rule, "groupByUserSession").length === 0,
    );
    return [
        ...priorityIssues(inputs, property),
        ...ungrouped.map((rule) => ({
            property,
            reason: `has ${textAt(rule, "name")}, a limit that does not say whose requests it counts together`,
        })),
    ];
}

export const applicationGatewayKinds: Readonly<Record<string, CloudKind>> = {
    [tokens.applicationGateway]: gateway,
    [tokens.firewallPolicy]: policy,
};
