import { controls } from "../../controls";
import { absent, undecided } from "../../reading/value";
import { keyOf } from "../../resources/kind";
import type { Subject } from "../../resources/subject";
import type { Report, ResourceRule } from "../../rule";
import { cloudResource, merge, sampleOf } from "../../samples";
import { place } from "./cluster.samples";
import { isOneOf, reportUnlessOneOf, reportUnlessSet } from "./readings";

const gatewayKind = "azure-native:network/ApplicationGateway";
const policyKind = "azure-native:network/WebApplicationFirewallPolicy";

type Mapping = Readonly<Record<string, unknown>>;

const redirect = { httpListener: { id: "plain" }, redirectConfiguration: { id: "secure" } };
const compliantGateway: Mapping = {
    sku: { name: "WAF_v2", tier: "WAF_v2" },
    firewallPolicy: { id: `${place}/Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies/sample` },
    httpListeners: [
        { name: "plain", protocol: "Http" },
        { name: "secure", protocol: "Https" },
    ],
    requestRoutingRules: [redirect, { httpListener: { id: "secure" }, backendAddressPool: { id: "sample" } }],
};
const gatewayAs = (change: Mapping = {}) =>
    cloudResource("azure-native:network:ApplicationGateway", merge(compliantGateway, change));
const policyAs = (policySettings: Mapping) =>
    cloudResource("azure-native:network:WebApplicationFirewallPolicy", { policySettings });
const gateway = (change: Mapping) => sampleOf(gatewayAs(change));
const policy = (policySettings: Mapping) => sampleOf(policyAs(policySettings));

export const applicationGateways: ResourceRule = {
    id: "AZ-19",
    title: "Application gateways have a firewall that refuses what it matches, and send plain HTTP on to HTTPS",
    severity: "high",
    level: "mandatory",
    scope: "resource",
    kinds: [gatewayKind, policyKind],
    controls: controls({ soc2: ["CC6.6", "CC6.7"], iso27001: ["8.20", "8.24"] }),
    why: "It is the door of the platform: an attack that its firewall only writes down is inside, and what is sent in plain is read on the way.",
    fix: "set sku.tier to WAF_v2, firewallPolicy.id to a policy in mode Prevention, and a redirectConfiguration for listeners of HTTP",
    link: "https://learn.microsoft.com/azure/web-application-firewall/ag/policy-overview",
    samples: {
        passing: [
            sampleOf(gatewayAs(), policyAs({ mode: "Prevention", state: "Enabled" })),
            gateway({ httpListeners: [{ name: "secure", protocol: "Https" }], requestRoutingRules: [] }),
            policy({ mode: "Prevention" }),
        ],
        failing: [
            { sample: gateway({ sku: { tier: "Standard_v2" } }), problem: "sku.tier is not WAF_v2" },
            { sample: gateway({ firewallPolicy: null }), problem: "firewallPolicy.id is not set" },
            {
                sample: gateway({ requestRoutingRules: [{ ...redirect, redirectConfiguration: null }] }),
                problem:
                    "requestRoutingRules[0].redirectConfiguration.id is not set, though its listener takes plain HTTP",
            },
            { sample: policy({ mode: "Detection" }), problem: "policySettings.mode is not Prevention" },
            { sample: policy({}), problem: "policySettings.mode is not set" },
            { sample: policy({ mode: "Prevention", state: "Disabled" }), problem: "policySettings.state is Disabled" },
        ],
    },
    check: (subject, report) => {
        if (keyOf(subject.kind) === gatewayKind) checkGateway(subject, report);
        else checkPolicy(subject, report);
    },
};

function checkGateway({ object }: Subject, report: Report): void {
    reportUnlessOneOf(["WAF_v2"], object.get("sku", "tier"), report);
    reportUnlessSet(object.get("firewallPolicy", "id"), report);
    const plain = object
        .get("httpListeners")
        .items()
        .filter((listener) => isOneOf(["Http"], listener.get("protocol").text()))
        .map((listener) => listener.get("name").text());
    for (const rule of object.get("requestRoutingRules").items()) {
        const to = rule.get("redirectConfiguration", "id");
        if (to.isSet || !isOf(plain, rule.get("httpListener", "id").text())) continue;
        report({ path: to.path, problem: "is not set, though its listener takes plain HTTP" });
    }
}

/** A rule names its listener by an id that ends with the listener's name. */
function isOf(names: readonly unknown[], id: unknown): boolean {
    return typeof id === "string" && names.some((name) => isOneOf([id.split("/").at(-1) ?? ""], name));
}

/** A policy that says no mode only detects; one that says no state is on. */
function checkPolicy({ object }: Subject, report: Report): void {
    reportUnlessOneOf(["Prevention"], object.get("policySettings", "mode"), report);
    const state = object.get("policySettings", "state");
    const read = state.text();
    if (read === undecided || read === absent || isOneOf(["Enabled"], read)) return;
    report({ path: state.path, problem: "is Disabled" });
}
