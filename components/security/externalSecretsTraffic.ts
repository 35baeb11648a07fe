import type { ClusterHandle, SecretProvider } from "../cloud/contract";
import { selectorOf } from "../foundation/labels";
import {
    blocks,
    fromApiServer,
    fromMonitoring,
    planCallers,
    planCalls,
    type TrafficPolicy,
    tcp,
    toApiServer,
} from "../kubernetes/traffic";
import { ports, release } from "./externalSecretsValues";

/**
 * What its pods may call and who may call them, by name: as its makers advise, everybody calls the API server, which calls the webhook; the
 * controller alone calls the store; whoever gathers metrics calls both.
 *
 * @see https://github.com/external-secrets/external-secrets/blob/v2.9.0/docs/guides/security-best-practices.md (Network Traffic and Security)
 */
export function planTraffic(
    cluster: Pick<ClusterHandle, "apiRanges" | "monitoringNamespace">,
    { reach }: Pick<SecretProvider, "reach">,
): Readonly<Record<string, TrafficPolicy>> {
    const all = { "app.kubernetes.io/instance": release };
    return {
        "api-server": planCalls(all, toApiServer(cluster)),
        store: planCalls(
            podsOf("controller"),
            reach.map(({ ranges, port }) => ({ to: blocks(ranges), ports: tcp(port) })),
        ),
        webhook: planCallers(podsOf("webhook"), [fromApiServer(cluster, ports.webhook)]),
        metrics: planCallers(all, [fromMonitoring(cluster, ports.metrics)]),
    };
}

const programs = { controller: release, webhook: `${release}-webhook` } as const;

/** The chart's own names of its pods. */
function podsOf(part: keyof typeof programs) {
    return selectorOf(programs[part]);
}
