import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import type * as pulumi from "@pulumi/pulumi";
import { TarsComponent } from "../foundation/component";
import { labelsOf } from "../foundation/labels";
import { hbonePort, type MeshMode, waypoint } from "../foundation/mesh";
import { type Naming, ownNaming } from "../foundation/naming";
import { type MemberName, memberNames } from "../foundation/workloads";
import type { AccessPath, Caller } from "./accessPaths";
import { planAuthorization, planWaypointAuthorization } from "./authorization";
import { createCustomResource, type Operator } from "./customResource";
import type { Placement } from "./placement";
import { inNamespace, tcp } from "./traffic";

export interface AccessArgs {
    readonly placement: Placement;
    /** Name of the namespace, in which the callers' accounts are. */
    readonly namespace: string;
    readonly paths: readonly AccessPath[];
    readonly mode: MeshMode;
    /** What makes the mesh's kinds known, and acts on them. */
    readonly mesh: Operator;
    readonly naming: Naming;
}

/**
 * Opens exactly the declared paths, twice over: in the network, at both ends, and in the mesh, which asks for the caller's certificate. One
 * that is opened by mistake in either stays closed by the other.
 */
export class Access extends TarsComponent {
    constructor(name: string, args: AccessArgs, opts?: pulumi.ComponentResourceOptions) {
        super("kubernetes", "Access", name, opts);
        const { placement, paths, namespace, mesh, mode, naming } = args;
        const child = { parent: this, provider: placement.cluster.provider };
        const labels = (workload: MemberName) => labelsOf({ name: workload, component: "access" }, placement.ownership);
        for (const [workload, spec] of planAccess(paths, mode, naming)) {
            const metadata = { name: workload, namespace: placement.namespace, labels: labels(workload) };
            new NetworkPolicy(`${name}-${workload}`, { metadata, spec }, child);
        }
        for (const [workload, spec] of planAuthorization(paths, namespace, naming)) {
            const object = { name: workload, namespace: placement.namespace, labels: labels(workload), spec };
            const plan = { apiVersion: "security.istio.io/v1", kind: "AuthorizationPolicy", ...object };
            createCustomResource(`${name}-${workload}-callers`, plan, mesh, child);
        }
        for (const [service, spec] of planWaypointAuthorization(paths, namespace, naming)) {
            const object = {
                name: `${service}-service`,
                namespace: placement.namespace,
                labels: labels(service),
                spec,
            };
            const plan = { apiVersion: "security.istio.io/v1", kind: "AuthorizationPolicy", ...object };
            createCustomResource(`${name}-${service}-service-callers`, plan, mesh, child);
        }
        this.registerOutputs({});
    }
}

/** One policy for every workload that calls or is called. */
export function planAccess(paths: readonly AccessPath[], mode: MeshMode, naming: Naming = ownNaming) {
    const plans = memberNames.map((name) => [name, planPolicy(name, { paths, mode, naming })] as const);
    return new Map(plans.filter(([, { ingress, egress }]) => ingress.length + egress.length > 0));
}

interface Opening {
    readonly paths: readonly AccessPath[];
    readonly mode: MeshMode;
    readonly naming: Naming;
}

function planPolicy(name: MemberName, { paths, mode, naming }: Opening) {
    const callers = paths.filter(({ to }) => to === name);
    const called = paths.filter(({ from }) => from.kind === "workload" && from.name === name);
    // However many they are, they all come from there and go there.
    const passing = callers.filter(({ viaWaypoint }) => viaWaypoint).slice(0, 1);
    const passed = called.filter(({ viaWaypoint }) => viaWaypoint).slice(0, 1);
    return {
        podSelector: { matchLabels: naming.podsOf(name) },
        policyTypes: ["Ingress", "Egress"],
        ingress: [
            ...callers
                .filter(isDirect)
                .map(({ from, ports }) => ({ from: [planPeer(from, naming)], ports: planPorts(ports, mode) })),
            ...passing.map(({ ports }) => ({ from: [waypointPods], ports: planPorts(ports, mode) })),
        ],
        egress: [
            ...called.filter(isDirect).map(({ to, ports }) => ({
                to: [planPeer({ kind: "workload", name: to }, naming)],
                ports: planPorts(ports, mode),
            })),
            ...passed.map(() => ({ to: [waypointPods], ports: tcp(hbonePort) })),
        ],
    };
}

const isDirect = ({ viaWaypoint }: AccessPath) => !viaWaypoint;

const waypointPods = inNamespace(waypoint.namespace, waypoint.podLabels);

/**
 * The same for the waypoint, which is in a namespace of its own.
 *
 * @param namespace namespace of the workloads
 */
export function planWaypointTraffic(paths: readonly AccessPath[], namespace: string, naming: Naming = ownNaming) {
    const passing = paths.filter(({ viaWaypoint }) => viaWaypoint);
    const peerOf = (caller: Caller) =>
        caller.kind === "workload" ? inNamespace(namespace, naming.podsOf(caller.name)) : planPeer(caller, naming);
    const called = new Map(passing.map(({ to, ports }) => [to, ports]));
    return {
        ingress: [{ from: distinct(passing.map(({ from }) => peerOf(from))), ports: tcp(hbonePort) }],
        egress: [...called].map(([to, ports]) => ({
            to: [inNamespace(namespace, naming.podsOf(to))],
            ports: tcp(...ports, hbonePort),
        })),
    };
}

function planPeer(peer: Caller, naming: Naming) {
    switch (peer.kind) {
        case "workload":
            return { podSelector: { matchLabels: naming.podsOf(peer.name) } };
        case "namespace":
            return inNamespace(peer.name);
        case "account":
            return inNamespace(peer.namespace, peer.podLabels);
    }
}

/** In ambient mode the nodes' proxies carry every call between pods of the mesh to one port of the called pod; the mesh sees which it is for. */
export function planPorts(ports: readonly number[], mode: MeshMode) {
    return mode === "ambient" ? tcp(...ports, hbonePort) : tcp(...ports);
}

/** Those that say the same, once. */
function distinct<T extends object>(all: readonly T[]): T[] {
    return [...new Map(all.map((each) => [JSON.stringify(each), each])).values()];
}
