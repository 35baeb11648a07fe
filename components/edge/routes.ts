import { gateway, gatewayReference, listenerNames } from "./identity";

/** Paths that are served: everything, and by name the API's documentation, which every T.A.R.S. host must answer for. */
export const paths = ["/", "/docs"] as const;

/** Whoever asks without TLS is told, for good, to ask with it. */
export function planRedirect(hosts: readonly string[]) {
    const redirect = { type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } };
    return {
        parentRefs: [{ ...gatewayReference, sectionName: listenerNames.http }],
        hostnames: hosts,
        rules: [{ filters: [redirect] }],
    };
}

/** What a request may take, and what browsers remember of the answer. */
export interface RouteLimits {
    readonly requestSeconds: number;
    readonly hstsSeconds: number;
}

export interface RoutePlan extends RouteLimits {
    readonly hosts: readonly string[];
    /** Places of the gateway's listeners that the hosts are taken at. */
    readonly listeners: readonly number[];
    /** Service beside the route, and its port. */
    readonly backend: { readonly name: string; readonly port: number };
}

/** Each of the hosts leads to the backend, on every path. */
export function planRoute({ hosts, listeners, backend, requestSeconds, hstsSeconds }: RoutePlan) {
    return {
        parentRefs: planParents(listeners.map(listenerNames.https)),
        hostnames: hosts,
        rules: [
            {
                matches: paths.map((value) => ({ path: { type: "PathPrefix", value } })),
                filters: [planHeaders(hstsSeconds)],
                timeouts: { request: `${requestSeconds}s` },
                backendRefs: [{ group: "", kind: "Service", ...backend }],
            },
        ],
    };
}

/** Listeners of the gateway, by their names. */
export function planParents(listeners: readonly string[]) {
    return listeners.map((sectionName) => ({
        ...gatewayReference,
        namespace: gateway.namespace,
        sectionName,
    }));
}

/** @see https://www.rfc-editor.org/rfc/rfc6797 */
export function planHeaders(seconds: number) {
    const header = { name: "Strict-Transport-Security", value: `max-age=${seconds}; includeSubDomains` };
    return { type: "ResponseHeaderModifier", responseHeaderModifier: { set: [header] } };
}
