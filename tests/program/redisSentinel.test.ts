import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { accessMatrix, isHalfOpen, isOpen } from "../../cli/src/access/matrix";
import { planLines } from "../../components/data/redisSentinel";
import { demandAtPeak } from "../../components/foundation/demand";
import { bytes } from "../../components/foundation/quantities";
import { tenantLoads } from "../../components/settings/data";
import { systemLoads } from "../../components/settings/systemLoads";
import { standins } from "../../simulator/standins";
import { type Graph, inNamespace, readGraph } from "./graph";
import { parsed, settingsOf } from "./stack";

jest.setTimeout(600_000);

const data = { postgres: { kind: "inCluster" }, redis: { kind: "sentinel" } };

let graph: Graph;
let tars: Graph;
let operators: Graph;
beforeAll(async () => {
    graph = await readGraph("prod-aws", { data });
    tars = inNamespace(graph, "tars");
    operators = inNamespace(graph, "redis-operator");
});
const replication = () => tars.named("RedisReplication", "redis-ha");
const sentinel = () => tars.named("RedisSentinel", "redis-ha");
const chart = () => {
    const [found, ...more] = graph.of("Chart").filter(({ inputs }) => inputs.chart === "redis-operator");
    if (found === undefined || more.length > 0) throw new Error("not one chart of the operator");
    return found;
};

