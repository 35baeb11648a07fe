import type { Issues } from "../../foundation/issues";
import priceList from "./machineRegions.json";
import type { AwsSettings } from "./settings";

/**
 * Machines of the table that each region sells, by AWS's price list as `simulator/providers/aws/schemas/extract.py` read it. Whether there
 * are any left to be had on a day is known to AWS alone.
 */
const sold: Readonly<Record<string, readonly string[]>> = priceList.sold;

export function soldIn(region: string): readonly string[] {
    return sold[region] ?? [];
}

/** Adds a region that AWS does not have, and machines that it does not sell there. */
export function checkRegion({ region, pools }: AwsSettings, issues: Issues): void {
    const here = sold[region];
    if (here === undefined) {
        addUnknown("aws.region", region, issues);
        return;
    }
    for (const [role, pool] of Object.entries(pools)) {
        if (pool === undefined || here.includes(pool.machine)) continue;
        const words = `is ${pool.machine}, which AWS does not sell in ${region}`;
        issues.add(`aws.pools.${role}.machine`, words, `choose one of ${here.join(", ")}`);
    }
}

/**
 * Adds a copy of the backups that goes to no region, or to where the backups are already, and one that is missing.
 *
 * @param isNeeded whether the environment's backups must have one
 */
export function checkBackupCopy({ region, backupCopy }: AwsSettings, isNeeded: boolean, issues: Issues): void {
    const key = "aws.backupCopy";
    if (backupCopy === undefined && isNeeded) {
        const words = `is missing: whoever loses ${region} would lose the backups with it`;
        issues.add(key, words, "name another region, such as backupCopy: { region: eu-west-1 }");
    }
    if (backupCopy !== undefined && sold[backupCopy.region] === undefined)
        addUnknown(`${key}.region`, backupCopy.region, issues);
    if (backupCopy?.region === region)
        issues.add(`${key}.region`, `is ${region}, where the backups are already`, "name another region");
}

function addUnknown(key: string, region: string, issues: Issues): void {
    const fix = `name one of ${Object.keys(sold).join(", ")}; a newer one needs a newer machineRegions.json`;
    issues.add(key, `is ${region}, which the price list of ${priceList.source} does not have`, fix);
}
