import type { ClusterHandle } from "../../cloud/contract";
import { clickHouseNamespace, clickHousePods, clickHousePorts } from "../../foundation/clickHouseNames";
import type { Consumer } from "../../foundation/consumers";
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

const { operator, servers, keepers } = clickHousePods;
const { https, native, interserver, keeper, raft, metrics, operatorMetrics } = clickHousePorts;

/** Ports for whoever asks. */
const callersPorts = tcp(https, native);

/** Who calls whom, by the name of the policy. */
export function planTraffic(
    cluster: Pick<ClusterHandle, "apiRanges" | "monitoringNamespace">,
    users: readonly Consumer[],
): Readonly<Record<string, TrafficPolicy>> {
    const between = { to: [here(servers)], ports: tcp(native, interserver) };
    return {
        "api-server": planCalls(operator, toApiServer(cluster)),
        operator: planTrafficOf(operator, {
            ingress: [fromMonitoring(cluster, operatorMetrics)],
            egress: [{ to: [here(servers)], ports: tcp(https) }],
        }),
        servers: planTrafficOf(servers, {
            ingress: [
                { from: [here(operator)], ports: tcp(https) },
                { from: [here(servers)], ports: tcp(native, interserver) },
                fromMonitoring(cluster, metrics),
            ],
            egress: [between, { to: [here(keepers)], ports: tcp(keeper) }],
        }),
        keepers: planTrafficOf(keepers, {
            ingress: [
                { from: [here(servers)], ports: tcp(keeper) },
                { from: [here(keepers)], ports: tcp(raft) },
                fromMonitoring(cluster, metrics),
            ],
            egress: [{ to: [here(keepers)], ports: tcp(raft) }],
        }),
        ...(users.length === 0 ? {} : { consumers: planCallers(servers, users.map(byAll)) }),
    };
}

const byAll = (user: Consumer) => ({ from: [podsOf(user)], ports: callersPorts });

/** The way to servers. */
export function toServers() {
    return { to: [inNamespace(clickHouseNamespace, servers)], ports: callersPorts };
}
