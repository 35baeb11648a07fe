import { planCache } from "../../components/cloud/aws/cachePlan";
import { awsSettings } from "../../components/cloud/aws/settings";
import { anotherGraph } from "./anotherGraph";
import { awsGraph } from "./awsGraph";
import { type Graph, inNamespace } from "./graph";
import { parsed, settingsOf, settingsWith } from "./stack";

jest.setTimeout(120_000);

const host = "[primaryEndpointAddress].cache.amazonaws.com";
const tls = { mode: "SIMPLE", sni: host, subjectAltNames: [host] };

/** A cache that ElastiCache runs, as the committed stack on AWS that asks for one has it: its mesh has a proxy on each node. */
describe("staging, whose cache is a replication group of ElastiCache", () => {
    let graph: Graph;
    let tars: Graph;
    let aws: ReturnType<typeof awsGraph>;
    beforeAll(async () => {
        graph = await anotherGraph("staging");
        tars = inNamespace(graph, "tars");
        aws = awsGraph(graph);
    });
    const cache = () => aws.only("ReplicationGroup");

    test("has machines in two zones, of which one takes over, and nothing of it in the clear", () => {
        expect(cache().inputs).toMatchObject({
            replicationGroupId: "tars-staging-redis",
            engine: "valkey",
            engineVersion: "8.2",
            nodeType: "cache.t4g.small",
            numCacheClusters: 2,
            preferredCacheClusterAzs: ["eu-central-1a", "eu-central-1b"],
            automaticFailoverEnabled: true,
            multiAzEnabled: true,
            atRestEncryptionEnabled: true,
            kmsKeyId: "[arn of keys-key]",
            transitEncryptionEnabled: true,
            transitEncryptionMode: "required",
            authToken: "[secret]",
            authTokenUpdateStrategy: "ROTATE",
            snapshotRetentionLimit: 0,
        });
        const { family, parameters } = aws.named("ParameterGroup", "redis-server-parameters").inputs;
        expect([family, parameters]).toEqual(["valkey8", [{ name: "maxmemory-policy", value: "allkeys-lru" }]]);
    });

    test("has them where data is, called by pods alone, at one port", () => {
        expect(aws.named("SubnetGroup", "redis-server-subnets").inputs.subnetIds).toEqual(
            ["a", "b", "c"].map((zone) => `network-data-eu-central-1${zone}-id`),
        );
        expect(cache().inputs.securityGroupIds).toEqual(["redis-server-group-id"]);
        const rules = [...aws.of("SecurityGroupIngressRule"), ...aws.of("SecurityGroupEgressRule")]
            .map(({ inputs }) => inputs)
            .filter(({ securityGroupId }) => securityGroupId === "redis-server-group-id");
        expect(rules.map(({ referencedSecurityGroupId: from, fromPort, toPort }) => [from, fromPort, toPort])).toEqual([
            ["eks-nodes-id", 6379, 6379],
        ]);
    });

    test("goes whole, as all of staging does", () => {
        expect(cache().options?.protect ?? false).toBe(false);
        expect(cache().inputs.finalSnapshotIdentifier).toBeUndefined();
    });

    test("runs no cache in the cluster, and says of none that it does", () => {
        const own = graph.all.filter(({ name }) => name === "redis").map(({ type }) => type);
        expect(own).toEqual(["tars:data:Redis"]);
        for (const kind of ["Deployment", "Service", "AuthorizationPolicy", "PodDisruptionBudget"]) {
            expect(tars.of(kind).map(({ inputs }) => inputs.metadata.name)).not.toContain("redis");
        }
    });

    test("leads the backend's calls through the waypoint, and nobody past it", () => {
        const { podSelector, egress } = tars.named("NetworkPolicy", "tars-backend-redis").inputs.spec;
        expect(podSelector.matchLabels).toEqual({ "app.kubernetes.io/name": "tars-backend" });
        expect(egress).toEqual([
            {
                to: [expect.objectContaining({ podSelector: { matchLabels: waypointLabels } })],
                ports: [{ protocol: "TCP", port: 15_008 }],
            },
        ]);
        const all = JSON.stringify(tars.of("NetworkPolicy").map(({ inputs }) => inputs.spec));
        expect(all).not.toContain('"port":6379');
        const onward = inNamespace(graph, "istio-waypoint").named("NetworkPolicy", "redis").inputs.spec;
        expect(onward.podSelector.matchLabels).toEqual(waypointLabels);
        const subnets = aws.of("Subnet").filter(({ name }) => name.startsWith("network-data-"));
        expect(onward.egress).toEqual([
            {
                to: subnets.map(({ inputs }) => ({ ipBlock: { cidr: inputs.cidrBlock } })),
                ports: [{ protocol: "TCP", port: 6379 }],
            },
        ]);
    });
    const waypointLabels = { "gateway.networking.k8s.io/gateway-name": "waypoint" };

    test("has the waypoint ask who calls, encrypt what they say, and know whom it calls", () => {
        const { metadata, spec } = tars.named("ServiceEntry", "redis").inputs;
        expect(metadata.labels).toMatchObject({
            "istio.io/use-waypoint": "waypoint",
            "istio.io/use-waypoint-namespace": "istio-waypoint",
        });
        // A waypoint goes by the rules of hosts that its own namespace knows.
        expect(spec).toMatchObject({ hosts: [host], exportTo: [".", "istio-waypoint"], resolution: "DNS" });
        expect(spec.ports).toEqual([{ name: "tcp-redis", number: 6379, protocol: "TCP" }]);
        expect(tars.named("DestinationRule", "redis").inputs.spec).toMatchObject({ host, trafficPolicy: { tls } });
        expect(tars.named("AuthorizationPolicy", "redis-outside").inputs.spec).toEqual({
            targetRefs: [{ group: "networking.istio.io", kind: "ServiceEntry", name: "redis" }],
            action: "ALLOW",
            rules: [
                {
                    from: [{ source: { principals: ["cluster.local/ns/tars/sa/tars-backend"] } }],
                    to: [{ operation: { ports: ["6379"] } }],
                },
            ],
        });
    });

    test("tells the backend the cache's name where nothing hides it from a review, and keeps the Secret", () => {
        const { data } = tars.named("ConfigMap", "tars-config").inputs;
        expect(data.REDIS_PORT).toBe("6379");
        expect(data.REDIS_HOST).toBeUndefined();
        expect(tars.named("Secret", "redis-config").inputs).toMatchObject({ type: "Opaque", stringData: "[secret]" });
        const { dependencies } = tars.named("Secret", "tars-secrets");
        expect(dependencies).toContain(cache().urn);
    });
});

