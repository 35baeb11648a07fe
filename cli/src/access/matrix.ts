import type { Registration } from "../registrations";
import { textAt } from "./fields";
import { meshOpens, modeOf, waypointOpens } from "./meshPolicies";
import { type Call, networkOpens } from "./networkPolicies";
import { outsidersOf } from "./outsiders";
import { type Passage, type Peer, passageTo, peersOf, stranger } from "./peers";

/** What becomes of one call. */
export interface Path {
    readonly from: string;
    readonly to: string;
    readonly port: number;
    readonly network: boolean;
    /** Undefined where the called pods are not in the mesh. */
    readonly mesh: boolean | undefined;
    /**
     * Whether the network cannot tell this call from one that it is to let through: of a call by a waypoint it does not see whom it is for, in a
     * mesh's tunnel not which port.
     */
    readonly isHidden: boolean;
}

/** Port on which pods of an ambient mesh take every call of another one (https://istio.io/latest/docs/ambient/usage/networkpolicy/). */
const hbonePort = 15_008;

/** Namespaces beside those of the stack that calls are tried from: where metrics are scraped from, and any other. */
const otherNamespaces = ["monitoring", "elsewhere"] as const;

/** What becomes of every call from any pods to any port that is served: of others and of their own kind, strangers among them. */
export function accessMatrix(registrations: readonly Registration[]): readonly Path[] {
    const peers = peersOf(registrations);
    const called = peers.filter(({ ports }) => ports.length > 0);
    const namespaces = [...new Set([...called.map(({ namespace }) => namespace), ...otherNamespaces])];
    const callers = [
        ...peers,
        ...outsidersOf(registrations, peers),
        ...namespaces.map((name) => stranger(name, registrations)),
    ];
    const policies = {
        network: registrations.filter(({ type }) => type.endsWith(":NetworkPolicy")),
        mesh: registrations.filter(({ inputs }) => textAt(inputs, "kind") === "AuthorizationPolicy"),
    };
    return called.flatMap((to) => {
        const passage = passageTo(to, peers, registrations);
        return callers.flatMap((from) => {
            const paths = to.ports.flatMap((port) => judge(policies, { from, to, port }, passage));
            return inTunnel(from, to) ? withHiddenPorts(paths) : paths;
        });
    });
}

function withHiddenPorts(paths: readonly Path[]): readonly Path[] {
    const reached = new Set(paths.filter(isOpen).map(({ to }) => to));
    return paths.map((path) => ({ ...path, isHidden: path.isHidden || reached.has(path.to) }));
}

type Policies = Readonly<Record<"network" | "mesh", readonly Registration[]>>;

/** One path; two where the called pods have a waypoint: through it, which their service leads to, and straight to the pods. */
function judge(policies: Policies, call: Call, passage: Passage | undefined): readonly Path[] {
    const { from, to } = call;
    const direct = { ...pathOf(call), ...straight(policies, call), isHidden: false };
    if (passage === undefined) return [direct];
    const past = { ...direct, to: `${direct.to} (past its waypoint)` };
    // A gateway passes waypoints by, and the waypoint itself is no caller of the service.
    return modeOf(from) === "ambient" || modeOf(from) === "sidecar"
        ? [{ ...pathOf(call), ...passing(policies, { from, to, port: call.port }, passage), isHidden: true }, past]
        : [past];
}

function pathOf({ from, to, port }: Call) {
    const nameOf = ({ namespace, name }: Peer) => `${namespace}/${name}`;
    return { from: nameOf(from), to: nameOf(to), port };
}

function straight(policies: Policies, call: Call): Pick<Path, "network" | "mesh"> {
    return {
        network: networkOpens(policies.network, { ...call, port: carriedBy(call) }),
        mesh: meshOpens(policies.mesh, call),
    };
}

function passing(policies: Policies, call: Call, passage: Passage): Pick<Path, "network" | "mesh"> {
    const { waypoint } = passage;
    const onward = straight(policies, { ...call, from: waypoint });
    const reaches = networkOpens(policies.network, { from: call.from, to: waypoint, port: hbonePort });
    return {
        network: reaches && onward.network,
        mesh: waypointOpens(policies.mesh, passage, call) && onward.mesh !== false,
    };
}

/** Between an ambient pod and whoever is in the mesh, the network sees one port only. */
function carriedBy({ from, to, port }: Call): number {
    return inTunnel(from, to) ? hbonePort : port;
}

function inTunnel(from: Peer, to: Peer): boolean {
    return modeOf(to) === "ambient" && modeOf(from) !== undefined;
}

/** Whether a call gets through: the network lets it, and the mesh where there is one to ask. */
export function isOpen({ network, mesh }: Path): boolean {
    return network && mesh !== false;
}

/** Whether one of the two lets a call through that the other stops: whoever wrote them meant different things. */
export function isHalfOpen({ network, mesh, isHidden }: Path): boolean {
    return mesh !== undefined && mesh !== network && !(isHidden && network);
}
