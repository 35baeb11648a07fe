import type { ClusterHandle } from "../cloud/contract";
import type { Labels } from "../foundation/labels";
import {
    blocks,
    planCallers,
    planCalls,
    type TrafficPolicy,
    tcp,
    toCredentials,
    toInternet,
    toNetwork,
} from "../kubernetes/traffic";

/**
 * All pods of a namespace call registries: those of the network itself, and what lies in the stack's ranges or, where it names none, anywhere on the
 * Internet, because a NetworkPolicy knows no names of hosts.
 *
 * @param ranges blocks of addresses that the stack names
 */
export function planRegistryCalls(cluster: Pick<ClusterHandle, "apiRanges">, ranges: readonly string[]): TrafficPolicy {
    const outside = ranges.length === 0 ? toInternet(443) : { to: blocks(ranges), ports: tcp(443) };
    return planCalls({}, [...toNetwork(cluster, 443), outside, toCredentials]);
}

/** Pods of one namespace, every one to those with these labels. */
export function planInnerCalls(pods: Labels, port: number): Readonly<Record<"in" | "out", TrafficPolicy>> {
    const called = { podSelector: { matchLabels: pods } };
    return {
        in: planCallers(pods, [{ from: [{ podSelector: {} }], ports: tcp(port) }]),
        out: planCalls({}, [{ to: [called], ports: tcp(port) }]),
    };
}
