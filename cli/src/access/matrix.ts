import type { Registration } from "../registrations";
import { textAt } from "./fields";
import { meshOpens, modeOf } from "./meshPolicies";
import { type Call, networkOpens } from "./networkPolicies";
import { peersOf, stranger } from "./peers";

/** What becomes of one call. */
export interface Path {
    readonly from: string;
    readonly to: string;
    readonly port: number;
    readonly network: boolean;
    /** Undefined where the called pods are not in the mesh. */
    readonly mesh: boolean | undefined;
}

/** Port on which pods of an ambient mesh take every call of another one (https://istio.io/latest/docs/ambient/usage/networkpolicy/). */
const hbonePort = 15_008;

/** Namespaces beside those of the stack that calls are tried from: where metrics are scraped from, and any other. */
const otherNamespaces = ["monitoring", "elsewhere"] as const;

/** What becomes of every call from any pods to any port that is served: of others and of their own kind, strangers among them. */
export function accessMatrix(registrations: readonly Registration[]): readonly Path[] {
    const called = peersOf(registrations).filter(({ ports }) => ports.length > 0);
    const namespaces = [...new Set([...called.map(({ namespace }) => namespace), ...otherNamespaces])];
    const callers = [...peersOf(registrations), ...namespaces.map((name) => stranger(name, registrations))];
    const judge = judgeOf(registrations);
    return called.flatMap((to) => to.ports.flatMap((port) => callers.map((from) => judge({ from, to, port }))));
}

function judgeOf(registrations: readonly Registration[]): (call: Call) => Path {
    const network = registrations.filter(({ type }) => type.endsWith(":NetworkPolicy"));
    const mesh = registrations.filter(({ inputs }) => textAt(inputs, "kind") === "AuthorizationPolicy");
    return (call) => ({
        from: `${call.from.namespace}/${call.from.name}`,
        to: `${call.to.namespace}/${call.to.name}`,
        port: call.port,
        network: networkOpens(network, { ...call, port: carriedBy(call) }),
        mesh: meshOpens(mesh, call),
    });
}

/** Between an ambient pod and whoever is in the mesh, the network sees one port only. */
function carriedBy({ from, to, port }: Call): number {
    return modeOf(to) === "ambient" && modeOf(from) !== undefined ? hbonePort : port;
}

/** Whether a call gets through: the network lets it, and the mesh where there is one to ask. */
export function isOpen({ network, mesh }: Path): boolean {
    return network && mesh !== false;
}

/** Whether one of the two lets a call through that the other stops: whoever wrote them meant different things. */
export function isHalfOpen({ network, mesh }: Path): boolean {
    return mesh !== undefined && mesh !== network;
}
