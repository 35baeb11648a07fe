import Ajv from "ajv/dist/2020";
import * as clouds from "../../components/cloud/registry";
import { stackFileJsonSchema } from "../../components/settings/jsonSchema";
import { closest } from "../../components/settings/problems";
import { checkPrefixes, rawSettings } from "../../components/settings/read";
import { devSettings, devWith, parsed, type Raw } from "./stack";

function refusal(raw: Raw): string {
    try {
        parsed(raw);
    } catch (error) {
        if (error instanceof Error) return error.message;
    }
    throw new Error("the settings were accepted");
}

const general = { count: 3, cpu: "8", memory: "32Gi", storage: "90Gi" };

const kinds = Object.keys(clouds)
    .map((kind) => `"${kind}"`)
    .join(" or ");

/** One spoilt value a row: where, what, and the words that tell a person what is wrong. */
const refused: readonly [key: string, value: unknown, words: string][] = [
    ["environment", undefined, "environment: is missing"],
    ["environment", "prod", 'environment: must be "dev" or "staging" or "production", got "prod"'],
    ["environment", { a: 1 }, 'environment: must be "dev" or "staging" or "production", got {"a":1}'],
    ["cloud", undefined, "cloud: is missing"],
    ["cloud", "exsiting", `cloud: must be ${kinds}, got "exsiting"`],
    ["cluster", undefined, "cluster: is missing"],
    ["cluster", "kind", 'cluster: must be a group of settings, got "kind"'],
    ["cluster.kind", "eks", 'cluster.kind: must be "kubeconfig", got "eks"'],
    ["cluster.context", "", "cluster.context: must be at least 1 characters long"],
    ["cluster.identity", "kube-system", "cluster.identity: must be a UID such as kubectl prints it"],
    ["cluster.nodes", undefined, "cluster.nodes: is missing"],
    ["cluster.nodes.general", { ...general, count: 0 }, "cluster.nodes.general.count: must be at least 1, got 0"],
    [
        "cluster.nodes.general",
        { ...general, count: 2.5 },
        "cluster.nodes.general.count: must be a whole number, got 2.5",
    ],
    [
        "cluster.nodes.general",
        { ...general, cpu: 8 },
        'cluster.nodes.general.cpu: must be cores in quotes, such as "500m"',
    ],
    ["cluster.nodes.general", { ...general, cpu: "0" }, "cluster.nodes.general.cpu: must be cores in quotes"],
    [
        "cluster.nodes.general",
        { ...general, memory: "32GB" },
        "cluster.nodes.general.memory: must be bytes with a binary",
    ],
    [
        "cluster.nodes.general",
        { ...general, memory: "-1Gi" },
        "cluster.nodes.general.memory: must be bytes with a binary",
    ],
    ["cluster.nodes.general.labels", { "node type": "x" }, "cluster.nodes.general.labels"],
    ["cluster.nodes.gpu", { ...general, gpus: 0 }, "cluster.nodes.gpu.gpus: must be at least 1, got 0"],
    ["cluster.storageClasses.standard", "Standard SSD", "cluster.storageClasses.standard: must be lower-case letters"],
    ["cluster.entrance.externalTrafficPolicy", "Both", 'must be "Local" or "Cluster", got "Both"'],
    [
        "cluster.entrance.annotations",
        Object.fromEntries([..."abcdefgh"].map((key) => [key, "x"])),
        "cluster.entrance.annotations: must be at most 7 annotations",
    ],
    ["ownership.owner", undefined, "ownership.owner: is missing"],
    ["ownership.owner", "the platform team", "ownership.owner: must be letters, digits"],
    ["ownership.dataClass", "secret", 'ownership.dataClass: must be "public" or "internal" or'],
    ["edge.host", "tars_local", "edge.host: must be DNS labels joined by dots"],
    ["edge.otherHosts", ["*.*.example.com"], "edge.otherHosts.0: must be DNS labels joined by dots, lower case, or *."],
    ["edge.exposure", "everyone", 'edge.exposure: must be "public" or "internal", got "everyone"'],
    ["edge.requestSeconds", 0, "edge.requestSeconds: must be at least 1, got 0"],
    ["edge.rateLimit.exempt", ["10.0.0.1/16"], "edge.rateLimit.exempt.0: must be an IPv4 range with no bits beyond"],
    ["edge.rateLimit.onFailure", "ignore", 'edge.rateLimit.onFailure: must be "allow" or "deny", got "ignore"'],
    ["edge.authentication", { issuer: "http://a.example" }, "edge.authentication.issuer: must be a URL"],
    ["secrets.jwtGeneration", "2", 'secrets.jwtGeneration: must be a whole number, got "2"'],
    ["tarsRag.image.registry", "https://registry/", "tarsRag.image.registry: must be a registry"],
    ["tarsRag.image.tag", "latest", "tarsRag.image.tag: must be one exact version, not latest"],
    ["tarsRag.rateLimitPerMinute", 0, "tarsRag.rateLimitPerMinute: must be at least 1, got 0"],
    ["tarsRag.rateLimitPerMinute", "many", 'tarsRag.rateLimitPerMinute: must be a whole number, got "many"'],
    ["tarsRag.redisCacheTtlSeconds", -1, "tarsRag.redisCacheTtlSeconds: must be at least 1, got -1"],
    ["tarsRag.redisEnabled", "yes", 'tarsRag.redisEnabled: must be true or false, got "yes"'],
    ["tarsRag.targetCpuPercent", 170, "tarsRag.targetCpuPercent: must be at most 100, got 170"],
    ["tarsRag.baseUrl", "tars.local", "tarsRag.baseUrl: must be a URL that begins with https:// or http://"],
    ["tarsRag.adminClientIds", [], "tarsRag.adminClientIds: must be at least 1 entries long"],
    ["tarsRag.adminClientIds", ["a", "a"], "tarsRag.adminClientIds: must not name anything twice"],
    ["tarsRag.adminClientIds", ["a,b"], "tarsRag.adminClientIds.0: must be a client id without spaces or commas"],
    ["sizes.redis.replicas", { max: 2 }, "sizes.redis.replicas: is no setting"],
    ["sizes.redis.storage", "1Gi", "sizes.redis.storage: is no setting"],
    ["sizes.tars-backend.replicas", { min: 11 }, "sizes.tars-backend.replicas: min is 11 and max is 10"],
    ["sizes.tars-backend.requests", { cpu: "3" }, "sizes.tars-backend.requests.cpu: requests 3 of at most 2"],
    ["sizes.ollama.requests", { memory: "20Gi" }, "sizes.ollama.requests.memory: requests 20Gi of at most 16Gi"],
    [
        "sizes.ollama",
        { requests: { cpu: "9" }, limits: { cpu: "9" } },
        "one pod requests 9 cpu, 8Gi and 1Gi of disk, a node has ",
    ],
    ["sizes.redis.scratch", "500Gi", "one pod requests 250m cpu, 512Mi and 500Gi of disk, a node has"],
];

