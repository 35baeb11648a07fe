import { daysOf, type HubTopic } from "../../foundation/kafkaNames";
import type { HubLimits } from "../../settings/kafkaHubsChecks";

/**
 * Of namespaces of the Premium tier, the least that have a key of their owner's. The number of units is the portal's choice.
 *
 * @see
 * https://github.com/MicrosoftDocs/azure-docs/blob/014bcff1b6be45da9d913bb24e2aa4d1d823fee5/articles/event-hubs/includes/event-hubs-tier-limits.md
 * @see
 * https://github.com/MicrosoftDocs/azure-docs/blob/086a23812a7fc86266271865b755b089a586739e/articles/event-hubs/configure-processing-units-premium-namespace.md
 */
export const hubLimits: HubLimits = {
    units: [1, 2, 4, 8, 16],
    topicsPerUnit: 100,
    partitionsPerUnit: 200,
    partitionsPerTopic: 100,
    days: 90,
};

/** Where Kafka's clients call it. @see https://learn.microsoft.com/azure/event-hubs/azure-event-hubs-apache-kafka-overview */
export const hubsPort = 9093;

/** The host of a namespace, from everywhere: in the network it leads to the private endpoint. */
export function hubsHost(namespace: string): string {
    return `${namespace}.servicebus.windows.net`;
}

/** Hours that a deletion of a key can be read before it goes as well: what Kafka itself takes where nothing is said (delete.retention.ms). */
const tombstoneHours = 24;

/** What is kept of a topic. Azure takes how it is kept, by time or by key, when it is made, and never changes it. */
export function planRetention({ keeps }: HubTopic) {
    return keeps.kind === "compacted"
        ? { cleanupPolicy: "Compact", tombstoneRetentionTimeInHours: tombstoneHours }
        : { cleanupPolicy: "Delete", retentionTimeInHours: 24 * daysOf[keeps.tier] };
}
