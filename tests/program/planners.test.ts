import fc from "fast-check";
import { planConfig } from "../../components/applications/tars-rag/config";
import { confirmIdentity } from "../../components/cloud/existing/cluster";
import { planConfig as planRedisConfig } from "../../components/data/redis";
import { checksum } from "../../components/foundation/checksum";
import { peakDemand, rolloutPods, totalDemand } from "../../components/foundation/demand";
import { checkName, nameProblem } from "../../components/foundation/names";
import { bytes, millicores } from "../../components/foundation/quantities";
import { type Sizes, workloadNames } from "../../components/foundation/workloads";
import { planAccelerator } from "../../components/inference/ollama";
import { images } from "../../components/kubernetes/images";
import { planPodTemplate } from "../../components/kubernetes/pod";
import { planQuota } from "../../components/kubernetes/quota";
import { exampleUses } from "../../components/settings/examples";
import { sizing } from "../../components/settings/sizing";
import { devSettings, devWith, parsed } from "./stack";

describe("demand", () => {
    const size = fc.record({
        replicas: fc.record({ min: fc.constant(1), max: fc.integer({ min: 1, max: 50 }) }),
        surge: fc.integer({ min: 0, max: 3 }),
        requests: fc.record({
            cpu: fc.integer({ min: 1, max: 9000 }).map((millis) => `${millis}m`),
            memory: fc.integer({ min: 1, max: 64 }).map((gibi) => `${gibi}Gi`),
        }),
        limits: fc.constant({ cpu: "9", memory: "64Gi" }),
        scratch: fc.constant("1Gi" as const),
    });

    test("grows with each pod that there may be at most", () => {
        fc.assert(
            fc.property(size, (small) => {
                const large = { ...small, replicas: { min: 1, max: small.replicas.max + 1 } };
                const difference = peakDemand(large).requestedCpu - peakDemand(small).requestedCpu;
                const pods = 1 + rolloutPods(large) - rolloutPods(small);
                expect(difference).toBe(pods * millicores(small.requests.cpu));
            }),
        );
    });

    test("of all workloads always fits the quota that is derived from it", () => {
        const sizes = fc
            .record({ backend: size, redis: size })
            .map(({ backend, redis }): Sizes => ({ ...sizing.dev, "tars-backend": backend, redis }));
        fc.assert(
            fc.property(sizes, (all) => {
                const demand = totalDemand(all);
                const quota = planQuota(demand, undefined);
                expect(millicores(quota["requests.cpu"] ?? "")).toBe(demand.requestedCpu);
                expect(bytes(quota["requests.memory"] ?? "")).toBeGreaterThanOrEqual(demand.requestedMemory);
                expect(Number(quota.pods)).toBe(
                    workloadNames.reduce((sum, name) => sum + all[name].replicas.max + rolloutPods(all[name]), 0),
                );
            }),
        );
    });

    test("counts old pods that are still shutting down, but no more than there are pods to replace", () => {
        expect(rolloutPods({ replicas: { min: 3, max: 10 }, surge: 1 })).toBe(2);
        expect(rolloutPods({ replicas: { min: 1, max: 1 }, surge: 1 })).toBe(1);
        expect(rolloutPods({ replicas: { min: 1, max: 1 }, surge: 0 })).toBe(0);
    });

    test("of dev is what the sizing table says it is", () => {
        expect(totalDemand(sizing.dev)).toMatchObject({
            pods: 17,
            requestedCpu: 11_500,
            requestedMemory: 24 * 2 ** 30,
        });
    });

    test("holds the GPUs that are planned for, and no other", () => {
        const demand = totalDemand(sizing.dev);
        expect(planQuota(demand, undefined)).toMatchObject({ "requests.nvidia.com/gpu": "0" });
        expect(planQuota(demand, undefined, { "nvidia.com/gpu": 2 })).toMatchObject({ "requests.nvidia.com/gpu": "2" });
        expect(planQuota(demand, undefined, { "nvidia.com/mig-1g.10gb": 3 })).toMatchObject({
            "requests.nvidia.com/gpu": "0",
            "requests.nvidia.com/mig-1g.10gb": "3",
        });
    });

    test("is exceeded only where the stack says so", () => {
        const quota = planQuota(totalDemand(sizing.dev), { cpu: "20", memory: "64Gi" });
        expect(quota).toMatchObject({ "requests.cpu": "20", "requests.memory": "64Gi", pods: "17" });
    });
});

