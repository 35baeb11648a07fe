import { nginxSize } from "../../foundation/nginxSize";
import type { EdgeRules } from "../edge";
import { gatewayReference } from "../identity";
import { nginxKinds } from "./names";

/** A policy of the gateway: its kind, what it is called by, and what it says. */
interface PolicyPlan {
    readonly role: string;
    readonly kind: (typeof nginxKinds)[keyof typeof nginxKinds];
    readonly spec: object;
}

/** Memory of each pod for the addresses that it counts: a megabyte holds 16,000 of 64 bytes, and IPv4 addresses take that. */
const zoneSize = "10m";

/** What the gateway asks of every request, in the words of NGINX Gateway Fabric. */
export function planPolicies(
    rules: Pick<EdgeRules, "requestBytes" | "requestSeconds" | "rateLimit">,
): readonly PolicyPlan[] {
    return [
        { role: "body-limit", kind: nginxKinds.clientSettings, spec: planBody(rules) },
        { role: "time-limit", kind: nginxKinds.proxySettings, spec: planTime(rules) },
        { role: "rate-limit", kind: nginxKinds.rateLimit, spec: planRate(rules) },
    ];
}

/** Larger bodies are answered 413, whether they say their length or not. @see https://nginx.org/en/docs/http/ngx_http_core_module.html#client_max_body_size */
function planBody({ requestBytes }: Pick<EdgeRules, "requestBytes">) {
    return { targetRef: gatewayReference, body: { maxSize: nginxSize(requestBytes) } };
}

/** NGINX measures the silence of the backend, not the whole request. @see https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_read_timeout */
function planTime({ requestSeconds }: Pick<EdgeRules, "requestSeconds">) {
    const [read, send] = [`${requestSeconds}s`, `${requestSeconds}s`];
    return { targetRefs: [gatewayReference], timeout: { read, send } };
}

/**
 * Requests of one address that each pod lets through in a second, and as many at once as a second has: NGINX spreads a rate over milliseconds. Further ones
 * are answered 429.
 *
 * @see https://nginx.org/en/docs/http/ngx_http_limit_req_module.html
 */
function planRate({ rateLimit: { requestsPerSecond } }: Pick<EdgeRules, "rateLimit">) {
    const rule = {
        key: "$binary_remote_addr",
        rate: `${requestsPerSecond}r/s`,
        burst: requestsPerSecond,
        noDelay: true,
        zoneSize,
    };
    return { targetRefs: [gatewayReference], rateLimit: { local: { rules: [rule] }, rejectCode: 429 } };
}
