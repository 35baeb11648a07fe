import type { FailingSample, Resource } from "../../rule";
import { kubernetesResource, sampleOf } from "../../samples";

type Mapping = Readonly<Record<string, unknown>>;

const object = (version: string, kind: string, spec: Mapping): Resource =>
    kubernetesResource(version, kind, { metadata: { name: "data", namespace: "shop" }, spec });

const noTls = "hostnossl all all all reject";
const postgres = (postgresql: Mapping) => sampleOf(object("postgresql.cnpg.io/v1", "Cluster", { postgresql }));
const listener = {
    name: "tls",
    port: 9093,
    type: "internal",
    tls: true,
    authentication: { type: "scram-sha-512" },
} as const;
const kafka = (changes: Mapping) =>
    sampleOf(object("kafka.strimzi.io/v1", "Kafka", { kafka: { listeners: [{ ...listener, ...changes }] } }));
const redisSpec = {
    TLS: { secret: { secretName: "tls" } },
    kubernetesConfig: { redisSecret: { name: "redis", key: "password" } },
} as const;
const redis = (kind: string, spec: Mapping) => sampleOf(object("redis.redis.opstreelabs.in/v1beta2", kind, spec));
const inMesh = (name: string, spec: Mapping): Resource =>
    kubernetesResource("redis.redis.opstreelabs.in/v1beta2", "RedisReplication", {
        metadata: { name, namespace: "tars" },
        spec,
    });
const elastic = (config: Mapping, http: Mapping = {}) =>
    sampleOf(object("elasticsearch.k8s.elastic.co/v1", "Elasticsearch", { http, nodeSets: [{ name: "hot", config }] }));
const cluster = { name: "main", secure: "yes", insecure: "no" } as const;
const users = { "default/k8s_secret_password": "clickhouse/password" } as const;
const clickHouse = (configuration: Mapping) =>
    sampleOf(object("clickhouse.altinity.com/v1", "ClickHouseInstallation", { configuration }));
const tls = { name: "QDRANT__SERVICE__ENABLE_TLS", value: "true" } as const;
const key = { name: "QDRANT__SERVICE__API_KEY", valueFrom: { secretKeyRef: { name: "qdrant", key: "key" } } } as const;
const running = (image: string) => (env: readonly Mapping[]) =>
    sampleOf(
        object("apps/v1", "StatefulSet", { template: { spec: { containers: [{ name: "program", image, env }] } } }),
    );
const qdrant = running("registry.example/qdrant/qdrant:v1.19.0");
const shown = { name: "KARAPACE_SERVER_TLS_CERTFILE", value: "/run/secrets/certificate/tls.crt" } as const;
const asking = { name: "KARAPACE_REGISTRY_AUTHFILE", value: "/run/secrets/logins/logins.json" } as const;
const karapace = running("registry.example/aiven-open/karapace:6.2.0");
const mutual = ["GRPC", "HTTPS_MASTER", "HTTPS_VOLUME", "HTTPS_FILER"].map((part) => ({
    name: `WEED_${part}_CA`,
    value: "/run/secrets/certificate/ca.crt",
}));
const seaweedFs = (env: readonly Mapping[], args: readonly string[]) => {
    const program = { name: "program", image: "registry.example/chrislusf/seaweedfs:4.44", env, args };
    return sampleOf(object("apps/v1", "StatefulSet", { template: { spec: { containers: [program] } } }));
};
const [certified, identified] = ["-s3.cert.file=/tls/tls.crt", "-s3.config=/identities/identities.json"] as const;

export const passing = [
    kafka({}),
    postgres({ pg_hba: [noTls, "hostssl all all all scram-sha-256"] }),
    redis("RedisReplication", redisSpec),
    redis("RedisSentinel", redisSpec),
    // Whose calls the mesh carries, because its clients know no TLS.
    sampleOf(inMesh("redis-ha", { kubernetesConfig: redisSpec.kubernetesConfig })),
    elastic({ "node.roles": ["data"] }),
    elastic({}, { tls: { selfSignedCertificate: { disabled: true }, certificate: { secretName: "own" } } }),
    clickHouse({ clusters: [cluster], users }),
    qdrant([tls, key]),
    karapace([shown, asking]),
    seaweedFs(mutual, [certified, identified]),
] as const;