describe("production on AWS, whose cache has sentinels", () => {
    test.each([
        ["pods", replication, "replication", "redis-ha", "redis"],
        ["sentinels", sentinel, "sentinel", "redis-ha-sentinel", "redis-sentinel"],
    ] as const)("has three %s, never two in a zone or on a node", (_, object, role, app, name) => {
        const { spec } = object().inputs;
        expect(spec.clusterSize).toBe(3);
        const matchLabels = { app, redis_setup_type: role, role };
        expect(spec.topologySpreadConstraints).toEqual(
            ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
                maxSkew: 1,
                topologyKey,
                whenUnsatisfiable: "DoNotSchedule",
                labelSelector: { matchLabels },
            })),
        );
        expect(spec.pdb).toEqual({ enabled: true, maxUnavailable: 1 });
        // The operator's label by the name of `app` is what its budgets and this spread find pods by.
        expect(object().inputs.metadata.labels).not.toHaveProperty("app");
        // Its Services pick pods by all labels: one that changes with a version would leave them without any.
        expect(object().inputs.metadata.labels).not.toHaveProperty(["app.kubernetes.io/version"]);
        expect(object().inputs.metadata.labels).toMatchObject({ "app.kubernetes.io/name": name });
    });

    test("has sentinels that agree by most of them, five seconds after the last answer", () => {
        expect(sentinel().inputs.spec.redisSentinelConfig).toMatchObject({
            redisReplicationName: "redis-ha",
            quorum: "2",
            downAfterMilliseconds: "5000",
            redisReplicationPassword: { secretKeyRef: { key: "password" } },
        });
        expect(graph.waitsFor(sentinel(), replication())).toBe(true);
    });

    test("runs the image of the cache in one pod, under its user, and writes nowhere but in volumes", () => {
        expect(replication().inputs.spec.serviceAccountName).toBe("redis-ha");
        expect(sentinel().inputs.spec.serviceAccountName).toBe("redis-sentinel");
        for (const { inputs } of [replication(), sentinel()]) {
            const { kubernetesConfig, podSecurityContext, securityContext, initContainer } = inputs.spec;
            expect(kubernetesConfig.image).toBe("docker.io/library/redis:7.2.16-bookworm");
            expect(kubernetesConfig.redisSecret).toEqual({ name: "redis-config", key: "password" });
            expect(podSecurityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 999, fsGroup: 999 });
            expect(securityContext).toMatchObject({ readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } });
            expect(initContainer).toMatchObject({ enabled: false, securityContext: { readOnlyRootFilesystem: true } });
        }
        expect(replication().inputs.spec.storage.volumeMount.mountPath).toEqual([
            { name: "scratch", mountPath: "/data" },
        ]);
        expect(sentinel().inputs.spec.volumeMount.mountPath).toEqual([{ name: "scratch", mountPath: "/tmp" }]);
        for (const account of ["redis-ha", "redis-sentinel"])
            expect(tars.named("ServiceAccount", account).inputs.automountServiceAccountToken).toBe(false);
    });

    test.each([
        ["redisreplications", replication],
        ["redissentinels", sentinel],
    ] as const)("asks of its %s for nothing that the operator's definition does not have", (plural, object) => {
        const file = `redis.redis.opstreelabs.in_${plural}.yaml`;
        const definition = parse(fs.readFileSync(path.join(standins.schemas, "redis-operator", file), "utf8"));
        const [{ name, schema }] = definition.spec.versions;
        expect(object().inputs.apiVersion).toBe(`${definition.spec.group}/${name}`);
        expect(unknownIn(object().inputs.spec, schema.openAPIV3Schema.properties.spec)).toEqual([]);
    });

    test("takes a new pod for filled only after the operator has looked", () => {
        expect(replication().inputs.spec.kubernetesConfig.minReadySeconds).toBeGreaterThan(30);
        expect(replication().inputs.spec.podManagementPolicy).toBe("Parallel");
    });

    test("is a cache: three quarters of its memory are for entries, the least used go, and nothing is kept", () => {
        const { redisConfig, storage } = replication().inputs.spec;
        expect(redisConfig).toEqual({ maxMemoryPercentOfLimit: 75, additionalRedisConfig: "redis-ha-config" });
        expect(storage).not.toHaveProperty("volumeClaimTemplate");
        const lines = tars.named("ConfigMap", "redis-ha-config").inputs.data["redis-additional.conf"];
        expect(lines).toBe('maxmemory-policy allkeys-lru\nsave ""\nappendonly no\n');
    });

    test("leaves readers what they had: a host, the port, and the password in the same Secret", () => {
        expect(tars.named("ConfigMap", "tars-config").inputs.data).toMatchObject({
            REDIS_HOST: "redis-ha-master",
            REDIS_PORT: "6379",
        });
        expect(tars.named("Secret", "redis-config").urn).toMatch(
            /tars:data:Redis\$kubernetes:core\/v1:Secret::redis-config$/,
        );
        expect(tars.of("Deployment").map(({ inputs }) => inputs.metadata.name)).not.toContain("redis");
    });

    test("replaces its pods when the password is new, and is kept from being deleted", () => {
        for (const object of [replication(), sentinel()])
            expect(object.inputs.metadata.annotations).toMatchObject({ "tars-platform/password-generation": "1" });
        expect(replication().inputs.metadata.annotations).toHaveProperty(["pulumi.com/waitFor"]);
        expect(replication().inputs.spec.kubernetesConfig.ignoreAnnotations).toContain("pulumi.com/waitFor");
        expect(replication().inputs.metadata.annotations).toMatchObject({ "tars-platform/retention-days": "1" });
        expect(replication().options?.protect).toBe(true);
    });

    test("has its operator from the pinned chart, two of it, without a webhook and the chart's rights", () => {
        expect(chart().inputs).toMatchObject({ version: "0.26.1", skipCrds: true, namespace: "redis-operator" });
        expect(chart().inputs.values).toMatchObject({
            replicas: 2,
            rbac: { enabled: false },
            redisOperator: { watchNamespace: "tars", webhook: false, imageTag: "v0.26.0" },
            featureGates: { GenerateConfigInInitContainer: true },
        });
        expect(operators.named("PodDisruptionBudget", "redis-operator").inputs.spec.maxUnavailable).toBe(1);
        expect(graph.waitsFor(replication(), chart())).toBe(true);
        expect(graph.waitsFor(chart(), operators.named("NetworkPolicy", "api-server"))).toBe(true);
    });

    test("gives the operator one Secret, no shell, and nothing outside of two namespaces", () => {
        const { rules } = tars.named("Role", "redis-operator").inputs;
        const secrets = rules.filter(({ resources }: { resources: string[] }) => resources.includes("secrets"));
        expect(secrets).toEqual([
            { apiGroups: [""], resources: ["secrets"], resourceNames: ["redis-config"], verbs: ["get"] },
        ]);
        expect(JSON.stringify(rules)).not.toContain("pods/exec");
        expect(graph.of("ClusterRole").map(({ inputs }) => inputs.metadata.name)).not.toContain("redis-operator");
        expect(graph.waitsFor(replication(), tars.named("RoleBinding", "redis-operator"))).toBe(true);
    });

    test("opens its ports to the operator and to itself, the cache's to the backend, and none to anybody else", () => {
        const toCache = accessMatrix(graph.all).filter(({ to }) => to.startsWith("tars/redis"));
        const called = toCache.filter(isOpen).map(({ from, to, port }) => `${from} -> ${to}:${port}`);
        expect(called.sort()).toEqual([
            "redis-operator/redis-operator -> tars/redis-sentinel:26379",
            "redis-operator/redis-operator -> tars/redis:6379",
            "tars/redis -> tars/redis:6379",
            "tars/redis-sentinel -> tars/redis-sentinel:26379",
            "tars/redis-sentinel -> tars/redis:6379",
            "tars/tars-backend -> tars/redis:6379",
        ]);
        expect(toCache.filter(isHalfOpen)).toEqual([]);
    });

    test("counts sentinels where they run, in the quota and on nodes, and the operator beside them", () => {
        const { settings } = parsed({ ...settingsOf("prod-aws"), data });
        const inNamespaceOf = tenantLoads(settings);
        expect(inNamespaceOf.map(({ name }) => name)).toContain("redis-sentinel");
        expect(settings.sizes.redis).toMatchObject({ replicas: { min: 3, max: 3 }, surge: 0 });
        expect(systemLoads(settings).pods.map(({ name }) => name)).toContain("redis-operator");
        const { hard } = tars.named("ResourceQuota", "quota").inputs.spec;
        expect(hard.pods).toBe(`${demandAtPeak(inNamespaceOf.map(({ size }) => size)).pods}`);
    });
});

