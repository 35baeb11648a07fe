import { judgedResources } from "../../cli/src/judgedResources";
import { provenNames } from "../../components/cloud/aws/firewall/certificate";
import { planRules } from "../../components/cloud/aws/firewall/rules";
import { defaultConfiguration } from "../../policy/configuration";
import { judge } from "../../policy/judge";
import { rules } from "../../policy/registry";
import { readPackFiles } from "../../policy/terms/files";
import { bareTerms } from "../../policy/terms/terms";
import { aws } from "../../simulator/providers/aws";
import { checkAlone } from "../../simulator/providers/cloud/checks";
import { differences } from "../../simulator/providers/cloud/differences";
import { type Properties, unknownValue } from "../../simulator/providers/properties";
import { anotherGraph } from "./anotherGraph";
import { awsGraph } from "./awsGraph";
import { behindFirewall } from "./firewallStack";
import type { Graph } from "./graph";

jest.setTimeout(120_000);

const hosts = ["aws.tars.example.com", "api.aws.tars.example.com"];

/** The graph of one stack is captured once in a program's life. */
async function graphOf(changes: Readonly<Record<string, unknown>>): Promise<Graph> {
    return anotherGraph("prod-aws", changes);
}

let graph: Graph;
let named: ReturnType<typeof awsGraph>["named"];
let only: ReturnType<typeof awsGraph>["only"];
let of: ReturnType<typeof awsGraph>["of"];
beforeAll(async () => {
    graph = await graphOf(behindFirewall({ rateLimit: { exempt: ["203.0.113.0/28"] }, requestSeconds: 600 }));
    ({ named, only, of } = awsGraph(graph));
});

describe("the firewall", () => {
    test("asks AWS's own groups of rules and the limit of the edge, over five minutes, and lets others in", () => {
        const { inputs } = only("WebAcl");
        expect(inputs).toMatchObject({ scope: "REGIONAL", defaultAction: { allow: {} } });
        const { rules } = inputs;
        expect(rules.map(({ priority }: { priority: number }) => priority)).toEqual([0, 1, 2, 3]);
        const groups = rules.flatMap((rule: Rule) => rule.statement.managedRuleGroupStatement?.name ?? []);
        expect(groups).toEqual([
            "AWSManagedRulesAmazonIpReputationList",
            "AWSManagedRulesKnownBadInputsRuleSet",
            "AWSManagedRulesCommonRuleSet",
        ]);
        expect(rules[1]).toMatchObject({
            action: { block: { customResponse: { responseCode: 429 } } },
            statement: { rateBasedStatement: { limit: 30_000, evaluationWindowSec: 300, aggregateKeyType: "IP" } },
        });
    });

    test("counts nothing of addresses that are exempt at the edge", () => {
        const set = only("IpSet");
        expect(set.inputs).toMatchObject({ addresses: ["203.0.113.0/28"], ipAddressVersion: "IPV4" });
        const { scopeDownStatement } = only("WebAcl").inputs.rules[1].statement.rateBasedStatement;
        expect(scopeDownStatement).toEqual({
            notStatement: { statement: { ipSetReferenceStatement: { arn: `[arn of ${set.name}]` } } },
        });
    });

    test("lets documents through: how large a body may be, the gateway says", () => {
        const common = only("WebAcl").inputs.rules[3].statement.managedRuleGroupStatement;
        expect(common.ruleActionOverrides).toEqual([{ name: "SizeRestrictions_BODY", actionToUse: { count: {} } }]);
    });

    test("writes down what it judged, encrypted, without what says who a caller is", () => {
        const { inputs } = only("WebAclLoggingConfiguration");
        const log = named("LogGroup", "firewall-log");
        expect(log.inputs).toMatchObject({ name: "aws-waf-logs-tars-production-edge", kmsKeyId: "[arn of keys-key]" });
        expect(log.inputs.retentionInDays).toBeGreaterThanOrEqual(365);
        expect(inputs.logDestinationConfigs).toEqual(["[arn of firewall-log]"]);
        const headers = inputs.redactedFields.map(
            ({ singleHeader }: { singleHeader: { name: string } }) => singleHeader.name,
        );
        expect(headers).toEqual(["authorization", "cookie", "x-edge-authorization"]);
    });

    test("stands before anybody is let in", () => {
        const guard = only("WebAclAssociation");
        expect(guard.inputs).toEqual({ resourceArn: "[arn of firewall-balancer]", webAclArn: "[arn of firewall-acl]" });
        for (const listener of of("Listener")) {
            expect(graph.waitsFor(listener, guard)).toBe(true);
            expect(graph.waitsFor(listener, only("WebAclLoggingConfiguration"))).toBe(true);
        }
    });
});