describe("a pod", () => {
    const plan = (name: keyof typeof images) => ({
        name: "tars-backend",
        labels: {},
        image: images[name],
        imageSources: { mirrors: {}, digests: new Map<string, string>() },
        priority: "data" as const,
        size: sizing.dev["tars-backend"],
        nodes: { labels: {}, tolerations: [] },
        devices: {},
        arguments: [],
        environment: [],
        environmentFrom: [],
        secretFolders: { "/run/secrets/x": "x" },
        secretKeys: {},
        configFolders: {},
        annotations: {},
        claimPath: images[name].writablePaths[0]?.path,
        readiness: images[name].probe,
        afterStart: [],
        startupSeconds: 61,
        stopSeconds: 25,
        callsApi: false,
    });
    const names = ["tarsBackend", "postgres", "redis", "chromadb", "ollama"] as const;

    test.each(names)("of %s can write where its image says and nowhere else", (name) => {
        const { spec } = JSON.parse(JSON.stringify(planPodTemplate(plan(name))));
        const [container] = spec.containers;
        const writable = container.volumeMounts.filter((mount: { readOnly?: boolean }) => mount.readOnly !== true);
        expect(writable.map((mount: { mountPath: string }) => mount.mountPath)).toEqual(
            images[name].writablePaths.map(({ path }) => path),
        );
        expect(container.securityContext.readOnlyRootFilesystem).toBe(true);
    });

    test.each(names)("of %s has a volume for each mount but the claim, each with a limit", (name) => {
        const { spec } = JSON.parse(JSON.stringify(planPodTemplate(plan(name))));
        const mounted = spec.containers[0].volumeMounts.map((mount: { name: string }) => mount.name);
        const volumes = spec.volumes.map((volume: { name: string }) => volume.name);
        expect(new Set(mounted).size).toBe(mounted.length);
        expect([...volumes, "storage"].sort()).toEqual([...mounted].sort());
        for (const { emptyDir } of spec.volumes) if (emptyDir) expect(emptyDir.sizeLimit).toMatch(/^\d+[MG]i$/);
    });

    test("that calls the API has a token that really ends after an hour", () => {
        const { spec } = JSON.parse(JSON.stringify(planPodTemplate({ ...plan("redis"), callsApi: true })));
        const [token] = spec.volumes.flatMap(
            (volume: { projected?: { sources: unknown[] } }) => volume.projected?.sources ?? [],
        );
        expect(token).toEqual({ serviceAccountToken: { path: "token", expirationSeconds: 3600 } });
    });

    test("gives a slow program at least the time that it may take to start", () => {
        fc.assert(
            fc.property(fc.integer({ min: 1, max: 1000 }), (startupSeconds) => {
                const template = planPodTemplate({ ...plan("redis"), startupSeconds });
                const { startupProbe } = JSON.parse(JSON.stringify(template)).spec.containers[0];
                expect(startupProbe.periodSeconds * startupProbe.failureThreshold).toBeGreaterThanOrEqual(
                    startupSeconds,
                );
            }),
        );
    });
});