describe("a cache with sentinels that keeps its entries", () => {
    const kept = { ...data, redis: { kind: "sentinel", storageGi: 16, eviction: "volatile-ttl" } };

    test("has a volume in each pod, which outlives it, and counts them", () => {
        const { settings } = parsed({ ...settingsOf("prod-aws"), data: kept });
        expect(settings.sizes.redis).toMatchObject({ storage: "16Gi" });
        const without = parsed({ ...settingsOf("prod-aws"), data }).settings;
        const storage = (of: typeof settings) => demandAtPeak(tenantLoads(of).map(({ size }) => size)).storage;
        expect(storage(settings) - storage(without)).toBe(3 * bytes("16Gi"));
    });

    test("leaves snapshots to the operator, and entries without a time to live alone", () => {
        expect(planLines({ eviction: "volatile-ttl", storageGi: 16 })).toBe("maxmemory-policy volatile-ttl\n");
    });
});

interface Schema {
    readonly properties?: Readonly<Record<string, Schema>>;
    readonly items?: Schema;
    readonly required?: readonly string[];
    readonly enum?: readonly unknown[];
}

/** Paths that a schema does not have, or misses, or has other words for. */
function unknownIn(value: unknown, schema: Schema, at = ""): readonly string[] {
    if (Array.isArray(value)) return value.flatMap((each, i) => unknownIn(each, schema.items ?? {}, `${at}/${i}`));
    if (schema.enum !== undefined && !schema.enum.includes(value)) return [`${at}=${value}`];
    if (typeof value !== "object" || value === null || schema.properties === undefined) return [];
    const { properties } = schema;
    const missing = (schema.required ?? []).filter((key) => !(key in value)).map((key) => `${at}/${key} is missing`);
    const inner = Object.entries(value).flatMap(([key, each]) => {
        const known = properties[key];
        return known === undefined ? [`${at}/${key}`] : unknownIn(each, known, `${at}/${key}`);
    });
    return [...missing, ...inner];
}

test("without the word it is the one pod that it was", () => {
    expect(parsed(settingsOf("dev")).settings.data.redis).toEqual({ kind: "inCluster" });
    for (const stack of ["dev", "staging", "prod-azure"]) {
        const { settings } = parsed(settingsOf(stack));
        expect(tenantLoads(settings).map(({ name }) => name)).not.toContain("redis-sentinel");
        expect(systemLoads(settings).pods.map(({ name }) => name)).not.toContain("redis-operator");
    }
});