interface Rule {
    readonly statement: { readonly managedRuleGroupStatement?: { readonly name: string } };
}

describe("a firewall that only counts", () => {
    const limit = { requestsPerSecond: 1, exempt: undefined };

    test("refuses nobody", () => {
        const rules = planRules({ action: "count", counted: [], ...limit });
        const said = rules.map((rule) => ("action" in rule ? rule.action : rule.overrideAction));
        expect(said).toEqual([{ count: {} }, { count: {} }, { count: {} }, { count: {} }]);
    });

    test("of some rules only refuses by all others", () => {
        const rules = planRules({ action: "block", counted: ["CrossSiteScripting_BODY"], ...limit });
        const overrides = rules.map((rule) => JSON.stringify(rule).match(/"name":"\w+_BODY"/g) ?? []);
        expect(overrides).toEqual([[], [], [], ['"name":"SizeRestrictions_BODY"', '"name":"CrossSiteScripting_BODY"']]);
        const said = rules.map((rule) => ("action" in rule ? rule.action : rule.overrideAction));
        expect(said).not.toContainEqual({ count: {} });
    });
});

describe("the load balancer", () => {
    test("stands in the public subnets, is guarded, and takes no malformed headers", () => {
        const balancer = only("LoadBalancer");
        expect(balancer.inputs).toMatchObject({
            loadBalancerType: "application",
            internal: false,
            enableDeletionProtection: true,
            dropInvalidHeaderFields: true,
            preserveHostHeader: true,
            xffHeaderProcessingMode: "append",
            idleTimeout: 600,
        });
        expect(balancer.inputs.subnets).toHaveLength(3);
        expect(balancer.options).toMatchObject({ protect: true });
    });

    test("writes who asked for what into the bucket of access records, once it may", () => {
        const { accessLogs } = only("LoadBalancer").inputs;
        expect(accessLogs).toEqual({
            enabled: true,
            bucket: "tars-production-123456789012-eu-central-1-access",
            prefix: "load-balancers",
        });
        const policy = named("BucketPolicy", "stores-access-tls");
        const { Statement } = JSON.parse(policy.inputs.policy);
        expect(Statement).toContainEqual({
            Sid: "balancerLogs",
            Effect: "Allow",
            Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
            Action: "s3:PutObject",
            Resource: `arn:aws:s3:::${accessLogs.bucket}/load-balancers/AWSLogs/123456789012/*`,
            Condition: {
                ArnLike: { "aws:SourceArn": "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/*" },
            },
        });
        expect(graph.waitsFor(only("LoadBalancer"), policy)).toBe(true);
    });

    test("sends plain HTTP on to HTTPS, and speaks TLS 1.3 alone", () => {
        expect(named("Listener", "firewall-http").inputs).toMatchObject({
            port: 80,
            protocol: "HTTP",
            defaultActions: [
                { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } },
            ],
        });
        expect(named("Listener", "firewall-https").inputs).toMatchObject({
            port: 443,
            protocol: "HTTPS",
            sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06",
            certificateArn: "[arn of firewall-certificate]",
            defaultActions: [{ type: "forward", targetGroupArn: "[arn of firewall-targets]" }],
        });
    });

    test("calls pods with TLS, asks their health apart, and lets the cluster's controller put them in", () => {
        expect(only("TargetGroup").inputs).toMatchObject({
            targetType: "ip",
            port: 443,
            protocol: "HTTPS",
            healthCheck: { protocol: "HTTP", port: "15021", path: "/healthz/ready" },
            tags: { "elbv2.k8s.aws/cluster": "tars-production" },
        });
    });

    test("is called by everybody at its own ports, and calls two ports of the nodes", () => {
        const inward = of("SecurityGroupIngressRule").filter(({ name }) => name.startsWith("firewall-"));
        const said = inward.map(({ inputs }) => [
            inputs.securityGroupId,
            inputs.fromPort,
            inputs.toPort,
            sourceOf(inputs),
        ]);
        expect(said.sort()).toEqual([
            ["eks-nodes-id", 15_021, 15_021, "firewall-group-id"],
            ["eks-nodes-id", 443, 443, "firewall-group-id"],
            ["firewall-group-id", 443, 443, "0.0.0.0/0"],
            ["firewall-group-id", 80, 80, "0.0.0.0/0"],
        ]);
        const outward = of("SecurityGroupEgressRule").filter(({ name }) => name.startsWith("firewall-"));
        expect(outward.map(({ inputs }) => [inputs.fromPort, sourceOf(inputs)]).sort()).toEqual([
            [15_021, "eks-nodes-id"],
            [443, "eks-nodes-id"],
        ]);
    });
});

