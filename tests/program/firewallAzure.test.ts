import { judgedResources } from "../../cli/src/judgedResources";
import { groupOfRule, planPolicy } from "../../components/cloud/azure/firewall/rules";
import { gatewayAddress, planNetwork } from "../../components/cloud/azure/plan";
import { azureSettings } from "../../components/cloud/azure/settings";
import { relativeName } from "../../components/cloud/azure/zone";
import { cidr, contains } from "../../components/foundation/cidr";
import { defaultConfiguration } from "../../policy/configuration";
import { judge } from "../../policy/judge";
import { rules } from "../../policy/registry";
import { readPackFiles } from "../../policy/terms/files";
import { bareTerms } from "../../policy/terms/terms";
import { azure } from "../../simulator/providers/azure";
import { checkAlone } from "../../simulator/providers/cloud/checks";
import { differences } from "../../simulator/providers/cloud/differences";
import { type Properties, unknownValue } from "../../simulator/providers/properties";
import { anotherGraph } from "./anotherGraph";
import { azureGraph, type Inputs } from "./azureGraph";
import { behindAzureFirewall, certificateId } from "./firewallStack";
import type { Graph } from "./graph";
import { type Raw, settingsOf } from "./stack";

jest.setTimeout(180_000);

const hosts = ["tars.example.com", "api.tars.example.com"];

/** The graph of one stack is captured once in a program's life. */
async function graphOf(changes: Raw): Promise<Graph> {
    return anotherGraph("prod-azure", changes);
}

let graph: Graph;
let of: ReturnType<typeof azureGraph>;
let plain: Graph;
beforeAll(async () => {
    graph = await graphOf(
        behindAzureFirewall(
            { rateLimit: { exempt: ["203.0.113.0/28"] }, requestSeconds: 600 },
            { instances: { max: 20 } },
        ),
    );
    of = azureGraph(graph);
    plain = await graphOf({});
});

const gateway = (): Inputs => of.inputs(of.one("network:ApplicationGateway"));
const ruled = (group: string): Inputs[] =>
    of.inputs(of.one("network:NetworkSecurityGroup", `network-rules-${group}`)).securityRules;
/** What a group lets in, or out: names, sources and ports. */
const allowed = (group: string, direction: string) =>
    ruled(group)
        .filter((rule) => rule.direction === direction && rule.access === "Allow")
        .map((rule) => [
            rule.name.replace(/^allow-\w+-/, ""),
            rule.sourceAddressPrefix ?? "several",
            rule.destinationPortRange ?? rule.destinationPortRanges,
        ]);

