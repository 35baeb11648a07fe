import { kubernetesResource } from "../../policy/samples";
import { type Mapping, problemsOf, ruleOf, unknownText } from "./support";

const object = (version: string, kind: string, spec: unknown) =>
    kubernetesResource(version, kind, { metadata: { name: "data", namespace: "shop" }, spec });
const postgres = (lines: unknown) => object("postgresql.cnpg.io/v1", "Cluster", { postgresql: { pg_hba: lines } });
const redis = (spec: unknown) => object("redis.redis.opstreelabs.in/v1beta2", "Redis", spec);
const kafka = (tls: unknown) =>
    object("kafka.strimzi.io/v1", "Kafka", { kafka: { listeners: [{ tls, authentication: { type: "tls" } }] } });
const container = (spec: Mapping) => object("apps/v1", "StatefulSet", { template: { spec: { containers: [spec] } } });

const hba = "spec.postgresql.pg_hba";
const noTls = "hostnossl all all all reject";
const notRejected = `${hba} has no hostnossl line that rejects clients without TLS`;
const taken = "takes clients without TLS before the line that rejects them";
const unknown = (path: string) => `not decided: ${path} is not known before the update`;

test.each([
    ["spaces and tabs between the words", [" hostnossl  all\t all   all \t reject"], []],
    ["a comment that only looks so", [`# ${noTls}`], [notRejected]],
    ["one database only", ["hostnossl shop all all reject"], [notRejected]],
    ["a user called trusted", [noTls, "hostssl shop trusted all scram-sha-256"], []],
    ["trust with an option", [noTls, "hostssl all all all trust map=all"], [`${hba}[1] lets in without a password`]],
    ["lines before it that take only clients with TLS", ["hostssl all all all cert", "local all all peer", noTls], []],
    ["a line before it that rejects as well", ["host all all 10.0.0.0/8 reject", noTls], []],
    ["a line before it for clients without TLS", ["hostnossl shop app all md5", noTls], [`${hba}[0] ${taken}`]],
    ["a line before it for clients without GSSAPI", ["hostnogssenc all all all md5", noTls], [`${hba}[0] ${taken}`]],
    ["a line after it", [noTls, "host all all all scram-sha-256"], []],
    ["all unknown", unknownText, [unknown(hba)]],
    ["a line unknown, which may reject them", ["hostssl all all all cert", unknownText], [unknown(`${hba}[1]`)]],
    ["a line unknown beside one that rejects them", [unknownText, noTls], [unknown(`${hba}[0]`)]],
    ["a text for the list", noTls, [`${hba} is a string where a list belongs`]],
])("the access lines of PostgreSQL: %s", (_, lines, problems) => {
    expect(problemsOf(ruleOf("SEC-05"), [postgres(lines)])).toEqual(problems);
});

const secret = { redisSecret: { name: "redis", key: "password" } };
const noCertificate = "spec.TLS has no certificate, so that it talks in the clear";
const noPassword = "spec.kubernetesConfig.redisSecret names no password";

test.each([
    ["nothing is said", {}, [noCertificate, noPassword]],
    [
        "the password has no name",
        { TLS: { secret: {} }, kubernetesConfig: { redisSecret: { name: "" } } },
        [noPassword],
    ],
    ["the certificate is unknown", { TLS: unknownText, kubernetesConfig: secret }, []],
    ["all is unknown", unknownText, [unknown("spec")]],
    ["a list stands for all", [], ["spec is a list where a mapping belongs"]],
])("Redis, where %s", (_, spec, problems) => {
    expect(problemsOf(ruleOf("SEC-05"), [redis(spec)])).toEqual(problems);
});

test("a listener of Kafka whose TLS is unknown is not decided", () => {
    const path = "spec.kafka.listeners[0].tls";
    expect(problemsOf(ruleOf("SEC-05"), [kafka(unknownText)])).toEqual([unknown(path)]);
});

describe("Qdrant is told by its image", () => {
    test.each([
        "qdrant:v1.19.0",
        "qdrant/qdrant:v1.19.0",
        "registry.example/qdrant:v1.19.0",
        "registry.example/qdrant/qdrant@sha256:0123",
    ])("%s", (image) => {
        expect(problemsOf(ruleOf("SEC-05"), [container({ image })])).toHaveLength(2);
    });

    test.each(["postgres:18", "registry.example/qdrant-exporter:v1", "registry.example/notqdrant:v1", unknownText, 1])(
        "and is not %s",
        (image) => {
            expect(problemsOf(ruleOf("SEC-05"), [container({ image })])).toEqual([]);
        },
    );
});
