import { controls } from "../../controls";
import { undecided, type Value } from "../../reading/value";
import { groupAndKind } from "../../resources/kind";
import { containersOf } from "../../resources/podTemplates";
import type { Stack } from "../../resources/stack";
import { nameOf, namespaceOf, type Subject } from "../../resources/subject";
import type { Context, StackReport, StackRule } from "../../rule";
import { environmentOf } from "../kubernetes/startTexts";
import { textsOf } from "../texts";
import { bucketOf, postgresCluster } from "./backupObjects";
import { failing, passing } from "./backups.samples";

/** Services whose operators keep data in volumes; a StatefulSet, or a Redis, is one where it claims volumes. */
const operated = [
    postgresCluster,
    "kafka.strimzi.io/Kafka",
    "redis.redis.opstreelabs.in/Redis",
    "redis.redis.opstreelabs.in/RedisCluster",
    "redis.redis.opstreelabs.in/RedisReplication",
    "elasticsearch.k8s.elastic.co/Elasticsearch",
    "clickhouse.altinity.com/ClickHouseInstallation",
] as const;

/**
 * Marks the CronJob that restores a data service's backup into a scratch place and reads it; its value is the service's `metadata.name`.
 * The data layer (part 5) gives every drill this label.
 */
export const drillLabel = "tars-platform/restore-drill";

/** Why nobody practises a service's restore, in words: for one whose data nobody would restore, or that nothing can yet. */
const undrilled = "tars-platform/undrilled-because";

/** Why nobody backs a service up. In production no reason is good enough. */
const notBackedUp = "tars-platform/not-backed-up-because";

export const backups: StackRule = {
    id: "REL-10",
    title: "Every data service is backed up elsewhere, and its restore is practised",
    severity: "high",
    level: "mandatory",
    scope: "stack",
    kinds: [...operated, "apps/StatefulSet"],
    controls: controls({ soc2: ["A1.2", "A1.3"], iso27001: ["8.13", "5.30"] }),
    why: "A backup that was never made, went to the disk that broke or was never restored is found missing on the day that it is needed.",
    fix: `give it a schedule with retention into a bucket of its own, and a CronJob labelled ${drillLabel} that restores it, or say in ${undrilled} why none does`,
    link: "https://cloudnative-pg.io/documentation/current/backup/",
    samples: { passing, failing },
    check: (stack, report, context) => {
        for (const service of servicesOf(stack)) {
            const name = nameOf(service);
            if (typeof name !== "string") continue;
            const one = { stack, service, name, report, context };
            if (groupAndKind(service.kind) === postgresCluster) checkPostgres(one);
            else if (!isExcused(one)) checkVelero(one);
            if (!hasDrill(stack, name) && !says(service, undrilled)) say(one, "has no restore drill");
        }
    },
};

interface One {
    readonly stack: Stack;
    readonly service: Subject;
    readonly name: string;
    readonly report: StackReport;
    readonly context: Context;
}

function quiet(subject: Subject): Subject {
    return { ...subject, object: subject.object.quietly };
}

function say({ service, report }: One, problem: string, path = "metadata.name"): void {
    report(service, { path, problem });
}

function servicesOf(stack: Stack): readonly Subject[] {
    const claiming = stack
        .of("apps/StatefulSet")
        .filter(({ object }) => object.get("spec", "volumeClaimTemplates").items().length > 0);
    return [...stack.of(...operated).filter(keepsData), ...claiming];
}

/** A cache without volumes has nothing to lose. */
function keepsData({ kind, object }: Subject): boolean {
    if (!groupAndKind(kind).startsWith("redis.redis.opstreelabs.in/")) return true;
    return object.get("spec", "storage", "volumeClaimTemplate").isSet;
}

function hasDrill(stack: Stack, name: string): boolean {
    return stack.of("batch/CronJob").some(({ object }) => {
        const label = object.get("metadata", "labels", drillLabel).quietly.text();
        return label === name && object.get("spec", "suspend").quietly.boolean() !== true;
    });
}

/** Whether it gives a reason; what is not known is taken for one, since a program that computes it means to say something. */
function says({ object }: Subject, annotation: string): boolean {
    const reason = object.get("metadata", "annotations", annotation).quietly.text();
    return reason === undecided || (typeof reason === "string" && reason.trim() !== "");
}

