import type { Copies } from "./copies";
import type { Load } from "./loads";
import type { Dashboard } from "./login";
import type { MeshMode } from "./mesh";
import { meshSidecars } from "./meshSizes";
import type { Size } from "./workloads";

/** Name of Kafka UI: of its Service and pods, of the account that they run under, and of its user at Kafka and at the schema registry. */
export const kafkaUiName = "kafka-ui";

/** A page for people who look into Kafka. */
export interface KafkaUi {
    readonly kind: "kafbat";
    /** Whether whoever may enter may also write to topics, move groups and register schemas. */
    readonly writes: boolean;
}

export type KafkaUiPlace = { readonly kind: "off" } | KafkaUi;

/** Where a dashboard leads that is this one. */
export const kafkaUiPlace = { namespace: "kafka", service: kafkaUiName, port: 8080 } as const;

/** Whether a dashboard leads to it. */
export function isKafkaUi({ namespace, service }: Pick<Dashboard, "namespace" | "service">): boolean {
    return namespace === kafkaUiPlace.namespace && service === kafkaUiPlace.service;
}

/** Its makers name no figures; these are ours: a program in Java that keeps what it knows of Kafka in memory, and is looked at by a few. */
const size = {
    requests: { cpu: "100m", memory: "512Mi" },
    limits: { cpu: "1", memory: "768Mi" },
    scratch: "256Mi",
    surge: 1,
} as const;

/** Its pods, with what the mesh adds to each; none where the stack has none. */
export function kafkaUiSizes({ kind }: KafkaUiPlace, { copies, mode }: Where): readonly Size[] {
    if (kind === "off") return [];
    const sidecar = meshSidecars[mode];
    // It keeps nothing, and people wait for it: two where a controller has more than one.
    const count = Math.min(2, copies.controllers);
    const replicas = { min: count, max: count };
    return [{ ...size, replicas, ...(sidecar && { sidecar }) }];
}

interface Where {
    readonly copies: Copies;
    readonly mode: MeshMode;
}

/** What it needs room for. */
export function kafkaUiLoads(ui: KafkaUiPlace, where: Where): readonly Load[] {
    return kafkaUiSizes(ui, where).map((each) => ({ name: kafkaUiName, size: each, roles: ["general"] }));
}
