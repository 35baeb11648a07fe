import type { Zone } from "@pulumi/azure-native/dns";
import * as pulumi from "@pulumi/pulumi";
import { namingOf, uniqueSuffix } from "./names";
import type { Site } from "./site";

/** Where a public zone is, and what it is called. */
export interface ZonePlace {
    readonly subscription: string;
    readonly group: string;
    readonly zone: string;
}

/** A public zone as others come to it, whichever stack makes it. */
export interface ReachedZone {
    readonly id: pulumi.Output<string>;
    /** What is put into it by this waits until it is there. */
    readonly name: pulumi.Output<string>;
    /** Known before anything is made, so that rules can read it at the first preview. */
    readonly place: ZonePlace;
    readonly group: { readonly id: pulumi.Output<string>; readonly name: pulumi.Output<string> };
}

/** What ids of zones look like: Azure gives them out with `dnszones`, and takes `dnsZones` as well. */
export const zoneIdForm =
    /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Network\/(dnszones|dnsZones)\/[^/]+$/;

/** @param id of that form, which the settings hold it to */
export function placeOfZone(id: string): ZonePlace {
    const [, , subscription = "", , group = "", , , , zone = ""] = id.split("/");
    return { subscription, group, zone };
}

/** The zone that the stack makes itself. */
export function ownZone(
    { subscription, group, naming }: Pick<Site, "subscription" | "group" | "naming">,
    zone: string,
    { id, name }: Pick<Zone, "id" | "name">,
): ReachedZone {
    const place = { subscription, group: naming("resourceGroup"), zone };
    return { id, name, place, group: { id: group.id, name: group.name } };
}

/** The zone that another stack makes. */
export function zoneOfAnother(id: string): ReachedZone {
    const place = placeOfZone(id);
    const group = `/subscriptions/${place.subscription}/resourceGroups/${place.group}`;
    return {
        id: pulumi.output(id),
        name: pulumi.output(place.zone),
        place,
        group: { id: pulumi.output(group), name: pulumi.output(place.group) },
    };
}

/** A host as its zone calls it: the zone's own name is an at sign. */
export function relativeName(host: string, zone: string): string {
    return host === zone ? "@" : host.slice(0, -(zone.length + 1));
}

/**
 * What the profile of a zone's hosts is called. Two stacks come to one name by where their zone is, and nobody else in Azure has it: the names of
 * profiles are shared with all. Ids are the same in any case.
 */
export function profileName({ subscription, group, zone }: ZonePlace): string {
    const parts = [subscription, group, zone].map((part) => part.toLowerCase());
    return namingOf("hosts")("trafficManagerProfile", uniqueSuffix(...parts));
}