const sourceOf = (rule: { readonly cidrIpv4?: string; readonly referencedSecurityGroupId?: string }) =>
    rule.cidrIpv4 ?? rule.referencedSecurityGroupId;

describe("the certificate", () => {
    test("is for every host, proven by a record of each, and awaited", () => {
        const { inputs } = only("Certificate");
        expect([inputs.domainName, ...inputs.subjectAlternativeNames]).toEqual(hosts);
        expect(inputs.validationMethod).toBe("DNS");
        const proofs = of("Record").filter(({ inputs: { type } }) => type === "CNAME");
        expect(proofs.map(({ name }) => name)).toEqual([...hosts].map((host) => `firewall-proof-${host}`).sort());
        const issued = only("CertificateValidation");
        for (const proof of proofs) expect(graph.waitsFor(issued, proof)).toBe(true);
        expect(graph.waitsFor(named("Listener", "firewall-https"), issued)).toBe(true);
    });

    test("has one proof for a wildcard and the name below which it stands", () => {
        expect(provenNames(["a.example.com", "*.a.example.com", "b.example.com"])).toEqual([
            "a.example.com",
            "b.example.com",
        ]);
    });

    test("has its hosts as other names of the load balancer", () => {
        const names = of("Record").filter(({ inputs: { type } }) => type === "A");
        expect(names.map(({ inputs }) => inputs.name).sort()).toEqual([...hosts].sort());
        for (const { inputs } of names)
            expect(inputs.aliases).toEqual([{ name: "[dnsName]", zoneId: "[zoneId]", evaluateTargetHealth: true }]);
    });
});

describe("the gateway behind it", () => {
    const gateway = () => graph.named("Gateway", "tars-gateway");

    test("asks for no load balancer of its own, and may have none", () => {
        expect(gateway().inputs.metadata.annotations).toEqual({ "networking.istio.io/service-type": "ClusterIP" });
        const options = graph.named("ConfigMap", "tars-gateway-options").inputs.data;
        expect(options).not.toHaveProperty("service");
        const quotas = graph.of("ResourceQuota").filter(({ inputs }) => inputs.metadata.namespace === "istio-ingress");
        expect(quotas.map(({ inputs }) => inputs.spec.hard)).toMatchObject([
            { "services.loadbalancers": "0", "services.nodeports": "0" },
        ]);
    });

    test("takes TLS that names no host, and tells hosts apart by the request", () => {
        const { listeners } = gateway().inputs.spec;
        expect(listeners.map(({ name, hostname }: Listener) => [name, hostname])).toEqual([
            ["http", undefined],
            ["https-0", undefined],
        ]);
        const route = graph.named("HTTPRoute", "tars-backend").inputs.spec;
        expect(route.hostnames).toEqual(hosts);
        expect(route.parentRefs.map(({ sectionName }: { sectionName: string }) => sectionName)).toEqual(["https-0"]);
        const policy = graph.named("AuthorizationPolicy", "tars-gateway-hosts").inputs.spec;
        expect(policy.rules[0].to[0].operation.hosts).toEqual(expect.arrayContaining(hosts));
    });

    test("takes the last address of X-Forwarded-For for the caller's, and no PROXY protocol", () => {
        const { annotations } = gateway().inputs.spec.infrastructure;
        expect(Object.keys(annotations)).toEqual(["proxy.istio.io/config"]);
        const { gatewayTopology } = JSON.parse(annotations["proxy.istio.io/config"]);
        expect(gatewayTopology).toEqual({ numTrustedProxies: 1 });
    });

    test("is called from the public subnets alone, where no pod is", () => {
        const policy = graph
            .of("NetworkPolicy")
            .find(
                ({ inputs: { metadata } }) =>
                    metadata.namespace === "istio-ingress" && metadata.name === "tars-gateway",
            );
        const [callers] = policy?.inputs.spec.ingress ?? [];
        const subnets = of("Subnet").filter(({ name }) => name.includes("-public-"));
        const ranges = callers.from.map(({ ipBlock }: { ipBlock: { cidr: string } }) => ipBlock.cidr);
        expect(ranges).toHaveLength(3);
        expect(ranges).toEqual(subnets.map(({ inputs }) => inputs.cidrBlock));
        expect(callers.ports.map(({ port }: { port: number }) => port)).toEqual([80, 443, 15_021]);
    });

    test("is put behind the load balancer once it is there, by the controller of the cluster", () => {
        const binding = graph.named("TargetGroupBinding", "tars-gateway-front");
        expect(binding.inputs.spec).toEqual({
            serviceRef: { name: "tars-gateway-istio", port: 443 },
            targetGroupARN: "[arn of firewall-targets]",
            targetType: "ip",
            ipAddressType: "ipv4",
            vpcID: "network-vpc-id",
        });
        const controller = graph.of("Chart").find(({ inputs }) => inputs.name === "aws-load-balancer-controller");
        expect(graph.waitsFor(binding, gateway())).toBe(true);
        expect(controller !== undefined && graph.waitsFor(binding, controller)).toBe(true);
    });
});

