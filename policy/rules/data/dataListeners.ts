import { controls } from "../../controls";
import { carriedByMesh } from "../../facts/listeners";
import { absent, undecided, type Value } from "../../reading/value";
import { groupAndKind } from "../../resources/kind";
import { containersOf, podTemplatesOf } from "../../resources/podTemplates";
import type { Subject } from "../../resources/subject";
import type { Report, ResourceRule } from "../../rule";
import { clickHouse } from "./clickHouse";
import { failing, passing } from "./dataListeners.samples";

type Check = (subject: Subject, report: Report) => void;

/** Field names are those of the operators' CRDs: CloudNativePG 1.30, Strimzi 1.2, OT redis-operator 0.26, ECK 3.5, Altinity 0.25. */
const checks: Readonly<Record<string, Check>> = {
    "postgresql.cnpg.io/Cluster": postgres,
    "kafka.strimzi.io/Kafka": kafka,
    "redis.redis.opstreelabs.in/Redis": redis,
    "redis.redis.opstreelabs.in/RedisCluster": redis,
    "redis.redis.opstreelabs.in/RedisReplication": redis,
    "redis.redis.opstreelabs.in/RedisSentinel": redis,
    "elasticsearch.k8s.elastic.co/Elasticsearch": elasticsearch,
    "clickhouse.altinity.com/ClickHouseInstallation": clickHouse,
    // Qdrant, Karapace and SeaweedFS have no operator: it is the image that tells.
    "apps/StatefulSet": withoutOperator,
};

export const dataListeners: ResourceRule = {
    id: "SEC-05",
    title: "Data services talk TLS only, and to nobody who has not said who he is",
    severity: "critical",
    level: "mandatory",
    scope: "resource",
    kinds: Object.keys(checks),
    controls: controls({ soc2: ["CC6.1", "CC6.7"], iso27001: ["8.5", "8.24"] }),
    why: "A database that answers without a password or in the clear gives everything away to the first pod that is broken into.",
    fix: "turn on TLS and authentication at every listener, and take every way around them out",
    link: "https://cheatsheetseries.owasp.org/cheatsheets/Database_Security_Cheat_Sheet.html",
    samples: { passing, failing },
    check: (subject, report) => checks[groupAndKind(subject.kind)]?.(subject, report),
};

/** CloudNativePG has TLS on, but its last line of pg_hba lets clients in that do without: only a line before it sends them away. */
function postgres({ object }: Subject, report: Report): void {
    const postgresql = object.get("spec", "postgresql");
    const hba = postgresql.get("pg_hba");
    const lines = hba.items().map((line) => ({ path: line.path, text: line.text() }));
    for (const { path, text } of lines)
        if (typeof text === "string" && /\strust(\s|$)/.test(text))
            report({ path, problem: "lets in without a password" });
    const isKnown = (hba.isList || !hba.isSet) && lines.every(({ text }) => text !== undecided);
    const rejecting = lines.findIndex(({ text }) => typeof text === "string" && rejectsPlain.test(text));
    if (isKnown && rejecting < 0)
        report({ path: hba.path, problem: "has no hostnossl line that rejects clients without TLS" });
    for (const { path, text } of lines.slice(0, Math.max(rejecting, 0)))
        if (typeof text === "string" && takesPlain.test(text))
            report({ path, problem: "takes clients without TLS before the line that rejects them" });
    const ssl = postgresql.get("parameters", "ssl");
    if (ssl.text() === "off") report({ path: ssl.path, problem: "is off" });
}

const rejectsPlain = /^\s*hostnossl\s+all\s+all\s+all\s+reject/;
/** The first line that fits a client decides. @see https://www.postgresql.org/docs/current/auth-pg-hba-conf.html */
const takesPlain = /^\s*host(nossl|nogssenc)?\s(?!.*\sreject\s*$)/;

function kafka({ object }: Subject, report: Report): void {
    for (const listener of object.get("spec", "kafka", "listeners").items()) {
        const tls = listener.get("tls");
        const read = tls.boolean();
        if (read !== true && read !== undecided)
            report({ path: tls.path, problem: "is not true, so that the listener is in the clear" });
        const authentication = listener.get("authentication");
        if (!authentication.isSet)
            report({ path: authentication.path, problem: "is not set, so that anybody is let in" });
    }
}

