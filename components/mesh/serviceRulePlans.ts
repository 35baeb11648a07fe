import type * as pulumi from "@pulumi/pulumi";
import type { Fault, ServiceLimits } from "../foundation/serviceLimits";
import { connectTimeout } from "../kubernetes/meshTraffic";

type HttpLimits = Extract<ServiceLimits, { kind: "http" }>;

/**
 * When a pod is left alone: after five failures in a row, half a minute, and longer each time it happens again. Never more than half of the
 * pods: with one pod there is nothing better to turn to, and when most fail the fault is not theirs.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#OutlierDetection
 */
const outlierDetection = {
    consecutive5xxErrors: 5,
    interval: "10s",
    baseEjectionTime: "30s",
    maxEjectionPercent: 50,
    minHealthPercent: 50,
} as const;

/** TLS is not named: the mesh then uses mutual TLS of its own accord, which naming a mode could only weaken. */
export function planDestination(host: pulumi.Input<string>, limits: ServiceLimits) {
    const tcp = { maxConnections: limits.connections, connectTimeout };
    const connectionPool = limits.kind === "tcp" ? { tcp } : { tcp, http: planCalls(limits) };
    return { host, trafficPolicy: { connectionPool, outlierDetection } };
}

/** Over HTTP/2 many calls share a connection, so they are counted themselves. */
function planCalls({ connections, waiting }: HttpLimits) {
    return { http1MaxPendingRequests: waiting, http2MaxRequests: connections };
}

/**
 * Tried again is only what the service cannot have seen, so that nothing is done twice.
 *
 * @see https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-retry-on
 */
const retryOn = "connect-failure,refused-stream,reset-before-request";

export function planRoute(host: pulumi.Input<string>, limits: HttpLimits, fault: Fault | undefined) {
    const { timeoutSeconds, retries } = limits;
    const rule = {
        route: [{ destination: { host } }],
        timeout: `${timeoutSeconds}s`,
        retries: { attempts: retries, perTryTimeout: `${timeoutSeconds}s`, retryOn },
    };
    return { hosts: [host], http: [fault === undefined ? rule : { ...rule, fault: planFault(fault) }] };
}

/**
 * The same in the words of the Gateway API, which is what a waypoint is meant for; it knows no retries yet, and Istio's own are as careful: twice, where
 * the service cannot have seen the call or says that it is not ready.
 *
 * @see https://istio.io/latest/docs/ambient/usage/l7-features/
 * @see https://gateway-api.sigs.k8s.io/mesh/gamma/
 */
export function planServiceRoute(service: string, port: number, { timeoutSeconds }: HttpLimits) {
    return {
        parentRefs: [{ group: "", kind: "Service", name: service, port }],
        rules: [{ backendRefs: [{ name: service, port }], timeouts: { request: `${timeoutSeconds}s` } }],
    };
}

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPFaultInjection */
function planFault(fault: Fault) {
    const percentage = { value: fault.percent };
    return fault.kind === "delay"
        ? { delay: { percentage, fixedDelay: `${fault.seconds}s` } }
        : { abort: { percentage, httpStatus: fault.status } };
}