test("the controller gets no right to web ACLs, certificates or load balancers of the application layer", () => {
    const { policy } = named("RolePolicy", "load-balancers-policy").inputs;
    expect(policy).not.toMatch(/wafv2|acm:|loadbalancer\/app|shield/);
    expect(policy).toContain("elasticloadbalancing:RegisterTargets");
});

describe("the simulated account", () => {
    /** What the graph calls `[arn of keys-key]` is not known before the update. */
    const known = (inputs: object): Properties =>
        JSON.parse(JSON.stringify(inputs), (_, value) =>
            typeof value === "string" && /^\[.+\]$/.test(value) ? unknownValue : value,
        );
    const registered = () =>
        graph.all.filter(({ type, name }) => type.startsWith("aws:") && name.startsWith("firewall"));

    test("has every kind, takes what the stack gives it, and knows what each change of it does", () => {
        expect(new Set(registered().map(({ type }) => type)).size).toBe(14);
        for (const { type, name, inputs } of registered()) {
            const kind = aws.kinds[type];
            if (kind === undefined) throw new Error(`no kind ${type}`);
            const given = known(inputs);
            expect([name, checkAlone(kind, given, { region: "eu-central-1" })]).toEqual([name, []]);
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

    test("finds nothing mandatory in a stack behind a firewall", () => {
        expect(broken(graph.all).map(({ words }) => words)).toEqual([]);
    });

    test("leaves nothing mandatory undecided in a first preview, where no proof of a name is known yet", async () => {
        jest.resetModules();
        const { captureGraph } = await import("../../cli/src/graph");
        const first = await captureGraph("prod-aws", behindFirewall(), "unknown");
        const { findings } = judge(judgedResources(first), defaultConfiguration, terms);
        const advisory = new Set(rules.filter(({ level }) => level === "advisory").map(({ id }) => id));
        const undecided = findings.filter(({ decided, rule }) => !decided && !advisory.has(rule));
        expect(undecided.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([]);
    });

    test("finds a load balancer without its web ACL, without its redirect, and with another policy of TLS", () => {
        const without = (part: string) => graph.all.filter(({ name }) => name !== part);
        expect(broken(without("firewall-guard")).map(({ rule }) => rule)).toEqual(["AWS-17"]);
        expect(broken(without("firewall-http")).map(({ rule }) => rule)).toEqual(["AWS-14"]);
        const older = graph.all.map((one) =>
            one.name === "firewall-https"
                ? { ...one, inputs: { ...one.inputs, sslPolicy: "ELBSecurityPolicy-2016-08" } }
                : one,
        );
        expect(broken(older).map(({ rule }) => rule)).toEqual(["AWS-17", "NET-06"]);
    });
});

test("without the setting nothing of it is there", async () => {
    const plain = await graphOf({});
    const kinds = /^aws:(wafv2|acm|lb)\/|:Firewall$|:FrontBinding$|TargetGroupBinding$/;
    expect(plain.all.filter(({ type }) => kinds.test(type))).toEqual([]);
    expect(awsGraph(plain).named("BucketPolicy", "stores-access-tls").inputs.policy).not.toContain(
        "elasticloadbalancing",
    );
});

interface Listener {
    readonly name: string;
    readonly hostname?: string;
}
