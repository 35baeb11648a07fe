import { exampleUses } from "../../settings/examples";
import type { Settings } from "../../settings/schema";

/** A value that stands for something that only the owner of a stack knows. */
export interface Example {
    readonly key: string;
    readonly value: string;
    readonly fix: string;
}

/** The stack's zone of names where it is one that nobody can own. @see RFC 2606 */
export function exampleZones(section: string, zone: string | undefined): readonly Example[] {
    if (zone === undefined || !/(^|\.)example\.(com|net|org)$/.test(zone)) return [];
    return [{ key: `${section}.dnsZone`, value: zone, fix: "name a domain of yours, or leave it out" }];
}

/** Examples among the settings that every cloud has. */
export function commonExamples(settings: Settings): readonly Example[] {
    return exampleUses(settings).map(({ key, value, effect }) => ({ key, value, fix: `set your own: ${effect}` }));
}
