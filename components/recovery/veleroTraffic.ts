import type { BackupStore, ClusterHandle } from "../cloud/contract";
import { planStoreCalls } from "../kubernetes/storeTraffic";
import { fromMonitoring, planCallers, planCalls, type TrafficPolicy, toApiServer } from "../kubernetes/traffic";
import { metricsPort, pods } from "./veleroValues";

/** What Velero may do beside asking for names, by the name of the policy: it calls the API server and its store, and nobody calls it but who gathers metrics. */
export function planTraffic(
    cluster: Pick<ClusterHandle, "apiRanges" | "monitoringNamespace">,
    store: Pick<BackupStore, "reach">,
): Readonly<Record<string, TrafficPolicy>> {
    return {
        "api-server": planCalls(pods, toApiServer(cluster)),
        store: planStoreCalls(pods, store),
        metrics: planCallers(pods, [fromMonitoring(cluster, metricsPort)]),
    };
}