describe("a stack file", () => {
    test("of dev is accepted, with the defaults of the T.A.R.S. guide", () => {
        const { tarsRag, edge, sizes } = parsed(devSettings()).settings;
        expect(tarsRag).toMatchObject({
            redisEnabled: true,
            redisCacheTtlSeconds: 3600,
            rateLimitPerMinute: 30,
            enableHttps: true,
            useAdvancedReranking: true,
            prometheusEnabled: true,
            adminClientIds: ["admin_001", "admin_002", "admin_003"],
            targetCpuPercent: 70,
        });
        expect([edge.host, edge.apiHost]).toEqual(["tars.local", "api.tars.local"]);
        expect(sizes["tars-backend"]).toMatchObject({
            replicas: { min: 3, max: 10 },
            limits: { cpu: "2", memory: "4Gi" },
        });
    });

    test.each(refused)("with %s = %j is refused", (key, value, words) => {
        expect(refusal(devWith(key, value))).toContain(words);
    });

    test("is told every problem at once, each with its fix", () => {
        const raw = {
            ...devSettings(),
            environment: "prod",
            tarsRag: { rateLimitPerMinutes: 60, redisEnabled: 1 },
        };
        expect(refusal(raw)).toBe(
            [
                "Pulumi.dev.yaml has 3 problems:",
                '  - environment: must be "dev" or "staging" or "production", got "prod"',
                '      fix: give the row of the sizing table, for example environment: "dev"',
                "  - tarsRag.redisEnabled: must be true or false, got 1",
                "      fix: give true to cache answers in Redis, for example redisEnabled: true",
                "  - tarsRag.rateLimitPerMinutes: is no setting",
                '      fix: did you mean "rateLimitPerMinute"?',
            ].join("\n"),
        );
    });

    test.each([
        ["enviroment", "environment"],
        ["enviromnet", "environment"],
        ["TarsRag", "tarsRag"],
        ["clusters", "cluster"],
        ["size", "sizes"],
    ])("with the unknown key %s is asked whether it means %s", (key, meant) => {
        expect(refusal(devWith(key, "x"))).toContain(`${key}: is no setting\n      fix: did you mean "${meant}"?`);
    });

    test("with an unknown key that is like no other is shown what there is", () => {
        expect(refusal(devWith("edge.xyzzy", 1))).toContain("remove it; known here: host, apiHost, otherHosts");
    });

    test("whose quota is too small is shown the arithmetic", () => {
        const message = refusal(devWith("quota", { requests: { cpu: "8", memory: "64Gi" } }));
        expect(message).toContain(
            "quota.requests.cpu: is 8, but the pods need 11550m: tars-backend (10 + 2) x 500m + postgres 1 x 500m + " +
                "redis (1 + 1) x 250m + chromadb 1 x 500m + ollama 1 x 4 + postgres-logins 1 x 50m",
        );
        expect(message).not.toContain("quota.requests.memory");
    });

    test("whose nodes cannot hold every autoscaler at its maximum is shown the arithmetic", () => {
        const message = refusal(devWith("cluster.nodes.general", { ...general, count: 1, memory: "16Gi" }));
        expect(message).toMatch(/1 x \d+m cores cannot hold \d+m?: tars-backend \(10 \+ 2\) x 500m \+/);
        expect(message).toMatch(/1 x \d+Mi cannot hold \d+[GM]i: tars-backend \(10 \+ 2\) x 1Gi \+/);
    });

    test("counts a workload that runs on GPU nodes against those", () => {
        const raw = devWith("cluster.nodes", {
            general: { ...general, count: 3, cpu: "4500m", memory: "16Gi" },
            gpu: { ...general, count: 1, gpus: 1 },
        });
        expect(parsed(raw).cloud.pools.map(({ role }) => role)).toEqual(["general", "gpu"]);
    });

    test("changes single figures of a size and leaves the others", () => {
        const raw = devWith("sizes", {
            "tars-backend": { limits: { cpu: "4", memory: "8Gi" } },
            postgres: { storage: "20Gi" },
        });
        const { sizes } = parsed(raw).settings;
        expect(sizes["tars-backend"]).toMatchObject({ limits: { cpu: "4", memory: "8Gi" }, requests: { cpu: "500m" } });
        expect(sizes.postgres).toMatchObject({ storage: "20Gi", limits: { cpu: "2" } });
    });
});

