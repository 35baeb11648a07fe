import { type MachineShape, machines } from "./index";

/** One simulated node, as `tars-host cluster run` reads it. */
export interface NodeSpec extends MachineShape {
    readonly name: string;
    readonly zone: string;
    readonly region: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly taints: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
}

/** What an embedded cluster looks like to its users. */
export interface ClusterSpec {
    readonly nodes: readonly NodeSpec[];
    readonly storageClasses: readonly { readonly name: string; readonly default: boolean }[];
    readonly ingressClasses: readonly string[];
    /** Time a pod takes from being bound to a node until it is ready, in milliseconds: uniform between the two. */
    readonly podStartup: { readonly minMs: number; readonly maxMs: number };
    readonly serviceCidr: string;
    readonly podCidr: string;
}

/**
 * The cluster that stands in for "an existing cluster": requirements/000 asks for three nodes of the internal shape, requirements/001 for the
 * storage class `standard` and the ingress class `nginx`, requirements/003 for the two address ranges. Pods take 0.8 to 2 s: a cached image's
 * pull, container start and first readiness probe, the best case of a real node (the upstream objective is 99 % of pods under 5 s,
 * https://github.com/kubernetes/community/blob/master/sig-scalability/slos/pod_startup_latency.md).
 */
export const internalCluster: ClusterSpec = {
    nodes: ["a", "b", "c"].map((zone, index) => node(`internal-${index + 1}`, zone)),
    storageClasses: [{ name: "standard", default: true }],
    ingressClasses: ["nginx"],
    podStartup: { minMs: 800, maxMs: 2000 },
    serviceCidr: "10.4.0.0/14",
    podCidr: "10.0.0.0/14",
};

/** A cluster of a simulated cloud before anything is put on it: its nodes come with its pools, its disks and entrances with the program. */
export const cloudCluster: ClusterSpec = { ...internalCluster, nodes: [], storageClasses: [], ingressClasses: [] };

function node(name: string, zone: string): NodeSpec {
    return { name, zone: `internal-${zone}`, region: "internal", ...machines.internal, labels: {}, taints: [] };
}