const noPassword = "lets in without a password";
const clear = "is not true, so that the listener is in the clear";

export const failing: readonly FailingSample[] = [
    { sample: kafka({ tls: false }), problem: clear },
    { sample: kafka({ authentication: null }), problem: "is not set, so that anybody is let in" },
    { sample: postgres({ pg_hba: [noTls, "host all all 10.0.0.0/8 trust"] }), problem: noPassword },
    {
        sample: postgres({ pg_hba: ["hostssl all all all scram-sha-256"] }),
        problem: "has no hostnossl line that rejects clients without TLS",
    },
    {
        sample: postgres({ pg_hba: ["host all all all scram-sha-256", noTls] }),
        problem: "takes clients without TLS before the line that rejects them",
    },
    { sample: postgres({}), problem: "has no hostnossl line that rejects clients without TLS" },
    { sample: postgres({ pg_hba: [noTls], parameters: { ssl: "off" } }), problem: "is off" },
    ...["Redis", "RedisCluster", "RedisReplication", "RedisSentinel"].flatMap((kind) => [
        {
            sample: redis(kind, { kubernetesConfig: redisSpec.kubernetesConfig }),
            problem: "has no certificate, so that it talks in the clear",
        },
        { sample: redis(kind, { TLS: redisSpec.TLS }), problem: "names no password" },
    ]),
    { sample: elastic({ "xpack.security.enabled": false }), problem: "is off" },
    { sample: elastic({ xpack: { security: { http: { ssl: { enabled: false } } } } }), problem: "is off" },
    { sample: elastic({ "xpack.security.transport.ssl.enabled": false }), problem: "is off" },
    { sample: elastic({ "xpack.security.authc.anonymous.roles": "viewer" }), problem: noPassword },
    {
        sample: elastic({}, { tls: { selfSignedCertificate: { disabled: true } } }),
        problem: "is true and no certificate is named, so that HTTP is in the clear",
    },
    {
        sample: clickHouse({ clusters: [{ name: "main", insecure: "no" }], users }),
        problem: "does not turn on the secure ports",
    },
    {
        sample: clickHouse({ clusters: [{ name: "main", secure: "yes" }], users }),
        problem: "leaves the insecure ports open",
    },
    { sample: clickHouse({ clusters: [cluster] }), problem: "has a user without a password" },
    {
        sample: clickHouse({ clusters: [cluster], users: { ...users, "app/networks/ip": "::/0" } }),
        problem: "has a user without a password",
    },
    {
        sample: clickHouse({ clusters: [cluster], users: { "default/password": "" } }),
        problem: "has a password in the clear, or an empty one",
    },
    { sample: qdrant([key]), problem: "does not turn on TLS (QDRANT__SERVICE__ENABLE_TLS)" },
    { sample: qdrant([tls]), problem: "takes no API key from a Secret (QDRANT__SERVICE__API_KEY)" },
    { sample: karapace([asking]), problem: "does not turn on TLS (KARAPACE_SERVER_TLS_CERTFILE)" },
    {
        sample: seaweedFs(mutual.slice(1), [certified, identified]),
        problem: "asks nobody for a certificate (WEED_GRPC_CA)",
    },
    { sample: seaweedFs(mutual, [identified]), problem: "does not turn on TLS (-s3.cert.file)" },
    { sample: seaweedFs(mutual, [certified]), problem: "asks nobody who he is (-s3.config)" },
    { sample: karapace([shown]), problem: "asks nobody who he is (KARAPACE_REGISTRY_AUTHFILE)" },
];
