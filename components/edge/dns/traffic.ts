import type { ClusterHandle } from "../../cloud/contract";
import {
    fromMonitoring,
    planCallers,
    planCalls,
    type TrafficPolicy,
    toApiServer,
    toCredentials,
    toInternet,
} from "../../kubernetes/traffic";
import { httpPort, pods } from "./values";

/** What ExternalDNS may do beside asking for names, by the name of the policy: it calls the API server and its cloud, and nobody calls it but who gathers metrics. */
export function planTraffic(
    cluster: Pick<ClusterHandle, "apiRanges" | "monitoringNamespace">,
): Readonly<Record<string, TrafficPolicy>> {
    return {
        "api-server": planCalls(pods, toApiServer(cluster)),
        "name-service": planCalls(pods, [toInternet(443), toCredentials]),
        metrics: planCallers(pods, [fromMonitoring(cluster, httpPort)]),
    };
}