describe("inference", () => {
    const general = { labels: {}, tolerations: [] };
    const compute = { labels: { "node-type": "compute-optimized" }, tolerations: [] };
    const pools = {
        system: undefined,
        general,
        compute: undefined,
        memory: undefined,
        gpu: undefined,
        spot: undefined,
    };

    test("asks for a GPU exactly when the cluster has the role", () => {
        const gpu = {
            labels: { "node-type": "gpu" },
            tolerations: [],
            resource: "nvidia.com/gpu",
            devicePlugin: undefined,
        };
        expect(planAccelerator({ ...pools, gpu })).toEqual({ nodes: gpu, devices: { "nvidia.com/gpu": "1" } });
        expect(planAccelerator(pools)).toEqual({ nodes: general, devices: {} });
    });

    test("prefers nodes with many cores where there is no GPU", () => {
        expect(planAccelerator({ ...pools, compute })).toEqual({ nodes: compute, devices: {} });
    });
});

describe("tars-config", () => {
    const { tarsRag } = parsed(devSettings()).settings;
    const address = { host: "h", port: 1 };
    const plan = {
        settings: tarsRag,
        publicHost: "tars.local",
        database: { ...address, name: "tars_analytics", user: "tars_user" },
        cache: address,
        vectorStore: address,
        inference: address,
    };

    test("has every documented key with its default, and no administrator", () => {
        const config = planConfig(plan);
        expect(config).toMatchObject({
            REDIS_ENABLED: "true",
            REDIS_CACHE_TTL: "3600",
            RATE_LIMIT_PER_MINUTE: "30",
            ENABLE_HTTPS: "true",
            USE_ADVANCED_RERANKING: "true",
            PROMETHEUS_ENABLED: "true",
            BASE_URL: "https://tars.local",
        });
        expect(Object.keys(config)).not.toContain("ADMIN_CLIENT_IDS");
    });

    test("follows the settings", () => {
        const settings = { ...tarsRag, rateLimitPerMinute: 60, baseUrl: "https://example.com" };
        expect(planConfig({ ...plan, settings })).toMatchObject({
            RATE_LIMIT_PER_MINUTE: "60",
            BASE_URL: "https://example.com",
        });
    });

    test("has another checksum as soon as one value differs", () => {
        const before = checksum(planConfig(plan), { jwtGeneration: 1 });
        expect(checksum(planConfig(plan), { jwtGeneration: 1 })).toBe(before);
        expect(checksum(planConfig(plan), { jwtGeneration: 2 })).not.toBe(before);
        expect(checksum(planConfig({ ...plan, publicHost: "x" }), { jwtGeneration: 1 })).not.toBe(before);
    });
});

test("the cache leaves a quarter of its memory limit to everything but entries", () => {
    expect(planRedisConfig({ ...sizing.dev.redis, limits: { cpu: "1", memory: "1Gi" } })).toContain(
        "maxmemory 805306368\n",
    );
});

test("a cluster is taken for the stack's own only by its identity", () => {
    expect(confirmIdentity("a", "a", true)).toBe("a");
    expect(() => confirmIdentity("a", "b", true)).toThrow("has UID a, but b is recorded by the stack's first update");
    expect(() => confirmIdentity("a", "b", false)).toThrow("has UID a, but b is set");
});

test("a reserved example is recognised until it is replaced", () => {
    const keys = (raw: Parameters<typeof parsed>[0]) => exampleUses(parsed(raw).settings).map(({ key }) => key);
    const ofVectors = "data.vectors.api.image.registry";
    expect(keys(devSettings())).toEqual(["tarsRag.image.registry", ofVectors]);
    expect(keys(devWith("tarsRag.image.registry", "registry.internal"))).toEqual([ofVectors]);
});

test("names keep to the rule of whoever reads them", () => {
    expect(nameProblem("dnsLabel", "tars-backend")).toBeUndefined();
    expect(nameProblem("dnsLabel", "tars.backend")).toContain("lower-case letters, digits and hyphens");
    expect(nameProblem("dnsLabel", "a".repeat(64))).toContain("at most 63");
    expect(() => checkName("dnsSubdomain", "-a")).toThrow('name "-a" must be DNS labels');
});
