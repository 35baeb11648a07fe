import type { Issues } from "../../foundation/issues";
import { checkFailover } from "../../settings/failoverChecks";
import { commonHosts } from "../../settings/hosts";
import type { Settings } from "../../settings/schema";
import { namingOf } from "./names";
import type { AzureSettings } from "./settings";
import { placeOfZone } from "./zone";

const key = "azure.dnsZoneId";

/** Refuses a zone of another stack that could not be written, and a pair of stacks that could not answer for the same hosts. */
export function checkPair(section: AzureSettings, settings: Settings, issues: Issues): void {
    const { dnsZone: zone, dnsZoneId: value } = section;
    checkFailover({ section: "azure", zone, other: { key, value } }, settings, issues);
    if (value !== undefined) checkOtherZone(value, section, settings, issues);
    if (zone !== undefined && settings.edge.failover !== undefined) checkAliases(zone, settings.edge, issues);
}

function checkOtherZone(id: string, section: AzureSettings, { environment }: Settings, issues: Issues): void {
    const { name, dnsZone, subscription } = section;
    const place = placeOfZone(id);
    if (dnsZone === undefined) {
        issues.add(key, `is ${id}, but no zone is named`, "set azure.dnsZone to the name of the zone");
    } else if (dnsZone !== place.zone) {
        const words = `is the id of ${place.zone}, but the stack's zone is ${dnsZone} (azure.dnsZone)`;
        issues.add(key, words, "give the id of that zone: the output ground.dnsZone.id of the stack that makes it");
    }
    if (place.subscription.toLowerCase() !== subscription.toLowerCase()) {
        const words = `is in subscription ${place.subscription}, but everything of the stack is in ${subscription}`;
        issues.add(key, words, "keep both stacks in one subscription");
    }
    const own = namingOf(name, environment)("resourceGroup");
    if (place.group.toLowerCase() !== own) return;
    const words = `is in resource group ${place.group}, which is what this stack calls its own`;
    issues.add(key, words, "remove it where this stack makes the zone, or give this stack an azure.name of its own");
}

/**
 * The hosts' records are aliases of a Traffic Manager profile. One of the zone's own name cannot be a CNAME, and one of addresses takes a profile
 * whose endpoints are addresses; those of a pair are names, since the gateway's address is known to nobody beforehand.
 *
 * @see https://learn.microsoft.com/azure/dns/dns-alias
 */
function checkAliases(zone: string, edge: Settings["edge"], issues: Issues): void {
    for (const { key: host } of commonHosts(edge).filter(({ host }) => host === zone)) {
        const words = `is ${zone}, the zone's own name: an alias there leads to Traffic Manager only where its endpoints are addresses, and those of a pair are names`;
        const fix = `name a host below it, such as www.${zone}, or set azure.dnsZone to the zone above (https://learn.microsoft.com/azure/dns/dns-alias)`;
        issues.add(host, words, fix);
    }
}
