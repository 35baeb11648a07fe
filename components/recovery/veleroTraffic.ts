import type { BackupStore, ClusterHandle } from "../cloud/contract";
import { everywhere } from "../foundation/ranges";
import {
    blocks,
    fromMonitoring,
    planCallers,
    planCalls,
    type TrafficPolicy,
    tcp,
    toApiServer,
    toInternet,
} from "../kubernetes/traffic";
import { metricsPort, pods } from "./veleroValues";

/** What Velero may do beside asking for names, by the name of the policy: it calls the API server and its store, and nobody calls it but who gathers metrics. */
export function planTraffic(
    cluster: Pick<ClusterHandle, "apiRanges" | "monitoringNamespace">,
    { reach }: Pick<BackupStore, "reach">,
): Readonly<Record<string, TrafficPolicy>> {
    const near = reach
        .map(({ ranges, port }) => ({ ranges: ranges.filter((range) => range !== everywhere), port }))
        .filter(({ ranges }) => ranges.length > 0);
    const isOutside = reach.some(({ ranges }) => ranges.includes(everywhere));
    return {
        "api-server": planCalls(pods, toApiServer(cluster)),
        store: planCalls(pods, [
            ...near.map(({ ranges, port }) => ({ to: blocks(ranges), ports: tcp(port) })),
            ...(isOutside ? [toInternet(443)] : []),
        ]),
        metrics: planCallers(pods, [fromMonitoring(cluster, metricsPort)]),
    };
}