describe("configuration as the engine hands it over", () => {
    test("is read under the project's own name only, nested values from JSON", () => {
        const config = {
            "tars-platform:cloud": "existing",
            "tars-platform:edge": '{"host":"a.b"}',
            "other:cloud": "x",
        };
        expect(rawSettings(config, "tars-platform")).toEqual({ cloud: "existing", edge: { host: "a.b" } });
    });

    test("under a misspelt project name is refused, under another project's it is not", () => {
        const config = { "tars-platfrom:edge": "{}", "kubernetes:context": "x", "tars-platform:cloud": "existing" };
        expect(checkPrefixes(config, "tars-platform").all).toEqual([
            { key: "tars-platfrom:edge", problem: "is no setting", fix: 'did you mean "tars-platform:edge"?' },
        ]);
    });

    test("that only looks like JSON is left to the schema to refuse", () => {
        const raw = { ...devSettings(), ...rawSettings({ "tars-platform:edge": "{host" }, "tars-platform") };
        expect(refusal(raw)).toContain('edge: must be a group of settings, got "{host"');
    });
});

describe("the JSON schema of stack files", () => {
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(stackFileJsonSchema(clouds));
    const written = (settings: Record<string, unknown>) => ({
        config: Object.fromEntries(Object.entries(settings).map(([key, value]) => [`tars-platform:${key}`, value])),
    });

    test("accepts dev", () => {
        expect(validate(written(devSettings()))).toBe(true);
    });

    test.each(["environment", "cloud", "cluster", "ownership"])("demands %s", (key) => {
        expect(validate(written(devWith(key, undefined)))).toBe(false);
    });

    test("refuses an unknown key of the project and leaves other projects alone", () => {
        expect(validate(written(devWith("enviroment", "dev")))).toBe(false);
        expect(validate({ config: { ...written(devSettings()).config, "aws:region": "eu-central-1" } })).toBe(true);
    });
});

test("a slip is recognised, a different word is not", () => {
    expect(closest("replica", ["replicas", "requests"])).toBe("replicas");
    expect(closest("banana", ["replicas", "requests"])).toBeUndefined();
});
