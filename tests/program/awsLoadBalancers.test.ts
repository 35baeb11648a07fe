import { bytes, millicores } from "../../components/foundation/quantities";
import { planValues } from "../../components/kubernetes/loadBalancerValues";
import { awsGraph } from "./awsGraph";
import { type Graph, type KubernetesObject, readGraph } from "./graph";

let graph: Graph;
let of: ReturnType<typeof awsGraph>["of"];
let named: ReturnType<typeof awsGraph>["named"];
beforeAll(async () => {
    graph = await readGraph("prod-aws");
    ({ of, named } = awsGraph(graph));
});

interface Statement {
    readonly Action: readonly string[];
    readonly Resource: readonly string[];
    readonly Condition: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const statements = (): readonly Statement[] =>
    JSON.parse(named("RolePolicy", "load-balancers-policy").inputs.policy).Statement;
const changing = () => statements().filter(({ Action }) => !Action.every((action) => /:(Describe|Get)/.test(action)));
const mark = "elbv2.k8s.aws/cluster";

describe("the controller's rights in the account", () => {
    test("end with what bears its cluster's mark: it makes nothing without, and changes nothing of others", () => {
        const by = (part: string) => changing().filter(({ Resource }) => Resource.every((arn) => arn.includes(part)));
        expect(by(":elasticloadbalancing:")).toHaveLength(4);
        for (const { Condition } of by(":elasticloadbalancing:")) {
            const marks = Object.entries(Condition.StringEquals ?? {}).filter(([key]) => key.endsWith(mark));
            expect(marks.map(([, cluster]) => cluster)).toEqual(["tars-production"]);
        }
    });

    test("are for network load balancers, not for those of Ingresses", () => {
        const arns = changing().flatMap(({ Resource }) => Resource);
        expect(arns.filter((arn) => arn.includes("loadbalancer/"))).not.toHaveLength(0);
        for (const arn of arns) expect(arn).not.toMatch(/\/app\/|listener-rule|:\*$|^\*$/);
        const actions = statements().flatMap(({ Action }) => Action);
        for (const action of actions)
            expect(action).not.toMatch(/^(wafv2|waf-regional|shield|acm|cognito-idp):|WebAcl|Rule(s|Priorities)?$/);
    });

    test("let no mark be put on what is there already, nor taken from it", () => {
        const later = changing().filter(({ Action }) =>
            Action.some((action) => /:(Add|Remove|Create|Delete)Tags$/.test(action)),
        );
        expect(later).toHaveLength(4);
        for (const { Condition } of later) {
            const isNew = Object.keys(Condition.StringEquals ?? {}).some((key) => key.endsWith(":CreateAction"));
            const keeps = Condition.Null?.[`aws:RequestTag/${mark}`] === "true";
            expect([isNew, keeps]).toEqual(isNew ? [true, false] : [false, true]);
        }
    });

    test("reach the group of the nodes by its tag, and groups in the stack's VPC alone", () => {
        const nodes = named("SecurityGroup", "eks-nodes").inputs.tags;
        expect(nodes).toMatchObject({ "kubernetes.io/cluster/tars-production": "owned" });
        const conditions = changing().flatMap(({ Action, Condition }) =>
            Action.includes("ec2:AuthorizeSecurityGroupIngress") ? [Condition.StringEquals] : [],
        );
        expect(conditions).toEqual([
            { [`aws:ResourceTag/${mark}`]: "tars-production" },
            { "aws:ResourceTag/kubernetes.io/cluster/tars-production": "owned" },
        ]);
        const [vpc] = changing().filter(({ Resource }) => Resource.some((arn) => arn.endsWith(":vpc/*")));
        expect(vpc?.Condition.StringEquals).toEqual({ "aws:ResourceTag/Name": of("Vpc")[0]?.inputs.tags.Name });
    });
});

const inNamespace = (kind: string): readonly KubernetesObject[] =>
    graph.of(kind).filter(({ inputs }) => inputs.metadata.namespace === "load-balancers");

describe("the controller in the cluster", () => {
    const chart = () => graph.of("Chart").find(({ inputs }) => inputs.name === "aws-load-balancer-controller");

    test("is upstream's own chart, told of its cluster and network, with its definitions, and cert-manager, before it", () => {
        expect(chart()?.inputs).toMatchObject({
            chart: "aws-load-balancer-controller",
            version: "3.5.0",
            namespace: "load-balancers",
            skipCrds: true,
            values: { clusterName: "tars-production", region: "eu-central-1", vpcId: "network-vpc-id" },
        });
        const [definitions] = graph.all.filter(({ name }) => name === "load-balancer-controller-definitions");
        const [certificates] = graph.all.filter(({ name }) => name === "cert-manager");
        const [found] = [chart()];
        for (const earlier of [definitions, certificates]) {
            if (found === undefined || earlier === undefined) throw new Error("no chart, or nothing before it");
            expect(graph.waitsFor(found, earlier)).toBe(true);
        }
    });

    test("outlives what asks it for load balancers: the edge comes after it, its namespace first of all", () => {
        const found = chart();
        const edge = graph.of("Namespace").filter(({ inputs }) => inputs.metadata.name === "istio-ingress");
        expect(edge).toHaveLength(1);
        for (const namespace of edge) expect(found !== undefined && graph.waitsFor(namespace, found)).toBe(true);
    });

    test("marks what it makes as the owner's, but not as made by Pulumi", () => {
        const { defaultTags } = chart()?.inputs.values ?? {};
        expect(defaultTags).toMatchObject({ owner: "platform-team", "cost-centre": "cc-1001" });
        expect(defaultTags).not.toHaveProperty("managed-by");
    });

    test("serves Services only", () => {
        expect(chart()?.inputs.values).toMatchObject({
            controllerConfig: {
                featureGates: {
                    NLBGatewayAPI: false,
                    ALBGatewayAPI: false,
                    GatewayListenerSet: false,
                    ServiceTypeLoadBalancerOnly: true,
                },
            },
            createIngressClassResource: false,
            ingressClassParams: { create: false },
            enableServiceMutatorWebhook: false,
            webhookConfig: { disableIngressValidation: true },
            ingressClass: "alb",
        });
    });

    test("has no key of its webhook in its values: cert-manager makes it", () => {
        const { values } = chart()?.inputs ?? {};
        expect(values.enableCertManager).toBe(true);
        expect(values).not.toHaveProperty("webhookTLS");
        expect(JSON.stringify(values)).not.toContain("[secret]");
    });

    test("runs as the account that its role trusts, which is given no token unasked", () => {
        const [account] = inNamespace("ServiceAccount");
        expect(account?.inputs).toMatchObject({
            metadata: { name: "aws-load-balancer-controller" },
            automountServiceAccountToken: false,
        });
        expect(named("PodIdentityAssociation", "load-balancers-association").inputs).toMatchObject({
            namespace: "load-balancers",
            serviceAccount: account?.inputs.metadata.name,
        });
        expect(chart()?.inputs.values.serviceAccount).toEqual({ create: false, name: account?.inputs.metadata.name });
    });

    test("calls the API server, the cloud's APIs and the agent that gives it its role, and is called by the API server and whoever measures it", () => {
        const rules = Object.fromEntries(
            inNamespace("NetworkPolicy").map(({ inputs: { metadata, spec } }) => [metadata.name, spec]),
        );
        const block = (cidr: string) => ({ ipBlock: { cidr } });
        const tcp = (port: number) => [{ protocol: "TCP", port }];
        expect(rules.apis.egress).toEqual([
            { to: ["10.40.0.0/16", "10.4.0.0/14"].map(block), ports: tcp(443) },
            { to: [block("169.254.170.23/32")], ports: tcp(80) },
        ]);
        expect(rules.webhooks.ingress).toEqual([{ from: [block("10.40.0.0/16")], ports: tcp(9443) }]);
        const monitoring = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } } };
        expect(rules.metrics.ingress).toEqual([{ from: [monitoring], ports: tcp(8080) }]);
        const labels = {
            "app.kubernetes.io/name": "aws-load-balancer-controller",
            "app.kubernetes.io/instance": "aws-load-balancer-controller",
        };
        for (const rule of ["apis", "webhooks", "metrics"])
            expect(rules[rule].podSelector).toEqual({ matchLabels: labels });
    });

    test("fits its namespace's quota while it is rolled out", () => {
        const { replicaCount, resources, updateStrategy } = chart()?.inputs.values ?? {};
        const pods = replicaCount + updateStrategy.rollingUpdate.maxSurge;
        const [{ inputs } = { inputs: undefined }] = inNamespace("ResourceQuota");
        const { hard } = inputs.spec;
        expect(Number(hard.pods)).toBeGreaterThanOrEqual(pods);
        expect(millicores(hard["requests.cpu"])).toBeGreaterThanOrEqual(pods * millicores(resources.requests.cpu));
        for (const limit of ["memory", "ephemeral-storage"])
            expect(bytes(hard[`limits.${limit}`])).toBeGreaterThanOrEqual(pods * bytes(resources.limits[limit]));
    });
});

test("a locked image is named by its digest, which the chart takes as part of the tag", () => {
    const digest = `sha256:${"0".repeat(64)}`;
    const digests = new Map([["public.ecr.aws/eks/aws-load-balancer-controller:v3.5.0", digest]]);
    const nodes = { labels: {}, tolerations: [] };
    const ownership = { owner: "team", environment: "dev", dataClass: "internal", costCentre: "cc" } as const;
    const controller = { nodes, serviceAccount: "s", tags: {} };
    const imageSources = { mirrors: {}, digests };
    const place = { ownership, imageSources, copies: { controllers: 1, webhooks: 1 } };
    const { image } = planValues(Object(controller), Object(place));
    expect(image).toMatchObject({
        repository: "public.ecr.aws/eks/aws-load-balancer-controller",
        tag: `v3.5.0@${digest}`,
    });
});

test.each(["dev", "prod-azure"])(
    "%s has no such controller: its cluster makes load balancers itself",
    async (stack) => {
        const other = await readGraph(stack);
        expect(other.all.filter(({ type }) => type.endsWith(":LoadBalancerController"))).toEqual([]);
    },
);