describe("the policy", () => {
    test("refuses what Microsoft's own rules match, bots among it, and lets documents through", () => {
        const { policySettings, managedRules } = of.inputs(of.one("network:WebApplicationFirewallPolicy"));
        expect(policySettings).toMatchObject({
            state: "Enabled",
            mode: "Prevention",
            requestBodyCheck: true,
            requestBodyEnforcement: false,
            fileUploadEnforcement: false,
        });
        expect(managedRules.managedRuleSets).toEqual([
            { ruleSetType: "Microsoft_DefaultRuleSet", ruleSetVersion: "2.1" },
            { ruleSetType: "Microsoft_BotManagerRuleSet", ruleSetVersion: "1.1" },
        ]);
    });

    test("counts requests of each address over five minutes, and none of addresses that are exempt at the edge", () => {
        const [limit, ...others] = of.inputs(of.one("network:WebApplicationFirewallPolicy")).customRules;
        expect(others).toEqual([]);
        expect(limit).toMatchObject({
            ruleType: "RateLimitRule",
            action: "Block",
            rateLimitDuration: "FiveMins",
            rateLimitThreshold: 30_000,
            groupByUserSession: [{ groupByVariables: [{ variableName: "ClientAddr" }] }],
            matchConditions: [{ operator: "IPMatch", negationConditon: true, matchValues: ["203.0.113.0/28"] }],
        });
    });

    test("leaves out of its record what says who a caller is", () => {
        const { logScrubbing } = of.inputs(of.one("network:WebApplicationFirewallPolicy")).policySettings;
        expect(logScrubbing.state).toBe("Enabled");
        const left = logScrubbing.scrubbingRules.map((rule: Inputs) => [rule.matchVariable, rule.selector]);
        expect(left).toEqual([
            ["RequestHeaderNames", "authorization"],
            ["RequestHeaderNames", "cookie"],
            ["RequestHeaderNames", "x-edge-authorization"],
            ["RequestCookieNames", undefined],
        ]);
    });

    const rateLimit = { requestsPerSecond: 1, exempt: [], onFailure: "allow" as const, expected: [] };
    const edge = { rateLimit, authentication: undefined };

    test("that only counts detects, and counts everybody's requests", () => {
        const planned = planPolicy({ action: "count", counted: [], edge });
        expect(planned.policySettings.mode).toBe("Detection");
        expect(JSON.stringify(planned.customRules)).toContain('"matchValues":["255.255.255.255/32"]');
    });

    test("of some rules only refuses by all others", () => {
        const counted = ["942100", "99031001", "942200"];
        const planned = planPolicy({ action: "block", counted, edge });
        expect(planned.policySettings.mode).toBe("Prevention");
        const logged = (ruleId: string) => ({ ruleId, state: "Enabled", action: "Log" });
        expect(planned.managedRules).toMatchObject({
            managedRuleSets: [
                {
                    ruleGroupOverrides: [
                        { ruleGroupName: "SQLI", rules: [logged("942100"), logged("942200")] },
                        { ruleGroupName: "MS-ThreatIntel-SQLI", rules: [logged("99031001")] },
                    ],
                },
                {},
            ],
        });
    });

    test.each([
        ["944100", "JAVA"],
        ["99001018", "MS-ThreatIntel-CVEs"],
        ["99001", undefined],
        ["9421000", undefined],
        ["913100", undefined],
        ["94210x", undefined],
    ])("has %s in the group %s", (rule, group) => {
        expect(groupOfRule(rule)).toBe(group);
    });
});

