import type { Entrance } from "../cloud/contract";
import { type Labels, labelsOf, type Ownership } from "../foundation/labels";
import { drain } from "../kubernetes/proxyOptions";
import { gateway, gatewayPorts, listenerNames } from "./identity";

export interface GatewayPlan {
    readonly entrance: Entrance;
    readonly ownership: Ownership;
    /** Names that it answers for, each once. */
    readonly hosts: readonly string[];
    /** Further names, each with the Secret of its own certificate. @default [] */
    readonly apart?: readonly CertifiedHost[];
    /** Namespace of the services that it leads to: routes of no other are taken. */
    readonly routesFrom: string;
    /** Secret of its own namespace with a certificate for `hosts`. */
    readonly certificate: string;
    /** ConfigMap of its own namespace with its options. */
    readonly options: string;
}

/**
 * A host with a certificate of its own. A browser asks for all hosts of a certificate on the connection that it has, and a listener knows the routes of its
 * own host alone: what leads elsewhere than the hosts beside it shares no certificate with them.
 *
 * @see https://istio.io/latest/docs/reference/config/analysis/ist0138/
 */
export interface CertifiedHost {
    readonly host: string;
    /** What its listener is called. */
    readonly listener: string;
    readonly certificate: string;
}

/**
 * A listener for plain HTTP, whose routes come from the gateway's own namespace and do nothing but send on to HTTPS, and one for each host.
 * Istio has no option of a listener for the least version of TLS: its listeners take `tlsDefaults` of the mesh (TLS 1.3).
 *
 * @see https://github.com/istio/istio/blob/1.30.3/pilot/pkg/networking/core/listener.go (BuildListenerTLSContext)
 */
export function planGateway({ entrance, ownership, hosts, apart = [], options, ...secure }: GatewayPlan) {
    const names = planNames(entrance, hosts);
    const further = entrance.front === undefined ? apart : [];
    return {
        gatewayClassName: gateway.className,
        infrastructure: {
            labels: planLabels(ownership),
            annotations: planAnnotations(entrance),
            parametersRef: { group: "", kind: "ConfigMap", name: options },
        },
        listeners: [
            ...planListeners({ hosts: names, ...secure }),
            ...further.map(({ listener, ...each }) => planSecure({ ...secure, ...each, name: listener })),
        ],
    };
}

export interface ListenersPlan extends Pick<GatewayPlan, "routesFrom" | "certificate"> {
    /** Name that each listener with TLS answers for; undefined for every name. */
    readonly hosts: readonly (string | undefined)[];
    /** Options of TLS that the class has. @default none */
    readonly tlsOptions?: Readonly<Record<string, string>>;
}

export function planListeners({ hosts, ...secure }: ListenersPlan) {
    return [
        planPlain(),
        ...hosts.map((host, index) => planSecure({ host, name: listenerNames.https(index), ...secure })),
    ];
}

/**
 * What each listener with TLS answers for. A load balancer that calls with TLS of its own names no host before it is let in, so there one
 * listener takes whatever comes: routes and the policy of hosts go by the request's own header, as everywhere.
 *
 * @see https://github.com/istio/istio/issues/35420
 */
export function planNames({ front }: Pick<Entrance, "front">, hosts: readonly string[]) {
    return front === undefined ? hosts : [undefined];
}

/**
 * What istiod reads of the Gateway itself: no Service of type LoadBalancer where somebody else made the load balancer.
 *
 * @see https://istio.io/latest/docs/setup/getting-started/ (Deploy a sample application)
 */
export function planNotes({ front }: Pick<Entrance, "front">): Readonly<Record<string, string>> {
    return front === undefined ? {} : { "networking.istio.io/service-type": "ClusterIP" };
}

/** Of what is made of a Gateway, Pulumi manages nothing. The Gateway API takes eight labels. */
export function planLabels(ownership: Ownership): Labels {
    const {
        "app.kubernetes.io/managed-by": _managed,
        app: _app,
        ...labels
    } = labelsOf({ name: gateway.name, component: "edge" }, ownership);
    return labels;
}

/**
 * What the load balancer is to be, and how the proxy knows its callers by it.
 *
 * @see https://istio.io/latest/docs/ops/configuration/traffic-management/network-topologies/
 */
function planAnnotations({ annotations, trustedHops, clientAddress }: Entrance): Readonly<Record<string, string>> {
    const gatewayTopology = {
        numTrustedProxies: trustedHops,
        ...(clientAddress === "proxyProtocol" && { proxyProtocol: {} }),
    };
    const proxy = { gatewayTopology, terminationDrainDuration: `${drain.seconds}s` };
    return { ...annotations, "proxy.istio.io/config": JSON.stringify(proxy) };
}

const onlyRoutes = [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute" }] as const;

function planPlain() {
    return {
        name: listenerNames.http,
        port: gatewayPorts.http,
        protocol: "HTTP",
        allowedRoutes: { kinds: onlyRoutes, namespaces: { from: "Same" } },
    };
}

interface SecureListener extends Omit<ListenersPlan, "hosts"> {
    /** Undefined for every host. */
    readonly host: string | undefined;
    readonly name: string;
}

function planSecure({ host, name, routesFrom, certificate, tlsOptions }: SecureListener) {
    const certificateRefs = [{ group: "", kind: "Secret", name: certificate }];
    const selector = { matchLabels: { "kubernetes.io/metadata.name": routesFrom } };
    return {
        name,
        ...(host !== undefined && { hostname: host }),
        port: gatewayPorts.https,
        protocol: "HTTPS",
        tls: { mode: "Terminate", certificateRefs, ...(tlsOptions && { options: tlsOptions }) },
        allowedRoutes: { kinds: onlyRoutes, namespaces: { from: "Selector", selector } },
    };
}
