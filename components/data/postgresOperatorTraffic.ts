import type { ClusterHandle } from "../cloud/contract";
import { hbonePort } from "../foundation/mesh";
import { instanceLabels, instancePorts } from "../foundation/postgresNames";
import {
    fromApiServer,
    fromMonitoring,
    inNamespace,
    planCallers,
    planCalls,
    type TrafficPolicy,
    tcp,
    toApiServer,
} from "../kubernetes/traffic";
import { podsOf, ports } from "./postgresOperatorValues";

const [operator, plugin] = [podsOf("operator"), podsOf("plugin")];

/**
 * What the programs may call and who may call them, by the name of the policy. Calls between pods of an ambient mesh arrive at its own port; the operator's
 * pods take none that way.
 *
 * @param watched namespace of the instances
 * @see https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/docs/src/networking.md
 */
export function planTraffic(
    cluster: Pick<ClusterHandle, "apiRanges" | "monitoringNamespace">,
    watched: string,
): Readonly<Record<string, TrafficPolicy>> {
    const toInstances = {
        to: [inNamespace(watched, instanceLabels)],
        ports: tcp(instancePorts.status, instancePorts.postgres, hbonePort),
    };
    const between = tcp(ports.plugin, hbonePort);
    return {
        "api-server": planCalls({}, toApiServer(cluster)),
        instances: planCalls(operator, [toInstances]),
        "to-plugin": planCalls(operator, [{ to: [{ podSelector: { matchLabels: plugin } }], ports: between }]),
        plugin: planCallers(plugin, [{ from: [{ podSelector: { matchLabels: operator } }], ports: between }]),
        webhook: planCallers(operator, [fromApiServer(cluster, ports.webhook)]),
        metrics: planCallers(operator, [fromMonitoring(cluster, ports.metrics)]),
    };
}
