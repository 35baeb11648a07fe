import { type BackupPlan, backedUpServices } from "../foundation/dataBackups";
import type { Issues } from "../foundation/issues";
import type { Settings } from "./schema";

/** Adds plans that cannot keep what they promise. */
export function checkServiceBackups(settings: Settings, issues: Issues): void {
    const { serviceBackups } = settings;
    for (const service of backedUpServices) {
        const plan = serviceBackups[service];
        if (plan.kind === "store") checkPlan(`serviceBackups.${service}`, plan, issues);
    }
    checkClickHouse(settings, issues);
    checkElasticsearch(settings, issues);
    checkQdrant(settings, issues);
}

function checkClickHouse({ serviceBackups, data: { clickhouse } }: Settings, issues: Issues): void {
    if (serviceBackups.clickhouse.kind === "off") return;
    const key = "serviceBackups.clickhouse.kind";
    if (clickhouse.kind === "off") {
        issues.add(key, "is store, but there is no ClickHouse", "remove it, or set data.clickhouse.kind to cluster");
    } else if (clickhouse.databases.length === 0) {
        const words = "is store, but data.clickhouse.databases names none: there is nothing to back up";
        issues.add(key, words, "name the databases, or remove it");
    }
}

function checkElasticsearch({ serviceBackups, data: { elasticsearch } }: Settings, issues: Issues): void {
    if (serviceBackups.elasticsearch.kind === "off") return;
    const key = "serviceBackups.elasticsearch.kind";
    if (elasticsearch.kind === "off") {
        const fix = "remove it, or set data.elasticsearch.kind to cluster";
        issues.add(key, "is store, but there is no Elasticsearch", fix);
    } else if (Object.keys(elasticsearch.streams).length === 0) {
        const words = "is store, but data.elasticsearch.streams names none: there is nothing to take a snapshot of";
        issues.add(key, words, "name the streams, or remove it");
    }
}

function checkQdrant({ serviceBackups, data: { vectors } }: Settings, issues: Issues): void {
    if (serviceBackups.qdrant.kind === "off" || vectors.kind !== "off") return;
    const fix = "remove it, or set data.vectors.kind to qdrant";
    issues.add("serviceBackups.qdrant.kind", "is store, but there is no Qdrant", fix);
}

function checkPlan(of: string, { everyHours, keepDays, rpoHours, drillEveryDays }: BackupPlan, issues: Issues): void {
    const key = (name: string) => `${of}.${name}`;
    if (rpoHours <= everyHours) {
        const words = `is ${rpoHours}, but a backup is made every ${everyHours} hours and takes its time as well`;
        issues.add(key("rpoHours"), words, `set more than ${everyHours}, or lower everyHours`);
    }
    if (keepDays * 24 < rpoHours) {
        const words = `is ${keepDays}, less than the ${rpoHours} hours of rpoHours: the last backup would be gone before it is too old`;
        issues.add(key("keepDays"), words, `set at least ${Math.ceil(rpoHours / 24)}, or lower rpoHours`);
    }
    if (keepDays >= drillEveryDays) return;
    const words = `is ${drillEveryDays}, but backups are kept for ${keepDays}: some would be gone before anybody tried one`;
    issues.add(key("drillEveryDays"), words, "set 1, or raise keepDays");
}

/** Refuses backups that would have to stay inside of what they are to bring back. */
export function checkNoStore({ serviceBackups }: Pick<Settings, "serviceBackups">, issues: Issues): void {
    for (const service of backedUpServices) {
        if (serviceBackups[service].kind === "off") continue;
        const words =
            "is store, which cloud: existing has not; a volume of the cluster would be lost with what it is to bring back";
        const fix = "set off and say why, or remove it; cloud: aws and azure have one";
        issues.add(`serviceBackups.${service}.kind`, words, fix);
    }
}
