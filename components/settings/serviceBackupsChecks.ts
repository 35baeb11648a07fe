import type { Issues } from "../foundation/issues";
import type { Settings } from "./schema";

/** Adds plans that cannot keep what they promise. */
export function checkServiceBackups({ serviceBackups: { chromadb } }: Settings, issues: Issues): void {
    if (chromadb.kind === "off") return;
    const { everyHours, keepDays, rpoHours, drillEveryDays } = chromadb;
    const key = (name: string) => `serviceBackups.chromadb.${name}`;
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
export function checkNoStore({ serviceBackups: { chromadb } }: Settings, issues: Issues): void {
    if (chromadb.kind === "off") return;
    const words =
        "is store, which cloud: existing has not; a volume of the cluster would be lost with what it is to bring back";
    issues.add(
        "serviceBackups.chromadb.kind",
        words,
        "set off and say why, or remove it; cloud: aws and azure have one",
    );
}