describe("the application gateway", () => {
    test("stands in all zones, in a subnet of its own, between bounds, and stays", () => {
        expect(gateway()).toMatchObject({
            sku: { name: "WAF_v2", tier: "WAF_v2" },
            zones: ["1", "2", "3"],
            autoscaleConfiguration: { minCapacity: 2, maxCapacity: 20 },
            firewallPolicy: { id: "firewall-policy-id" },
            gatewayIPConfigurations: [{ subnet: { id: "network-subnet-gateways-id" } }],
            frontendIPConfigurations: [{ publicIPAddress: { id: "firewall-address-id" } }],
        });
        expect(of.one("network:ApplicationGateway").options).toMatchObject({ protect: true });
    });

    test("has an address that stays, in all zones", () => {
        const address = of.one("network:PublicIPAddress", "firewall-address");
        expect(of.inputs(address)).toMatchObject({
            sku: { name: "Standard" },
            publicIPAllocationMethod: "Static",
            zones: ["1", "2", "3"],
        });
        expect(address.options).toMatchObject({ protect: true });
    });

    test("sends plain HTTP on to HTTPS, and speaks TLS 1.3 alone", () => {
        const { sslPolicy, httpListeners, requestRoutingRules, redirectConfigurations } = gateway();
        expect(sslPolicy).toEqual({ policyType: "CustomV2", minProtocolVersion: "TLSv1_3", cipherSuites: [] });
        expect(httpListeners.map(({ name, protocol }: Inputs) => [name, protocol])).toEqual([
            ["http", "Http"],
            ["https", "Https"],
        ]);
        const [secure, open] = requestRoutingRules;
        expect(secure.redirectConfiguration).toBeUndefined();
        expect(open.backendAddressPool).toBeUndefined();
        expect(open.httpListener.id).toMatch(/\/httpListeners\/http$/);
        expect(open.redirectConfiguration.id).toMatch(/\/redirectConfigurations\/https$/);
        expect(redirectConfigurations[0]).toMatchObject({
            redirectType: "Permanent",
            includePath: true,
            includeQueryString: true,
        });
        expect(redirectConfigurations[0].targetListener.id).toMatch(/\/httpListeners\/https$/);
    });

    test("shows the owner's certificate, whose secret its identity may read, and no other", () => {
        expect(gateway().sslCertificates).toEqual([
            { name: "callers", keyVaultSecretId: "https://company-edge.vault.azure.net/secrets/tars" },
        ]);
        expect(gateway().identity.userAssignedIdentities).toEqual(["firewall-identity-id"]);
        const right = of.one("authorization:RoleAssignment", "firewall-reads-certificate");
        expect(of.grants("vaultSecretsUser")).toContain(right);
        expect(of.inputs(right).scope).toBe(certificateId);
        expect(graph.waitsFor(of.one("network:ApplicationGateway"), right)).toBe(true);
        const others = of.all("authorization:RoleAssignment").filter(({ name }) => name.startsWith("firewall-"));
        expect(others).toEqual([right]);
    });

    test("calls the gateway with TLS, under the host that the caller asked for, and asks its health by the first host", () => {
        const { backendAddressPools, backendHttpSettingsCollection, probes, trustedRootCertificates } = gateway();
        expect(backendAddressPools).toEqual([{ name: "gateway", backendAddresses: [{ ipAddress: "10.20.0.36" }] }]);
        const [settings] = backendHttpSettingsCollection;
        expect(settings).toMatchObject({ port: 443, protocol: "Https", requestTimeout: 600 });
        expect(Object.keys(settings)).not.toContain("hostName");
        expect(settings.probe.id).toMatch(/\/probes\/gateway$/);
        expect(probes).toEqual([expect.objectContaining({ protocol: "Https", host: hosts[0], path: "/health" })]);
        expect([trustedRootCertificates, settings.trustedRootCertificates]).toEqual([[], []]);
    });

    test("tells the gateway callers by their address, without the port that Azure writes", () => {
        const [set] = gateway().rewriteRuleSets;
        expect(set.rewriteRules[0].actionSet.requestHeaderConfigurations).toEqual([
            { headerName: "X-Forwarded-For", headerValue: "{var_add_x_forwarded_for_proxy}" },
        ]);
        expect(gateway().requestRoutingRules[0].rewriteRuleSet.id).toMatch(new RegExp(`/rewriteRuleSets/${set.name}$`));
    });

    test("writes down whom it refused, where the rest of the stack does", () => {
        expect(of.inputs(of.one("monitor:DiagnosticSetting", "firewall-logs"))).toMatchObject({
            resourceUri: "firewall-balancer-id",
            workspaceId: "logs-workspace-id",
            logs: [{ categoryGroup: "allLogs", enabled: true }],
        });
    });

    test("is at every host of the stack's zone, once it is there", () => {
        const records = of.all("dns:RecordSet");
        expect(records.map((record) => of.inputs(record).relativeRecordSetName).sort()).toEqual(["@", "api"]);
        for (const record of records) {
            expect(of.inputs(record)).toMatchObject({
                recordType: "A",
                zoneName: "dns-public",
                targetResource: { id: "firewall-address-id" },
            });
            expect(graph.waitsFor(record, of.one("network:ApplicationGateway"))).toBe(true);
        }
        expect(graph.all.filter(({ inputs }) => inputs.name === "external-dns")).toEqual([]);
    });

    test.each([
        ["tars.example.com", "@"],
        ["*.tars.example.com", "*"],
        ["api.eu.tars.example.com", "api.eu"],
    ])("is %s in the zone as %s", (host, name) => {
        expect(relativeName(host, "tars.example.com")).toBe(name);
    });
});

