import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import type { networking } from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import { TarsComponent } from "../foundation/component";
import { labelsOf, selectorOf } from "../foundation/labels";
import { type WorkloadName, workloadNames } from "../foundation/workloads";
import type { Placement } from "./placement";

/** Who calls: pods of a workload in the same namespace, or any pod of another namespace. */
export type Caller =
    | { readonly kind: "workload"; readonly name: WorkloadName }
    | { readonly kind: "namespace"; readonly name: string };

/** One path that is open; whatever is not listed stays closed. */
export interface AccessPath {
    readonly from: Caller;
    readonly to: WorkloadName;
    /** TCP ports of the called pods. */
    readonly ports: readonly number[];
}

export interface AccessArgs {
    readonly placement: Placement;
    readonly paths: readonly AccessPath[];
}

/** Opens exactly the declared paths, at both ends: the caller may go out and the called pod lets in. */
export class Access extends TarsComponent {
    constructor(name: string, { placement, paths }: AccessArgs, opts?: pulumi.ComponentResourceOptions) {
        super("kubernetes", "Access", name, opts);
        const child = { parent: this, provider: placement.cluster.provider };
        for (const [workload, spec] of planAccess(paths)) {
            const labels = labelsOf({ name: workload, component: "access" }, placement.ownership);
            const metadata = { name: workload, namespace: placement.namespace, labels };
            new NetworkPolicy(`${name}-${workload}`, { metadata, spec }, child);
        }
        this.registerOutputs({});
    }
}

/** One policy for every workload that calls or is called. */
export function planAccess(paths: readonly AccessPath[]): ReadonlyMap<WorkloadName, ReturnType<typeof planPolicy>> {
    const plans = workloadNames.map((name) => [name, planPolicy(name, paths)] as const);
    return new Map(plans.filter(([, { ingress, egress }]) => ingress.length + egress.length > 0));
}

function planPolicy(name: WorkloadName, paths: readonly AccessPath[]) {
    return {
        podSelector: { matchLabels: selectorOf(name) },
        policyTypes: ["Ingress", "Egress"],
        ingress: paths
            .filter(({ to }) => to === name)
            .map(({ from, ports }) => ({ from: [planPeer(from)], ports: planPorts(ports) })),
        egress: paths
            .filter(({ from }) => from.kind === "workload" && from.name === name)
            .map(({ to, ports }) => ({ to: [planPeer({ kind: "workload", name: to })], ports: planPorts(ports) })),
    };
}

function planPeer(peer: Caller): networking.v1.NetworkPolicyPeer {
    return peer.kind === "workload"
        ? { podSelector: { matchLabels: selectorOf(peer.name) } }
        : { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": peer.name } } };
}

function planPorts(ports: readonly number[]): networking.v1.NetworkPolicyPort[] {
    return ports.map((port) => ({ protocol: "TCP", port }));
}
