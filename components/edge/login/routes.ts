import { type Dashboard, loginPlace } from "../../foundation/login";
import { images } from "../../kubernetes/images";
import { planHeaders, planParents, type RouteLimits } from "../routes";

/** What the login answers at every dashboard's host itself (`--proxy-prefix` of oauth2-proxy, by default). */
export const loginPath = "/oauth2";

/** Namespace and name are the Service's; the namespace of another one has to let the routes' in (ReferenceGrant). */
interface Target {
    readonly namespace: string;
    readonly name: string;
    readonly port: number;
}

const login: Target = { ...loginPlace, port: images.oauth2Proxy.ports.http };

export interface DashboardRoutePlan extends RouteLimits {
    readonly dashboard: Dashboard;
    /** The gateway's listener that the host is taken at. */
    readonly listener: string;
}

/** The host leads to the dashboard, but for what is the login's. */
export function planDashboardRoute({ dashboard, listener, requestSeconds, hstsSeconds }: DashboardRoutePlan) {
    const { host, namespace, service, port } = dashboard;
    const rule = (value: string, target: Target) => ({
        matches: [{ path: { type: "PathPrefix", value } }],
        filters: [planHeaders(hstsSeconds)],
        timeouts: { request: `${requestSeconds}s` },
        backendRefs: [{ group: "", kind: "Service", ...target }],
    });
    return {
        parentRefs: planParents([listener]),
        hostnames: [host],
        rules: [rule(loginPath, login), rule("/", { namespace, name: service, port })],
    };
}

/** Lets routes of one namespace lead to the login. */
export function planGrant(routesFrom: string) {
    return {
        from: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", namespace: routesFrom }],
        to: [{ group: "", kind: "Service", name: login.name }],
    };
}
