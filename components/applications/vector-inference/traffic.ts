import type { ClusterHandle } from "../../cloud/contract";
import { selectorOf } from "../../foundation/labels";
import type { MeshMode } from "../../foundation/mesh";
import { type VectorClient, vectorStore } from "../../foundation/vectors";
import { planPorts } from "../../kubernetes/access";
import { images } from "../../kubernetes/images";
import { inNamespace, planCalls, planTrafficOf, type TrafficPolicy, toApiServer } from "../../kubernetes/traffic";

const { http } = images.pineconeService.ports;
const store = images.qdrant.ports;

/** Port of Prometheus, which requirements/003 lets the service call. */
const metricsStore = 9090;

export interface ServiceTraffic {
    readonly cluster: Pick<ClusterHandle, "apiRanges" | "monitoringNamespace">;
    readonly mode: MeshMode;
    readonly clients: readonly VectorClient[];
}

/**
 * What its pods may do beside asking for names, by the name of the policy. Requirements/003 (3.2) lists namespace and label of its callers as two peers, which to
 * Kubernetes means either: any pod of that namespace, and any pod of this one with that label. Both are meant, so they stand in one peer here. Namespaces are
 * told by the label that the API server itself gives them, in place of `name`, which whoever may label a namespace could give to any.
 */
export function planServiceTraffic({
    cluster,
    mode,
    clients,
}: ServiceTraffic): Readonly<Record<string, TrafficPolicy>> {
    const pods = selectorOf(vectorStore.api);
    const monitoring = inNamespace(cluster.monitoringNamespace);
    const callers = [...clients.map(({ namespace, role }) => inNamespace(namespace, { role })), monitoring];
    const kept = { podSelector: { matchLabels: selectorOf(vectorStore.store) } };
    return {
        [vectorStore.api]: planTrafficOf(pods, {
            ingress: [{ from: callers, ports: planPorts([http], mode) }],
            egress: [
                { to: [monitoring], ports: planPorts([metricsStore], mode) },
                { to: [kept], ports: planPorts([store.https, store.grpc], mode) },
            ],
        }),
        [`${vectorStore.api}-api-server`]: planCalls(pods, toApiServer(cluster)),
    };
}

/** The same for the mesh, which knows a caller's namespace, and no labels. */
export function planServiceCallers({ clients, cluster }: Pick<ServiceTraffic, "clients" | "cluster">) {
    const namespaces = [...new Set([...clients.map(({ namespace }) => namespace), cluster.monitoringNamespace])];
    return {
        selector: { matchLabels: selectorOf(vectorStore.api) },
        action: "ALLOW",
        rules: [{ from: [{ source: { namespaces } }], to: [{ operation: { ports: [`${http}`] } }] }],
    };
}
