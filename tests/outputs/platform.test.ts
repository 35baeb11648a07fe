import * as pulumi from "@pulumi/pulumi";
import { type Contract, contractVersion } from "../../outputs/contract";
import { platform, readContract } from "../../outputs/platform";

const stack = "organization/tars-platform/dev";

const sample: Contract = {
    contract: contractVersion,
    namespace: "tars",
    clusterIdentity: "6f1c1a0e-9d3b-4a52-8a37-1f2a3b4c5d6e",
    gateway: { name: "tars-gateway", namespace: "istio-ingress", serviceAccount: "tars-gateway-istio" },
    ground: null,
    hosts: ["tars.local"],
    urls: {
        app: "https://tars.local",
        api: "https://api.tars.local",
        docs: "https://tars.local/docs",
        health: "https://tars.local/health",
    },
    endpoints: { postgres: "postgres:5432", redis: "redis:6379", chromadb: "chromadb:8000", ollama: "ollama:11434" },
    credentials: {
        postgres: { database: "d", user: "u", password: { namespace: "tars", name: "s", key: "k" } },
        redis: { password: { namespace: "tars", name: "s", key: "k" } },
    },
    postgres: {
        users: {
            orders: {
                endpoint: "postgres-rw.tars.svc:5432",
                databases: ["orders", "tars_analytics"],
                tls: "verify-full",
                authority: { namespace: "tars", name: "postgres-ca", key: "ca.crt" },
                secret: { namespace: "tars", name: "postgres-user-orders", keys: ["username", "password", "url"] },
                url: { namespace: "tars", name: "postgres-user-orders", key: "url" },
            },
        },
    },
    kafka: {
        users: {
            backend: {
                bootstrap: "kafka-kafka-bootstrap.kafka.svc:9093",
                securityProtocol: "SASL_SSL",
                authority: { namespace: "kafka", name: "kafka-cluster-ca-cert", key: "ca.crt" },
                secret: { namespace: "kafka", name: "backend", keys: ["password", "sasl.jaas.config"] },
            },
        },
    },
    kafkaHubs: {
        users: {
            reports: {
                bootstrap: "tars-production-kafka-01234567.servicebus.windows.net:9093",
                securityProtocol: "SASL_SSL",
                mechanism: "OAUTHBEARER",
                token: {
                    endpoint:
                        "https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/oauth2/v2.0/token",
                    clientId: "00000000-0000-0000-0000-000000000001",
                    scope: "https://tars-production-kafka-01234567.servicebus.windows.net/.default",
                    annotations: { "azure.workload.identity/client-id": "00000000-0000-0000-0000-000000000001" },
                    podLabels: { "azure.workload.identity/use": "true" },
                },
            },
        },
    },
    schemaRegistry: {
        url: "https://schema-registry.kafka.svc.cluster.local:8081",
        authority: { namespace: "kafka", name: "schema-registry-trust", key: "ca.crt" },
        users: {
            backend: { namespace: "kafka", name: "schema-registry-backend", keys: ["username", "password"] },
        },
    },
    elasticsearch: {
        users: {
            backend: {
                url: "https://elasticsearch-es-http.elasticsearch.svc:9200",
                authority: { namespace: "elasticsearch", name: "elasticsearch-es-http-certs-public", key: "ca.crt" },
                secret: { namespace: "elasticsearch", name: "login-backend", keys: ["username", "password"] },
            },
        },
    },
    clickhouse: {
        users: {
            backend: {
                https: "clickhouse.clickhouse.svc:8443",
                native: "clickhouse.clickhouse.svc:9440",
                databases: ["analytics"],
                authority: { namespace: "clickhouse", name: "clickhouse-trust", key: "ca.crt" },
                password: { namespace: "clickhouse", name: "user-backend", key: "password" },
                url: { namespace: "clickhouse", name: "user-backend", key: "url" },
            },
        },
    },
    holdings: { postgres: { form: "cluster", version: "18", volumes: { data: "100Gi", log: "20Gi" } } },
    objects: {
        users: {
            backend: {
                endpoint: "https://object-store.object-store.svc.cluster.local:8333",
                region: "us-east-1",
                reads: ["media"],
                writes: ["media"],
                authority: { namespace: "object-store", name: "object-store-trust", key: "ca.crt" },
                accessKey: { namespace: "object-store", name: "user-backend", key: "AWS_ACCESS_KEY_ID" },
                secretKey: { namespace: "object-store", name: "user-backend", key: "AWS_SECRET_ACCESS_KEY" },
            },
        },
    },
    replicas: { redis: { min: 1, max: 1 } },
};

const without = (key: keyof Contract): Record<string, unknown> =>
    Object.fromEntries(Object.entries(sample).filter(([name]) => name !== key));

/** What a consumer's user sees. */
function refused(outputs: Readonly<Record<string, unknown>>): string {
    try {
        readContract(stack, outputs);
    } catch (error) {
        if (pulumi.RunError.isInstance(error)) return error.message;
        throw error;
    }
    throw new Error("it was not refused");
}

test("what a platform adds later does not disturb", () => {
    expect(readContract(stack, { ...sample, later: true, urls: { ...sample.urls, later: "x" } })).toEqual(sample);
});

test("a missing output is refused, with stack, output and what to do", () => {
    const message = refused(without("namespace"));
    expect(message).toContain(`stack ${stack} lacks an output of contract ${contractVersion} of tars-platform:`);
    expect(message).toContain("\n  - namespace: is missing\n");
    expect(message).toContain(`pulumi stack output --stack ${stack}`);
});

test("all that is wrong is named at once", () => {
    const urls = { ...sample.urls, api: "api", docs: undefined };
    const message = refused({ ...without("hosts"), urls, endpoints: { ...sample.endpoints, redis: "redis" } });
    expect(message).toContain("lacks 4 outputs");
    expect(message).toContain("  - hosts: is missing");
    expect(message).toContain("  - urls.api: Invalid URL");
    expect(message).toContain("  - urls.docs: is missing");
    expect(message).toContain("  - endpoints.redis: must be host:port");
});

test("a stack of something else is refused as such", () => {
    const message = refused({});
    expect(message).toContain("- contract: is missing");
    expect(message).toContain("check that this is a stack of tars-platform");
});

test("another contract is refused by its number alone", () => {
    const message = refused({ contract: contractVersion + 1 });
    expect(message).toContain(`keeps contract ${contractVersion + 1}`);
    expect(message).toContain(`reads contract ${contractVersion}`);
    expect(message).not.toContain("is missing");
});

describe("platform", () => {
    /** The engine's answer to a stack reference. */
    function answer(outputs: Readonly<Record<string, unknown>>, secretOutputNames: readonly string[]): void {
        pulumi.runtime.setMocks({
            call: () => ({}),
            newResource: ({ name, inputs }) => ({ id: name, state: { ...inputs, outputs, secretOutputNames } }),
        });
    }

    test("gives every output typed, and none as a secret because the stack has another that is", async () => {
        answer({ ...sample, token: "t" }, ["token"]);
        const tars = platform(stack);
        const api: pulumi.Output<string> = tars.urls.api;
        expect(await new Promise((resolve) => api.apply(resolve))).toBe("https://api.tars.local");
        expect(await pulumi.isSecret(api)).toBe(false);
    });
});
