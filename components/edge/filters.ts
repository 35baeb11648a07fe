import { type Bytes, bytes } from "../foundation/quantities";
import { gateway, gatewayPorts, gatewayReference } from "./identity";
import { type AddressLimit, limitDomain, planActions } from "./limits";

/** What the Gateway API has no words for, in those of Envoy: filters of the gateway's own pods. */
export interface FilterPlan {
    readonly targetRefs: readonly [typeof gatewayReference];
    readonly configPatches: readonly object[];
}

/** Most milliseconds that a request waits to be counted. Ours: five times what Envoy waits by default, for a service in another zone. */
const countMilliseconds = 100;

const secureRoutes = { context: "GATEWAY", routeConfiguration: { portNumber: gatewayPorts.https } } as const;

/**
 * Asks the rate limit service about each caller, before anything else is done for the request; too many are answered 429. The service is
 * called as any other of the mesh: by its service account, over mutual TLS.
 *
 * @param service host of the rate limit service, and its port
 * @see https://istio.io/latest/docs/tasks/policy-enforcement/rate-limit/
 */
export function planRateLimitFilter(
    { exempt, onFailure }: Pick<AddressLimit, "exempt" | "onFailure">,
    service: { readonly host: string; readonly port: number },
): FilterPlan {
    const cluster = `outbound|${service.port}||${service.host}`;
    const filter = {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.ratelimit.v3.RateLimit",
        domain: limitDomain,
        failure_mode_deny: onFailure === "deny",
        timeout: `${countMilliseconds / 1000}s`,
        rate_limited_status: { code: "TooManyRequests" },
        status_on_error: { code: "ServiceUnavailable" },
        enable_x_ratelimit_headers: "DRAFT_VERSION_03",
        rate_limit_service: {
            transport_api_version: "V3",
            grpc_service: { envoy_grpc: { cluster_name: cluster, authority: service.host } },
        },
    };
    return {
        targetRefs: [gatewayReference],
        configPatches: [
            {
                applyTo: "HTTP_FILTER",
                match: { context: "GATEWAY", listener: secureListener },
                patch: {
                    operation: "INSERT_FIRST",
                    value: { name: "envoy.filters.http.ratelimit", typed_config: filter },
                },
            },
            {
                applyTo: "VIRTUAL_HOST",
                match: secureRoutes,
                patch: { operation: "MERGE", value: { rate_limits: [{ actions: planActions({ exempt }) }] } },
            },
        ],
    };
}

/** The listeners with TLS, at the filter that holds those of HTTP. */
export const secureListener = {
    portNumber: gatewayPorts.https,
    filterChain: { filter: { name: "envoy.filters.network.http_connection_manager" } },
} as const;

/** Names the service to istiod, should it ever tell gateways only of services that their routes lead to. */
export function servicesOf(host: string): Readonly<Record<string, string>> {
    return { "envoyfilter.istio.io/referenced-services": `${gateway.namespace}/${host}` };
}

/** Largest number that Envoy's ranges reach. */
const endless = "9223372036854775807";

/**
 * Refuses bodies that are too large by the length that they say they have, and methods that bring a body without saying how long it is: Envoy
 * ends a request that is longer than it said. Nothing is held back to be measured, as Envoy's buffer filter does: that takes the memory of
 * the whole body, and breaks WebSockets.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-15.5.12 (411) and section 15.5.14 (413)
 */
export function planBodyFilter(requestBytes: Bytes): FilterPlan {
    const tooLong = { name: "content-length", range_match: { start: `${bytes(requestBytes) + 1}`, end: endless } };
    const bringsBody = { name: ":method", string_match: { safe_regex: { regex: "POST|PUT|PATCH" } } };
    const unsaid = { name: "content-length", present_match: false };
    const answers = [
        { name: "body-too-large", headers: [tooLong], status: 413 },
        { name: "body-without-length", headers: [bringsBody, unsaid], status: 411 },
    ];
    const configPatches = answers.map(({ name, headers, status }) => ({
        applyTo: "HTTP_ROUTE",
        match: secureRoutes,
        patch: {
            operation: "INSERT_FIRST",
            value: { name, match: { prefix: "/", headers }, direct_response: { status } },
        },
    }));
    return { targetRefs: [gatewayReference], configPatches };
}