function redis({ object }: Subject, report: Report): void {
    const spec = object.get("spec");
    if (!spec.get("TLS", "secret").isSet && !isCarriedByMesh(object))
        report({ path: spec.get("TLS").path, problem: "has no certificate, so that it talks in the clear" });
    const password = spec.get("kubernetesConfig", "redisSecret");
    const name = password.get("name").text();
    if (name === absent || name === "") report({ path: password.path, problem: "names no password" });
}

function isCarriedByMesh(object: Value): boolean {
    const [namespace, name] = ["namespace", "name"].map((part) => object.get("metadata", part).quietly.text());
    return carriedByMesh.some((each) => each.namespace === namespace && each.name === name);
}

/** ECK turns TLS and authentication on by itself; what counts is what turns them off. */
function elasticsearch({ object }: Subject, report: Report): void {
    const disabled = object.get("spec", "http", "tls", "selfSignedCertificate", "disabled");
    if (disabled.boolean() === true && !object.get("spec", "http", "tls", "certificate", "secretName").isSet)
        report({ path: disabled.path, problem: "is true and no certificate is named, so that HTTP is in the clear" });
    for (const set of object.get("spec", "nodeSets").items()) {
        const config = set.get("config");
        for (const name of [
            "xpack.security.enabled",
            "xpack.security.http.ssl.enabled",
            "xpack.security.transport.ssl.enabled",
        ]) {
            const value = setting(config, name);
            if (value.boolean() === false) report({ path: value.path, problem: "is off" });
        }
        const anonymous = setting(config, "xpack.security.authc.anonymous.roles");
        if (anonymous.isSet) report({ path: anonymous.path, problem: "lets in without a password" });
    }
}

/** A setting of Elasticsearch, whose name may be written in one piece or as mappings within each other. */
export function setting(config: Value, name: string): Value {
    const whole = config.get(name);
    return whole.isSet ? whole : config.get(...name.split("."));
}

function withoutOperator(subject: Subject, report: Report): void {
    for (const template of podTemplatesOf(subject))
        for (const { value } of containersOf(template)) {
            const image = value.get("image").quietly.text();
            if (typeof image !== "string") continue;
            for (const { form, check } of programs) if (form.test(image)) check(value, report);
        }
}

/** By the last part of the image's name. */
const programs = [
    { form: /(^|\/)qdrant(\/qdrant)?[:@]/, check: qdrant },
    { form: /(^|\/)karapace[:@]/, check: karapace },
    { form: /(^|\/)seaweedfs[:@]/, check: seaweedFs },
] as const;

function variable(env: Value, name: string): Value | undefined {
    return env.items().find((entry) => entry.get("name").text() === name);
}

function qdrant(container: Value, report: Report): void {
    const env = container.get("env");
    if (variable(env, "QDRANT__SERVICE__ENABLE_TLS")?.get("value").text() !== "true")
        report({ path: env.path, problem: "does not turn on TLS (QDRANT__SERVICE__ENABLE_TLS)" });
    if (!variable(env, "QDRANT__SERVICE__API_KEY")?.get("valueFrom").isSet)
        report({ path: env.path, problem: "takes no API key from a Secret (QDRANT__SERVICE__API_KEY)" });
}

/** Karapace is in the clear, and lets in everybody, until a file each says otherwise. */
function karapace(container: Value, report: Report): void {
    const env = container.get("env");
    if (!variable(env, "KARAPACE_SERVER_TLS_CERTFILE"))
        report({ path: env.path, problem: "does not turn on TLS (KARAPACE_SERVER_TLS_CERTFILE)" });
    if (!variable(env, "KARAPACE_REGISTRY_AUTHFILE"))
        report({ path: env.path, problem: "asks nobody who he is (KARAPACE_REGISTRY_AUTHFILE)" });
}

/** SeaweedFS is in the clear, and lets in everybody, until it is told otherwise: its parts by their environment, S3 by arguments. */
function seaweedFs(container: Value, report: Report): void {
    const env = container.get("env");
    for (const name of ["WEED_GRPC_CA", "WEED_HTTPS_MASTER_CA", "WEED_HTTPS_VOLUME_CA", "WEED_HTTPS_FILER_CA"])
        if (!variable(env, name)) report({ path: env.path, problem: `asks nobody for a certificate (${name})` });
    const args = container.get("args");
    const words = args.texts();
    if (args.isSet && !args.isList) return;
    if (!words.some((word) => word.startsWith("-s3.cert.file=")))
        report({ path: args.path, problem: "does not turn on TLS (-s3.cert.file)" });
    if (!words.some((word) => word.startsWith("-s3.config=")))
        report({ path: args.path, problem: "asks nobody who he is (-s3.config)" });
}
