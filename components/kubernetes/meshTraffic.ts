import type * as pulumi from "@pulumi/pulumi";
import type { Labels } from "../foundation/labels";
import type { MeshMode } from "../foundation/mesh";
import { blocks, inNamespace, planCallers, planCalls, type TrafficPolicy, tcp } from "./traffic";

/** Where the mesh's control plane runs, and by which label its pods are known: those of Istio's own chart. */
export const controlPlane = { namespace: "istio-system", podLabels: { app: "istiod" } } as const;

/**
 * Ports of the control plane. Proxies fetch configuration and certificates over TLS; the plain-text port beside it (15010) stays closed.
 *
 * @see https://istio.io/latest/docs/ops/deployment/application-requirements/#ports-used-by-istio
 */
export const controlPlanePorts = { proxies: 15_012, metrics: 15_014, webhooks: 15_017 } as const;

/** Where gateways, waypoints and the proxies of nodes show their own and Envoy's metrics. @see https://istio.io/latest/docs/ops/deployment/application-requirements/ */
export const proxyMetricsPort = 15_020;

/**
 * What a namespace says to bring its pods into the mesh.
 *
 * @see https://istio.io/latest/docs/ambient/usage/add-workloads/
 * @see https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/
 */
export const enrolment = {
    ambient: { "istio.io/dataplane-mode": "ambient" },
    sidecar: { "istio-injection": "enabled" },
} as const satisfies Readonly<Record<MeshMode, Labels>>;

/**
 * The same of single pods in a namespace that stays outside.
 *
 * @see https://github.com/istio/istio/blob/1.30.3/manifests/charts/istio-control/istio-discovery/templates/mutatingwebhook.yaml (object.sidecar-injector.istio.io)
 */
export const podEnrolment = {
    ambient: enrolment.ambient,
    sidecar: { "sidecar.istio.io/inject": "true" },
} as const satisfies Readonly<Record<MeshMode, Labels>>;

/** The way from pods with a proxy to the control plane: a rule for their own policy. */
export const toControlPlane = {
    to: [inNamespace(controlPlane.namespace, controlPlane.podLabels)],
    ports: tcp(controlPlanePorts.proxies),
};

/**
 * Address that the mesh gives to the kubelet's probes in ambient mode, so that it can tell them from calls. It exists on one node only and
 * leads nowhere; some network plugins let probes through by themselves, and would stop these.
 *
 * @see https://istio.io/latest/docs/ambient/usage/networkpolicy/#ambient-health-probes-and-kubernetes-networkpolicy
 */
const probeAddress = "169.254.7.127/32";

/**
 * What all pods of a namespace in the mesh need of the network, whoever calls them: their probes, or a way to the control plane. In sidecar
 * mode the kubelet asks the proxy, which network plugins let through as any probe.
 */
export const meshTraffic: Readonly<Record<MeshMode, TrafficPolicy>> = {
    ambient: planCallers({}, [{ from: blocks([probeAddress]), ports: [{ protocol: "TCP" }] }]),
    sidecar: planCalls({}, [toControlPlane]),
};

/** A port of hosts outside. */
interface OutsidePort {
    readonly name: string;
    readonly number: number;
    readonly protocol: "TCP" | "TLS";
}

/**
 * Hosts outside that proxies in pods know for a namespace: they let nothing out to others. The proxies of nodes hold nobody back: there network policies
 * alone do.
 *
 * @see https://istio.io/latest/docs/tasks/traffic-management/egress/egress-control/
 * @see https://istio.io/latest/docs/reference/config/networking/service-entry/
 * @see https://github.com/istio/istio/blob/1.30.3/pilot/pkg/model/sidecar.go (DefaultSidecarScopeForGateway: a waypoint goes by rules of what its namespace knows)
 *
 * @param namespaces others that are to know them, such as that of a waypoint which carries the calls
 */
export function planOutside(
    hosts: readonly pulumi.Input<string>[],
    ports: readonly OutsidePort[],
    namespaces: readonly string[] = [],
) {
    const exportTo = [".", ...namespaces];
    return { hosts: [...hosts], exportTo, location: "MESH_EXTERNAL", resolution: "DNS", ports: [...ports] };
}

/** Seconds that a connection may take to open; a pod or a server that takes longer is not there. */
export const connectTimeout = "2s";

/**
 * How proxies call a host outside that takes nothing but TLS for callers that speak none: they encrypt, and go on only with who has that name in a
 * certificate of an authority in their image's store. There is one name to turn to, so nobody is left alone.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#ClientTLSSettings
 * @see https://github.com/istio/istio/blob/1.30.3/pilot/pkg/networking/core/cluster_tls.go (constructUpstreamTLS: without caCertificates the system's)
 *
 * @param connections that each proxy may have
 */
export function planOutsideTls(host: pulumi.Input<string>, connections: number) {
    const connectionPool = { tcp: { maxConnections: connections, connectTimeout } };
    return { host, trafficPolicy: { connectionPool, tls: { mode: "SIMPLE", sni: host, subjectAltNames: [host] } } };
}