describe("the network", () => {
    const section = (more: object) => azureSettings.parse({ ...Object(settingsOf("prod-azure").azure), ...more });
    const planned = (more: object) => {
        const plan = planNetwork(section(more));
        if (!plan.fits) throw new Error("the plan does not fit");
        return plan.subnets;
    };
    const firewall = { certificate: certificateId };

    test("has one subnet more, and each of the others where it was", () => {
        const [without, behind] = [planned({}), planned({ firewall })];
        expect(without.map(({ name }) => name)).not.toContain("balancers");
        expect(behind.filter(({ name }) => name !== "balancers")).toEqual(without);
        expect(behind.filter(({ name }) => name === "balancers")).toEqual([
            { name: "balancers", zone: undefined, cidr: "10.20.0.32/28" },
        ]);
    });

    test("has the gateway's address where Azure keeps none and no node takes one", () => {
        const own = section({ firewall });
        expect(gatewayAddress(own)).toBe("10.20.0.36");
        const range = planned({ firewall }).find(({ name }) => name === "balancers")?.cidr ?? "";
        expect(contains(cidr(range), cidr(`${gatewayAddress(own)}/32`))).toBe(true);
    });

    test("lets callers and Azure itself in to the application gateway, and refuses none of what that calls", () => {
        expect(allowed("gateways", "Inbound")).toEqual([
            ["callers", "Internet", ["80", "443"]],
            ["gateway-manager", "GatewayManager", "65200-65535"],
            ["load-balancer", "AzureLoadBalancer", "*"],
        ]);
        const out = ruled("gateways").filter(({ direction, access }) => direction === "Outbound" && access === "Allow");
        expect(out.map((rule) => [rule.destinationAddressPrefix, rule.destinationPortRange])).toEqual([
            ["VirtualNetwork", "*"],
            ["Internet", "*"],
        ]);
    });

    test("lets nobody from the Internet in to nodes, which the application gateway calls with TLS alone", () => {
        expect(allowed("nodes", "Inbound").map(([, from]) => from)).not.toContain("Internet");
        const [called] = ruled("nodes").filter(({ name }) => name === "allow-inbound-gateways");
        expect(called.destinationPortRange).toBe("443");
        expect(called.destinationAddressPrefixes).toContain("10.20.0.32/28");
        expect(called.sourceAddressPrefix).toBe(
            of.inputs(of.one("network:Subnet", "network-subnet-gateways")).addressPrefix,
        );
    });

    test("lets the cluster put its load balancer into the subnet of balancers, before there is a gateway", () => {
        const right = of.one("authorization:RoleAssignment", "aks-joins-balancers");
        expect(of.inputs(right).scope).toBe("network-subnet-balancers-id");
        expect(of.grants("networkContributor")).toContain(right);
        expect(graph.waitsFor(of.cluster(), right)).toBe(true);
    });

    test("changes nothing that is there but rules of the gateways' and the nodes' subnets", () => {
        const before = new Map(plain.all.map((one) => [one.urn, JSON.stringify(one.inputs)]));
        const urns = new Set(graph.all.map(({ urn }) => urn));
        const gone = plain.all.filter(({ urn, type }) => type.startsWith("azure-native:") && !urns.has(urn));
        expect(gone.map(({ name }) => name).sort()).toEqual([
            "identities-external-dns",
            "identities-external-dns-dnszone-write",
            "identities-external-dns-dnszone-write-zones",
            "identities-external-dns-trust",
        ]);
        const changed = graph.all.filter(
            ({ urn, type, inputs }) =>
                type.startsWith("azure-native:") && before.has(urn) && before.get(urn) !== JSON.stringify(inputs),
        );
        expect(changed.map(({ name }) => name).sort()).toEqual(["network-rules-gateways", "network-rules-nodes"]);
    });
});

describe("the gateway behind it", () => {
    test("asks for an internal load balancer at its fixed address, in a subnet of its own", () => {
        const { annotations } = graph.named("Gateway", "tars-gateway").inputs.spec.infrastructure;
        const prefix = "service.beta.kubernetes.io/azure-load-balancer";
        expect(annotations).toMatchObject({
            [`${prefix}-internal`]: "true",
            [`${prefix}-internal-subnet`]: "balancers",
            [`${prefix}-ipv4`]: "10.20.0.36",
        });
        const subnet = of.inputs(of.one("network:Subnet", "network-subnet-balancers"));
        expect(subnet.subnetName).toBe(annotations[`${prefix}-internal-subnet`]);
        expect(contains(cidr(subnet.addressPrefix), cidr(`${annotations[`${prefix}-ipv4`]}/32`))).toBe(true);
    });

    test("takes the last address of X-Forwarded-For for the caller's", () => {
        const { annotations } = graph.named("Gateway", "tars-gateway").inputs.spec.infrastructure;
        const { gatewayTopology } = JSON.parse(annotations["proxy.istio.io/config"]);
        expect(gatewayTopology).toEqual({ numTrustedProxies: 1 });
    });

    test("has a listener for each host, as it is called by its name", () => {
        const { listeners } = graph.named("Gateway", "tars-gateway").inputs.spec;
        expect(listeners.map(({ hostname }: Inputs) => hostname)).toEqual([undefined, ...hosts]);
    });

    test("is called from the application gateway's subnet alone", () => {
        const policy = graph
            .of("NetworkPolicy")
            .find(
                ({ inputs: { metadata } }) =>
                    metadata.namespace === "istio-ingress" && metadata.name === "tars-gateway",
            );
        const [callers] = policy?.inputs.spec.ingress ?? [];
        expect(callers.from).toEqual([{ ipBlock: { cidr: "10.20.1.0/24" } }]);
        expect(of.inputs(of.one("network:Subnet", "network-subnet-gateways")).addressPrefix).toBe("10.20.1.0/24");
    });

    test("is met with the roots that its owner gave", async () => {
        const root = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t";
        const certificates = { issuer: "corporate", caSecret: "company" };
        const dns = { records: "manual" };
        const other = azureGraph(await graphOf(behindAzureFirewall({ certificates, dns }, { trustedRoots: [root] })));
        const made = other.inputs(other.one("network:ApplicationGateway"));
        expect(made.trustedRootCertificates).toEqual([{ name: "root-0", data: root }]);
        const [trusted] = made.backendHttpSettingsCollection[0].trustedRootCertificates;
        expect(trusted.id).toMatch(/\/trustedRootCertificates\/root-0$/);
        // Records that others write are not written here.
        expect(other.all("dns:RecordSet")).toEqual([]);
    });
});