test("with a proxy in each pod that proxy encrypts, and production keeps its cache and a last copy of what is kept", async () => {
    const data = { redis: { kind: "managed", snapshotDays: 7, eviction: "volatile-ttl" } };
    const graph = await anotherGraph("prod-aws", { mesh: { mode: "sidecar" }, data });
    const tars = inNamespace(graph, "tars");
    const aws = awsGraph(graph);
    const cache = aws.only("ReplicationGroup");
    expect(cache.options).toMatchObject({ protect: true });
    expect(cache.inputs).toMatchObject({
        nodeType: "cache.m7g.large",
        numCacheClusters: 3,
        snapshotRetentionLimit: 7,
        snapshotWindow: "00:00-01:00",
        finalSnapshotIdentifier: "tars-production-redis-final",
    });
    const entry = tars.named("ServiceEntry", "redis").inputs;
    expect(entry.metadata.labels["istio.io/use-waypoint"]).toBeUndefined();
    expect(entry.spec.exportTo).toEqual(["."]);
    expect(tars.named("DestinationRule", "redis").inputs.spec.trafficPolicy.tls).toEqual(tls);
    const [rule] = tars.named("NetworkPolicy", "tars-backend-redis").inputs.spec.egress;
    expect(rule.ports).toEqual([{ protocol: "TCP", port: 6379 }]);
    expect(rule.to.every(({ ipBlock }: { ipBlock?: unknown }) => ipBlock !== undefined)).toBe(true);
});

test("what a stack says of its cache is filled in by its environment, and has the last word", () => {
    const plan = (changes: object) => {
        const { redis } = parsed(settingsWith("prod-aws", "data.redis", { kind: "managed", ...changes })).settings.data;
        if (redis.kind !== "managed") throw new Error("in the cluster");
        return planCache(awsSettings.parse(settingsOf("prod-aws").aws), "production", redis);
    };
    expect(plan({})).toMatchObject({ nodeType: "cache.m7g.large", numCacheClusters: 3, snapshotRetentionLimit: 0 });
    expect(plan({ snapshotDays: undefined })).not.toHaveProperty("snapshotWindow");
    const own = { size: "cache.r7g.large", replicas: 2 };
    expect(plan(own)).toMatchObject({ nodeType: "cache.r7g.large", numCacheClusters: 2, multiAzEnabled: true });
});
