import type { networking } from "@pulumi/kubernetes/types/input";
import { selectorOf } from "../../foundation/labels";
import { type Dashboard, type Login, loginPlace } from "../../foundation/login";
import type { MeshMode } from "../../foundation/mesh";
import { images } from "../../kubernetes/images";
import { planOutside } from "../../kubernetes/meshTraffic";
import { blocks, planCallers, planCalls, type TrafficPolicy, tcp, toInternet } from "../../kubernetes/traffic";
import { gateway } from "../identity";
import { callersOf, entry, meshFrom, type Pods } from "../traffic";
import { issuerPolicy } from "./names";

/** The pods that log people in. */
const loginPods: Pods = {
    namespace: loginPlace.namespace,
    labels: selectorOf(loginPlace.name),
    ports: [images.oauth2Proxy.ports.http],
};

/** Pods that the gateway reaches for dashboards: the login's, and in the namespace of each whichever answer at its port. */
export function podsBehind(dashboards: readonly Dashboard[]): readonly Pods[] {
    if (dashboards.length === 0) return [];
    const namespaces = [...new Set(dashboards.map(({ namespace }) => namespace))];
    return [loginPods, ...namespaces.map((namespace) => podsIn(namespace, dashboards))];
}

function podsIn(namespace: string, dashboards: readonly Dashboard[]): Pods {
    const ports = dashboards.flatMap((dashboard) => (dashboard.namespace === namespace ? [dashboard.podPort] : []));
    return { namespace, labels: {}, ports: [...new Set(ports)].sort((a, b) => a - b) };
}

/** The gateway calls the login, which calls the issuer. */
export function planLoginTraffic(login: Login, mode: MeshMode): Readonly<Record<string, TrafficPolicy>> {
    return {
        gateway: planCallers(loginPods.labels, [meshFrom(entry, loginPods, mode)]),
        [issuerPolicy]: planCalls(loginPods.labels, [toIssuer(login)]),
    };
}

function toIssuer({ issuer, issuerRanges }: Login): networking.v1.NetworkPolicyEgressRule {
    return issuerRanges === undefined
        ? toInternet(httpsPort)
        : { to: blocks(issuerRanges), ports: tcp(...portsOf(issuer)) };
}

const httpsPort = 443;

/** The issuer's own port, and that of what it may name beside. */
function portsOf(issuer: string): readonly number[] {
    const { port } = new URL(issuer);
    return [...new Set([port === "" ? httpsPort : Number(port), httpsPort])];
}

/** The same in the mesh. */
export function planLoginCallers() {
    return callersOf(loginPods, gateway.serviceAccount);
}

/** The issuer's hosts, for proxies in pods. TLS is the login's own. */
export function planIssuerHosts({ issuer, issuerHosts }: Login) {
    const ports = portsOf(issuer).map((number) => ({ number, name: `tls-${number}`, protocol: "TLS" as const }));
    return planOutside([...new Set([new URL(issuer).hostname, ...issuerHosts])], ports);
}
