import type { Load } from "./loads";
import { type PageWhere, pageSize } from "./pages";
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

/** Its makers name no figures; these are ours: a program in Java that keeps what it knows of Kafka in memory, and is looked at by a few. */
const size = {
    requests: { cpu: "100m", memory: "512Mi" },
    limits: { cpu: "1", memory: "768Mi" },
    scratch: "256Mi",
} as const;

/** Its pods; none where the stack has none. */
export function kafkaUiSizes({ kind }: KafkaUiPlace, where: PageWhere): readonly Size[] {
    return kind === "off" ? [] : [pageSize(size, where)];
}

/** What it needs room for. */
export function kafkaUiLoads(ui: KafkaUiPlace, where: PageWhere): readonly Load[] {
    return kafkaUiSizes(ui, where).map((each) => ({ name: kafkaUiName, size: each, roles: ["general"] }));
}
