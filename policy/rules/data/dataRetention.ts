import { controls } from "../../controls";
import { absent, undecided, type Value } from "../../reading/value";
import { groupAndKind } from "../../resources/kind";
import type { Report, ResourceRule } from "../../rule";
import { kubernetesResource, sampleOf } from "../../samples";
import { setting } from "./dataListeners";

type Check = (spec: Value, report: Report) => void;

const noAudit = "keeps no audit log";

/** How each service keeps an audit log; undefined where it has none (Redis), or keeps one by default (query_log of ClickHouse). */
const audits: Readonly<Record<string, Check | undefined>> = {
    "postgresql.cnpg.io/Cluster": (spec, report) => {
        const log = spec.get("postgresql", "parameters", "pgaudit.log");
        const read = log.text();
        if (read === absent || read === "none" || read === "") report({ path: log.path, problem: noAudit });
    },
    // The authorizer is what writes Kafka's log of who was refused what.
    "kafka.strimzi.io/Kafka": (spec, report) => {
        const authorization = spec.get("kafka", "authorization");
        if (!authorization.isSet) report({ path: authorization.path, problem: noAudit });
    },
    "elasticsearch.k8s.elastic.co/Elasticsearch": (spec, report) => {
        for (const set of spec.get("nodeSets").items()) {
            const enabled = setting(set.get("config"), "xpack.security.audit.enabled");
            const read = enabled.boolean();
            if (read !== true && read !== undecided) report({ path: set.get("config").path, problem: noAudit });
        }
    },
    "clickhouse.altinity.com/ClickHouseInstallation": undefined,
    "redis.redis.opstreelabs.in/Redis": undefined,
    "redis.redis.opstreelabs.in/RedisCluster": undefined,
    "redis.redis.opstreelabs.in/RedisReplication": undefined,
};

/**
 * Says how long a data service keeps what it holds. Operators have no common field for it: the data layer writes the annotation, and makes
 * whatever deletes from it.
 */
export const retentionAnnotation = "tars-platform/retention-days";

const object = (
    version: string,
    kind: string,
    spec: Readonly<Record<string, unknown>>,
    annotations: unknown = { [retentionAnnotation]: "365" },
) =>
    kubernetesResource(version, kind, {
        metadata: { name: "data", labels: { "data-class": "internal" }, annotations },
        spec,
    });
const postgres = (parameters: Readonly<Record<string, unknown>>, annotations?: unknown) =>
    sampleOf(object("postgresql.cnpg.io/v1", "Cluster", { postgresql: { parameters } }, annotations));
const elastic = (config: Readonly<Record<string, unknown>>) =>
    sampleOf(object("elasticsearch.k8s.elastic.co/v1", "Elasticsearch", { nodeSets: [{ name: "hot", config }] }));
const audited = { "pgaudit.log": "write,ddl,role" } as const;

export const dataRetention: ResourceRule = {
    id: "SEC-07",
    title: "Data services log who changed what, and keep data no longer than its class allows",
    severity: "medium",
    level: "mandatory",
    scope: "resource",
    kinds: Object.keys(audits),
    controls: controls({ soc2: ["CC7.2", "C1.2"], iso27001: ["8.10", "8.15", "5.33"] }),
    why: "Without a log nobody can say what an intruder read, and without a rule data stays until it leaks.",
    fix: `turn on the service's audit log, and give the data-class label and the annotation ${retentionAnnotation}`,
    link: "https://gdpr-info.eu/art-5-gdpr/",
    samples: {
        passing: [
            postgres(audited),
            elastic({ "xpack.security.audit.enabled": true }),
            sampleOf(object("kafka.strimzi.io/v1", "Kafka", { kafka: { authorization: { type: "simple" } } })),
            sampleOf(object("redis.redis.opstreelabs.in/v1beta2", "RedisReplication", {})),
        ],
        failing: [
            { sample: postgres({}), problem: noAudit },
            { sample: postgres({ "pgaudit.log": "none" }), problem: noAudit },
            { sample: elastic({}), problem: noAudit },
            { sample: sampleOf(object("kafka.strimzi.io/v1", "Kafka", { kafka: {} })), problem: noAudit },
            { sample: postgres(audited, {}), problem: "has no rule for how long it keeps data" },
            {
                sample: postgres(audited, { [retentionAnnotation]: "for ever" }),
                problem: "has no rule for how long it keeps data",
            },
            {
                sample: sampleOf(
                    kubernetesResource("redis.redis.opstreelabs.in/v1beta2", "Redis", {
                        metadata: { annotations: { [retentionAnnotation]: "30" } },
                    }),
                ),
                problem: "does not say what class its data is of",
            },
        ],
    },
    check: ({ kind, object: each }, report) => {
        const metadata = each.get("metadata");
        const days = metadata.get("annotations", retentionAnnotation);
        const stated = days.text();
        if (stated === absent || (typeof stated === "string" && !/^[1-9]\d*$/.test(stated)))
            report({ path: days.path, problem: "has no rule for how long it keeps data" });
        const dataClass = metadata.get("labels", "data-class");
        if (dataClass.text() === absent)
            report({ path: dataClass.path, problem: "does not say what class its data is of" });
        audits[groupAndKind(kind)]?.(each.get("spec"), report);
    },
};
