import type { Kafka } from "../data/kafka/cluster";
import { KafkaUi } from "../data/kafkaUi/kafkaUi";
import type { SchemaRegistry } from "../data/schemaRegistry/schemaRegistry";
import { gatewayOf } from "../edge/identity";
import { kafkaUiName, kafkaUiSizes } from "../foundation/kafkaUi";
import type { Operator } from "../kubernetes/customResource";
import type { PlatformArgs, Stage } from "./args";
import { besideKafka } from "./kafka";

export interface BehindUi {
    readonly kafka: Kafka | undefined;
    readonly registry: SchemaRegistry | undefined;
    readonly mesh: { readonly istio: Operator; readonly gatewayApi: Operator };
    /** Namespace of the routes that lead to it. */
    readonly routesFrom: string;
}

/** A page for people who look into Kafka, where a dashboard leads to it: the checks have seen that none is without. */
export function createKafkaUi(
    args: PlatformArgs,
    { kafka, registry, mesh, routesFrom }: BehindUi,
    stage: Stage,
): KafkaUi | undefined {
    const { data, copies, edge, mesh: of, secrets } = args.settings;
    if (data.kafka.kind !== "cluster" || kafka === undefined || data.kafka.ui.kind === "off") return undefined;
    const [size] = kafkaUiSizes(data.kafka.ui, { copies, mode: of.mode });
    if (size === undefined) throw new RangeError("a page of Kafka without a size");
    const plan = {
        placement: besideKafka(args, kafka),
        size,
        writes: data.kafka.ui.writes,
        kafka,
        registry: registry && { generation: secrets.registryGeneration },
        doors: { gateway: gatewayOf(edge.controller), routesFrom, istio: mesh.istio, gatewayApi: mesh.gatewayApi },
    };
    return new KafkaUi(kafkaUiName, plan, stage);
}
