import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import type { networking } from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterHandle } from "../cloud/contract";
import { type ChildOptions, TarsComponent } from "../foundation/component";
import { peakDemand } from "../foundation/demand";
import { labelsOf } from "../foundation/labels";
import type { MeshMode } from "../foundation/mesh";
import { istiodSize } from "../foundation/meshSizes";
import { createChart } from "../kubernetes/chart";
import { istioVersion } from "../kubernetes/chartTable";
import { controlPlane, controlPlanePorts, enrolment } from "../kubernetes/meshTraffic";
import { TenantNamespace } from "../kubernetes/namespace";
import { systemNodes } from "../kubernetes/podParts";
import { planQuota } from "../kubernetes/quota";
import type { SystemPlace } from "../kubernetes/systemPlace";
import {
    fromApiServer,
    fromMonitoring,
    planCalls,
    planTrafficOf,
    type TrafficPolicy,
    tcp,
    toApiServer,
    toInternet,
} from "../kubernetes/traffic";
import { type Authorizer, baseValues, planControlPlane } from "./controlPlaneValues";
import { nodeNamespace } from "./nodes";

export interface ControlPlaneArgs {
    readonly place: SystemPlace;
    readonly mode: MeshMode;
    /** Whether istiod fetches the keys by which gateways know whose token is good: the issuer's, from outside. */
    readonly fetchesKeys: boolean;
    /** Whom proxies may ask before they let a request through. */
    readonly authorizers: readonly Authorizer[];
}

/**
 * Istiod: who gives every pod its certificate and every proxy its configuration. It needs nothing of its node, so Pod Security holds it as any
 * other pod; the agents that do stand in a namespace of their own.
 */
export class ControlPlane extends TarsComponent {
    /** Ready once istiod is. */
    readonly chart: pulumi.Resource;

    constructor(name: string, args: ControlPlaneArgs, opts?: pulumi.ComponentResourceOptions) {
        super("mesh", "ControlPlane", name, opts);
        const { place, mode, authorizers } = args;
        const { cluster, ownership, charts: sources, imageSources } = place;
        const size = istiodSize(place.copies);
        const tenant = new TenantNamespace(
            name,
            { cluster, ownership, namespace: controlPlane.namespace, quota: planQuota(peakDemand(size), undefined) },
            { parent: this },
        );
        const { namespace } = tenant;
        const child = { parent: this, provider: cluster.provider, dependsOn: [tenant.object] };
        const traffic = createTraffic(name, args, namespace, child);
        const base = createChart(
            `${name}-base`,
            { chart: "istio-base", release: "istio-base", namespace, sources, values: baseValues },
            child,
        );
        const values = planControlPlane({ mode, size, imageSources, nodes: systemNodes(cluster), authorizers });
        this.chart = createChart(
            name,
            { chart: "istiod", release: "istiod", namespace, sources, values },
            { ...child, dependsOn: [tenant, ...traffic, base] },
        );
        this.registerOutputs({});
    }
}

function createTraffic(
    name: string,
    { place, mode, fetchesKeys }: ControlPlaneArgs,
    namespace: pulumi.Output<string>,
    child: ChildOptions,
): NetworkPolicy[] {
    const labels = labelsOf({ name: "istiod", component: "mesh", version: istioVersion }, place.ownership);
    const inside = (object: string) => ({ name: object, namespace, labels });
    const own = { metadata: inside("istiod"), spec: planTraffic(place.cluster, mode) };
    const traffic = [new NetworkPolicy(`${name}-traffic`, own, child)];
    if (!fetchesKeys) return traffic;
    return [
        ...traffic,
        new NetworkPolicy(`${name}-token-keys`, { metadata: inside("token-keys"), spec: planKeys() }, child),
    ];
}

/**
 * Istiod fetches an issuer's keys itself and hands them to the gateways.
 *
 * @see https://istio.io/latest/docs/reference/config/security/request_authentication/#JWTRule (jwksUri)
 */
function planKeys(): TrafficPolicy {
    return planCalls(controlPlane.podLabels, [toInternet(443)]);
}

/** Proxies ask for configuration, the API server for what is to become of an object; istiod itself reads the API and nothing else. */
export function planTraffic(
    cluster: Pick<ClusterHandle, "apiRanges" | "monitoringNamespace">,
    mode: MeshMode,
): TrafficPolicy {
    return planTrafficOf(controlPlane.podLabels, {
        ingress: [
            { from: planProxies(mode), ports: tcp(controlPlanePorts.proxies) },
            fromApiServer(cluster, controlPlanePorts.webhooks),
            fromMonitoring(cluster, controlPlanePorts.metrics),
        ],
        egress: toApiServer(cluster),
    });
}

/** Pods of the platform's namespaces, of any other that joined the mesh, and the proxies of nodes. */
function planProxies(mode: MeshMode): networking.v1.NetworkPolicyPeer[] {
    const namespaces = [
        { "app.kubernetes.io/part-of": "tars" },
        enrolment[mode],
        { "kubernetes.io/metadata.name": nodeNamespace },
    ];
    return namespaces.map((matchLabels) => ({ namespaceSelector: { matchLabels } }));
}
