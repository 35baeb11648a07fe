import { controls } from "../../controls";
import { isEverywhere } from "../../reading/cidr";
import { type Read, undecided, type Value } from "../../reading/value";
import type { Subject } from "../../resources/subject";
import type { Report, StackReport, StackRule } from "../../rule";
import { networkRuleSamples } from "./networkRules.samples";
import { isOneOf, reportUnlessSet } from "./readings";

const groupKind = "azure-native:network/NetworkSecurityGroup";
const ruleKind = "azure-native:network/SecurityRule";
const subnetKind = "azure-native:network/Subnet";
const networkKind = "azure-native:network/VirtualNetwork";

/** Remote logins, which the world must not reach: SSH and RDP. */
const logins = [22, 3389] as const;

/** Azure's words for everyone. */
const everyone = ["*", "Internet", "Any"] as const;

/**
 * Subnets that take no security group, or must not have one.
 *
 * @see https://learn.microsoft.com/azure/firewall/firewall-faq
 * @see https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-vpn-gateway-settings#gwsub
 */
const withoutGroup = ["AzureFirewallSubnet", "AzureFirewallManagementSubnet", "GatewaySubnet", "RouteServerSubnet"];

export const networkRules: StackRule = {
    id: "AZ-16",
    title: "Every subnet has a security group, and none lets the Internet at a login or at any port",
    severity: "critical",
    level: "mandatory",
    scope: "stack",
    kinds: [groupKind, ruleKind, subnetKind, networkKind],
    controls: controls({ soc2: ["CC6.6"], iso27001: ["8.20"] }),
    why: "Machines that the Internet reaches at SSH or RDP are tried with stolen passwords within minutes.",
    fix: "name the addresses and the port that are needed, and give each subnet a networkSecurityGroup",
    link: "https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview",
    samples: networkRuleSamples,
    check: (stack, report) => {
        for (const group of stack.of(groupKind)) {
            for (const rule of group.object.get("securityRules").items()) checkRule(rule, to(group, report));
        }
        for (const rule of stack.of(ruleKind)) checkRule(rule.object, to(rule, report));
        for (const subnet of stack.of(subnetKind)) checkSubnet(subnet.object, "subnetName", to(subnet, report));
        for (const network of stack.of(networkKind)) {
            for (const subnet of network.object.get("subnets").items())
                checkSubnet(subnet, "name", to(network, report));
        }
    },
};

function to(subject: Subject, report: StackReport): Report {
    return (observation) => report(subject, observation);
}

function checkRule(rule: Value, report: Report): void {
    // What only leaves, and what is denied, lets nobody in; a rule that says neither is refused by Azure.
    if (isOneOf(["Outbound"], rule.get("direction").text()) || isOneOf(["Deny"], rule.get("access").text())) return;
    const sources = textsOf(rule, "sourceAddressPrefix", "sourceAddressPrefixes");
    if (!sources.some((source) => typeof source === "string" && isOpen(source))) return;
    const ports = textsOf(rule, "destinationPortRange", "destinationPortRanges");
    const port = ports.map(dangerIn).find((found) => found !== undefined);
    if (port === undefined) return;
    report({ path: rule.path === "" ? "sourceAddressPrefix" : rule.path, problem: `lets everyone reach ${port}` });
}

/** The one text and the list that Azure has beside it; all of them are read, so that what is unknown is noted. */
function textsOf(rule: Value, one: string, many: string): readonly Read<string>[] {
    return [
        rule.get(one).text(),
        ...rule
            .get(many)
            .items()
            .map((item) => item.text()),
    ];
}

/** Names of services and of groups of addresses, such as AzureLoadBalancer, are no ranges. */
function isOpen(source: string): boolean {
    if (isOneOf(everyone, source)) return true;
    return /^[\da-f]*[.:][\da-f.:/]*$/i.test(source) && isEverywhere(source);
}

/** What of a range of ports the world must not reach; undefined where it is none of that, or not known. */
function dangerIn(range: Read<string>): string | undefined {
    if (typeof range !== "string") return undefined;
    const [first = 0, last = first] = range === "*" ? [0, 65_535] : range.split("-").map(Number);
    if (first <= 1 && last >= 65_535) return "any port";
    const login = logins.find((port) => first <= port && port <= last);
    return login === undefined ? undefined : `port ${login}`;
}

function checkSubnet(subnet: Value, nameProperty: string, report: Report): void {
    const group = subnet.get("networkSecurityGroup");
    if (group.isSet && group.mapping() === undecided) return;
    if (isOneOf(withoutGroup, subnet.quietly.get(nameProperty).text())) return;
    reportUnlessSet(group.get("id"), report);
}
