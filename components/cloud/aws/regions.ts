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
        const fix = `name one of ${Object.keys(sold).join(", ")}; a newer one needs a newer machineRegions.json`;
        issues.add("aws.region", `is ${region}, which the price list of ${priceList.source} does not have`, fix);
        return;
    }
    for (const [role, pool] of Object.entries(pools)) {
        if (pool === undefined || here.includes(pool.machine)) continue;
        const words = `is ${pool.machine}, which AWS does not sell in ${region}`;
        issues.add(`aws.pools.${role}.machine`, words, `choose one of ${here.join(", ")}`);
    }
}
