import type { Registration } from "../registrations";
import { at, type Fields, fieldsOf, listAt, textAt, textsAt } from "./fields";
import type { Peer } from "./peers";

/** One call: from pods to a port of others. */
export interface Call {
    readonly from: Peer;
    readonly to: Peer;
    readonly port: number;
}

/**
 * Whether the network lets a call through: out of the caller and into the called pod.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function networkOpens(policies: readonly Registration[], call: Call): boolean {
    return (
        allows(policies, call, { side: "Egress", pod: call.from, other: call.to }) &&
        allows(policies, call, { side: "Ingress", pod: call.to, other: call.from })
    );
}

interface End {
    readonly side: "Egress" | "Ingress";
    readonly pod: Peer;
    readonly other: Peer;
}

/** A pod that no policy selects for a direction is open in it; one that is selected is open as far as some policy says so. */
function allows(policies: readonly Registration[], { port }: Call, { side, pod, other }: End): boolean {
    const own = policies.filter(
        ({ inputs }) =>
            textAt(inputs, "metadata", "namespace") === pod.namespace &&
            typesOf(inputs).includes(side) &&
            selects(at(inputs, "spec", "podSelector"), pod.labels),
    );
    if (own.length === 0) return true;
    const [rules, peers] = side === "Egress" ? ["egress", "to"] : ["ingress", "from"];
    return own.some(({ inputs }) =>
        listAt(inputs, "spec", rules).some(
            (rule) => isOfPort(rule, port) && isOfPeer(listAt(rule, peers), { pod, other }),
        ),
    );
}

/** Without types a policy is about what comes in, and about what goes out where it has rules for that. */
function typesOf(inputs: Fields): readonly string[] {
    const given = textsAt(inputs, "spec", "policyTypes");
    if (given.length > 0) return given;
    return at(inputs, "spec", "egress") === undefined ? ["Ingress"] : ["Ingress", "Egress"];
}

function isOfPort(rule: unknown, port: number): boolean {
    const ports = listAt(rule, "ports");
    return ports.length === 0 || ports.some((entry) => isTcp(entry) && holdsPort(entry, port));
}

const isTcp = (entry: unknown) => (textAt(entry, "protocol") || "TCP") === "TCP";

/** A port that goes by a name may be any: nothing here says which pods call theirs so. */
function holdsPort(entry: unknown, port: number): boolean {
    const [first, last] = [at(entry, "port"), at(entry, "endPort")];
    if (typeof first !== "number") return true;
    return port >= first && port <= (typeof last === "number" ? last : first);
}

/** Addresses of one machine that are no pod's. @see https://www.rfc-editor.org/rfc/rfc3927 */
const linkLocal = /^169\.254\./;

/** Any other block of addresses counts as everybody: nobody knows which addresses pods will have. */
function isOfPeer(peers: readonly unknown[], { pod, other }: Pick<End, "pod" | "other">): boolean {
    if (peers.length === 0) return true;
    return peers.some((peer) => {
        const { ipBlock, namespaceSelector, podSelector } = fieldsOf(peer);
        if (ipBlock !== undefined) return !linkLocal.test(textAt(ipBlock, "cidr"));
        const inNamespace =
            namespaceSelector === undefined
                ? other.namespace === pod.namespace
                : selects(namespaceSelector, other.namespaceLabels);
        return inNamespace && (podSelector === undefined || selects(podSelector, other.labels));
    });
}

/** Whether a LabelSelector selects what bears these labels; an empty one selects everything. */
export function selects(selector: unknown, labels: Fields): boolean {
    const wanted = Object.entries(fieldsOf(at(selector, "matchLabels")));
    return (
        wanted.every(([key, value]) => labels[key] === value) &&
        listAt(selector, "matchExpressions").every((expression) => meets(expression, labels))
    );
}

function meets(expression: unknown, labels: Fields): boolean {
    const label = labels[textAt(expression, "key")];
    const among = textsAt(expression, "values").some((value) => value === label);
    switch (textAt(expression, "operator")) {
        case "In":
            return among;
        case "NotIn":
            return !among;
        case "Exists":
            return label !== undefined;
        default:
            return label === undefined;
    }
}