function isExcused({ service, context }: One): boolean {
    return context.environment !== "production" && says(service, notBackedUp);
}

/** By the Barman plugin: a ScheduledBackup, and an ObjectStore that says where to and for how long. */
function checkPostgres(one: One): void {
    const { stack, service, name, context } = one;
    const schedules = stack
        .of("postgresql.cnpg.io/ScheduledBackup")
        .map(quiet)
        .filter(({ object }) => object.get("spec", "cluster", "name").text() === name);
    if (!schedules.some(({ object }) => object.get("spec", "suspend").boolean() !== true))
        say(one, "has no backup schedule");
    const plugins = service.object.get("spec", "plugins");
    const archiver = plugins
        .items()
        .find(
            (plugin) => plugin.get("parameters", "barmanObjectName").isSet && plugin.get("enabled").boolean() !== false,
        );
    // What cannot be read has been noted, and may be all that is asked for.
    if (plugins.isSet && !plugins.isList) return;
    const archives = archiver?.get("isWALArchiver").boolean();
    if (context.environment === "production" && archives !== true && archives !== undecided)
        say(one, "cannot be restored to a point in time, because no plugin archives its log", plugins.path);
    const wanted = archiver?.get("parameters", "barmanObjectName").text();
    if (wanted === undecided) return;
    const store = stack
        .of("barmancloud.cnpg.io/ObjectStore")
        .map(quiet)
        .find((each) => nameOf(each) === wanted);
    if (!store) say(one, "has no object store for its backups", plugins.path);
    else if (!store.object.get("spec", "retentionPolicy").isSet)
        say(one, "keeps backups without retention", plugins.path);
}

/** By Velero, with the volumes of its namespace. A backup is kept 30 days where `ttl` does not say (the CRD's default, 720h). */
function checkVelero(one: One): void {
    const { stack, service } = one;
    const namespace = namespaceOf(quiet(service));
    const schedules = stack
        .of("velero.io/Schedule")
        .map(quiet)
        .filter(({ object }) => covers(object, namespace));
    const [first] = schedules;
    if (!first) {
        say(one, "has no backup schedule");
        return;
    }
    const ttl = first.object.get("spec", "template", "ttl").text();
    if (ttl === "0s" || ttl === "0") say(one, "keeps backups without retention");
    const location = first.object.get("spec", "template", "storageLocation").text();
    const target = stack
        .of("velero.io/BackupStorageLocation")
        .map(quiet)
        .find((each) => nameOf(each) === (typeof location === "string" ? location : "default"));
    const bucket = target && bucketOf(target);
    if (!target) say(one, "has a schedule whose storage location is not in the stack");
    else if (bucket !== undefined && holds(service, bucket))
        say(one, "is backed up into the bucket that holds its data");
}

function covers(schedule: Value, namespace: unknown): boolean {
    const template = schedule.get("spec", "template");
    const [included, excluded] = [
        template.get("includedNamespaces").texts(),
        template.get("excludedNamespaces").texts(),
    ];
    const named = included.length === 0 || included.some((each) => each === "*" || each === namespace);
    const hasVolumes =
        template.get("snapshotVolumes").boolean() !== false ||
        template.get("defaultVolumesToFsBackup").boolean() === true;
    return (
        schedule.get("spec", "paused").boolean() !== true &&
        named &&
        hasVolumes &&
        !excluded.some((each) => each === namespace)
    );
}

/** Whether a service names a bucket as its own: but for variables by which it is told where its own snapshots go. */
function holds(service: Subject, bucket: string): boolean {
    const spec = service.object.get("spec").quietly;
    const copies = new Set(
        containersOf({ spec: spec.get("template", "spec") }).flatMap(({ value }) => copyVariables(value)),
    );
    return textsOf(spec).some(({ path, text }) => !copies.has(path) && text.split(/[^a-z0-9.-]+/).includes(bucket));
}

function copyVariables(container: Value): readonly string[] {
    return environmentOf(container).flatMap(({ path, name }) => (/SNAPSHOT|BACKUP/.test(name) ? [path] : []));
}