/** What no stack without the switch has. */
const kinds = /ApplicationGateway|WebApplicationFirewallPolicy|:RecordSet$|:Firewall$/;

describe("the simulated Azure", () => {
    /** What the graph calls `firewall-address-id` is not known before the update. */
    const known = (inputs: object): Properties =>
        JSON.parse(JSON.stringify(inputs), (_, value) =>
            typeof value === "string" && /-id$|^\[.+\]$/.test(value) ? unknownValue : value,
        );

    test("has every kind, takes what the stack gives it, and knows what each change of it does", () => {
        const registered = graph.all.filter(
            ({ type, name }) => type.startsWith("azure-native:") && name.startsWith("firewall"),
        );
        expect(new Set(registered.map(({ type }) => type)).size).toBe(7);
        for (const { type, name, inputs } of registered) {
            const kind = azure.kinds[type];
            if (kind === undefined) throw new Error(`no kind ${type}`);
            const given = known(inputs);
            expect([name, checkAlone(kind, given, {})]).toEqual([name, []]);
            if (!kinds.test(type)) continue;
            const unknown = differences({}, given, kind.changes).filter(({ change }) => change === "unknown");
            expect([name, unknown]).toEqual([name, []]);
        }
    });
});

describe("the policy pack", () => {
    const terms = { ...bareTerms, ...readPackFiles(rules), environment: "production" } as const;
    const broken = (all: Graph["all"]) =>
        judge(judgedResources(all), defaultConfiguration, terms).findings.flatMap(
            ({ level, rule, resource, message }) =>
                level === "mandatory" ? [{ rule, words: `${rule} ${resource}: ${message}` }] : [],
        );
    const changed = (name: string, inputs: object) =>
        graph.all.map((one) => (one.name === name ? { ...one, inputs: { ...one.inputs, ...inputs } } : one));

    test("finds nothing mandatory in a stack behind a firewall", () => {
        expect(broken(graph.all).map(({ words }) => words)).toEqual([]);
    });

    test("finds a gateway without its policy, with older TLS, and a policy that only detects", () => {
        const rulesOf = (all: Graph["all"]) => broken(all).map(({ rule }) => rule);
        expect(rulesOf(changed("firewall-balancer", { firewallPolicy: undefined }))).toEqual(["AZ-19"]);
        const older = { policyType: "Custom", minProtocolVersion: "TLSv1_2" };
        expect(rulesOf(changed("firewall-balancer", { sslPolicy: older }))).toEqual(["NET-06"]);
        expect(rulesOf(changed("firewall-policy", { policySettings: { mode: "Detection" } }))).toEqual(["AZ-19"]);
    });
});

test("without the setting nothing of it is there", () => {
    expect(plain.all.filter(({ type }) => kinds.test(type))).toEqual([]);
    expect(plain.all.filter(({ name }) => name.includes("balancers"))).toEqual([]);
});
