import type { ClusterHandle } from "../../cloud/contract";
import { type KafkaCaller, kafkaListeners, kafkaNamespace, kafkaPods, kafkaPorts } from "../../foundation/kafkaNames";
import { podsOf } from "../../kubernetes/consumers";
import {
    fromMonitoring,
    here,
    inNamespace,
    planCallers,
    planCalls,
    planTrafficOf,
    type TrafficPolicy,
    tcp,
    toApiServer,
} from "../../kubernetes/traffic";

const { operator, nodes, brokers, entityOperator, cruiseControl } = kafkaPods;

/**
 * Who calls whom among Strimzi's pods, by the name of the policy: what the operator would write itself, but for metrics and health, which it would open to everybody.
 *
 * @see https://github.com/strimzi/strimzi-kafka-operator/blob/1.2.0/cluster-operator/src/main/java/io/strimzi/operator/cluster/model/KafkaCluster.java (generateNetworkPolicy)
 */
export function planTraffic(
    cluster: Pick<ClusterHandle, "apiRanges" | "monitoringNamespace">,
    callers: readonly KafkaCaller[],
): Readonly<Record<string, TrafficPolicy>> {
    const { control, replication, agent, metrics, operatorHealth, topicOperatorHealth, userOperatorHealth } =
        kafkaPorts;
    const toReplication = { to: [here(nodes)], ports: tcp(replication) };
    const toCruiseControl = { to: [here(cruiseControl)], ports: tcp(kafkaPorts.cruiseControl) };
    return {
        // All of Strimzi's ask it: for what they look after, for their certificates, in which zone they are. Others of the namespace do not.
        "operator-api-server": planCalls(operator, toApiServer(cluster)),
        "api-server": planCalls(kafkaPods.all, toApiServer(cluster)),
        operator: planTrafficOf(operator, {
            ingress: [fromMonitoring(cluster, operatorHealth)],
            egress: [{ to: [here(nodes)], ports: tcp(control, replication, agent) }, toCruiseControl],
        }),
        nodes: planTrafficOf(nodes, {
            ingress: [
                { from: [here(nodes), here(operator)], ports: tcp(control) },
                {
                    from: [here(nodes), here(operator), here(entityOperator), here(cruiseControl)],
                    ports: tcp(replication),
                },
                { from: [here(operator)], ports: tcp(agent) },
                fromMonitoring(cluster, metrics),
            ],
            egress: [{ to: [here(nodes)], ports: tcp(control, replication) }],
        }),
        "entity-operator": planTrafficOf(entityOperator, {
            ingress: [fromMonitoring(cluster, topicOperatorHealth, userOperatorHealth)],
            egress: [toReplication, toCruiseControl],
        }),
        "cruise-control": planTrafficOf(cruiseControl, {
            ingress: [{ from: [here(operator), here(entityOperator)], ports: tcp(kafkaPorts.cruiseControl) }],
            egress: [toReplication],
        }),
        ...(callers.length === 0 ? {} : { consumers: planCallers(brokers, callers.map(planCaller)) }),
    };
}

/** To the listener that takes the caller's kind of login. */
function planCaller(caller: KafkaCaller) {
    return { from: [podsOf(caller)], ports: tcp(kafkaListeners[caller.login].port) };
}

/** The way to brokers. */
export function toBrokers({ login }: Pick<KafkaCaller, "login">) {
    return { to: [inNamespace(kafkaNamespace, brokers)], ports: tcp(kafkaListeners[login].port) };
}
