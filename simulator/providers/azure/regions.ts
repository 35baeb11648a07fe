import type { Value } from "../properties";
import type { InputIssue } from "../protocol";

/**
 * Regions of the public cloud and their availability zones. Which machine sizes a region sells is not in it: that differs between
 * subscriptions.
 *
 * @see https://learn.microsoft.com/azure/reliability/regions-list
 */
const zoned = [
    ..."australiaeast austriaeast belgiumcentral brazilsouth canadacentral centralindia centralus eastasia eastus eastus2".split(
        " ",
    ),
    ..."francecentral germanywestcentral israelcentral italynorth japaneast japanwest koreacentral mexicocentral".split(
        " ",
    ),
    ..."newzealandnorth northeurope norwayeast polandcentral qatarcentral southafricanorth southcentralus southeastasia".split(
        " ",
    ),
    ..."swedencentral switzerlandnorth uaenorth uksouth westeurope westus2 westus3".split(" "),
];
const whole = ["australiacentral", "australiasoutheast"];
const zones = ["1", "2", "3"];

/** "West Europe" and `westeurope` are the same. */
export const regionOf = (location: string): string => location.toLowerCase().replaceAll(" ", "");

export function regionIssues(location: Value | undefined): InputIssue[] {
    if (typeof location !== "string" || ["global", ...zoned, ...whole].includes(regionOf(location))) return [];
    return [{ property: "location", reason: `must be a region that the simulator knows, got "${location}"` }];
}

/** What is wrong with the zones that a resource is put in. */
export function zoneIssues(property: string, location: string, asked: readonly string[]): InputIssue[] {
    const there = zoned.includes(regionOf(location)) ? zones : [];
    const missing = asked.filter((zone) => !there.includes(zone));
    return missing.length === 0
        ? []
        : [{ property, reason: `asks for zone ${missing.join(", ")}, which ${location} does not have` }];
}
