import type { Registration } from "../registrations";
import { at, type Fields, listAt, textAt, textsAt } from "./fields";
import { type Call, selects } from "./networkPolicies";
import type { Passage, Peer } from "./peers";

/** Namespace whose policies hold for the whole mesh, as Istio's own default has it. */
const rootNamespace = "istio-system";

/**
 * Whether the mesh lets a call through: the caller has a certificate of the mesh, no policy denies it and, where any policy of the called
 * pods allows something, one of them allows it. Undefined where the called pods are not in the mesh, and so nobody asks.
 *
 * @see https://istio.io/latest/docs/concepts/security/#implicit-enablement
 */
export function meshOpens(policies: readonly Registration[], call: Call): boolean | undefined {
    if (modeOf(call.to) === undefined) return undefined;
    return decide(
        policies.filter(({ inputs }) => isAbout(inputs, call.to)),
        call,
    );
}

/**
 * Whether a waypoint lets a call of a service pass: by the policies that name the service or the waypoint, in the namespace of either.
 *
 * @see https://istio.io/latest/docs/ambient/usage/l7-features/
 */
export function waypointOpens(policies: readonly Registration[], { service, waypoint }: Passage, call: Call): boolean {
    const own = policies.filter(({ inputs }) => {
        const namespace = textAt(inputs, "metadata", "namespace");
        return listAt(inputs, "spec", "targetRefs").some(
            (reference) =>
                names(reference, "Service", service, namespace === call.to.namespace) ||
                names(reference, "Gateway", waypoint.name, namespace === waypoint.namespace),
        );
    });
    return decide(own, call);
}

function names(reference: unknown, kind: string, name: string, isThere: boolean): boolean {
    return isThere && textAt(reference, "kind") === kind && textAt(reference, "name") === name;
}

function decide(own: readonly Registration[], call: Call): boolean {
    const byAction = (action: string) =>
        own.filter(({ inputs }) => (textAt(inputs, "spec", "action") || "ALLOW") === action);
    const matching = (chosen: readonly Registration[]) =>
        chosen.some(({ inputs }) => listAt(inputs, "spec", "rules").some((rule) => isMet(rule, call)));
    if (modeOf(call.from) === undefined || matching(byAction("DENY"))) return false;
    const allowing = byAction("ALLOW");
    return allowing.length === 0 || matching(allowing);
}

/** How pods join the mesh, by their namespace or for themselves; undefined where they do not. A gateway that Istio makes is a proxy itself. */
export function modeOf({ namespaceLabels, labels }: Peer): "ambient" | "sidecar" | "gateway" | undefined {
    if (labels["gateway.networking.k8s.io/gateway-name"] !== undefined) return "gateway";
    const dataPlane = "istio.io/dataplane-mode";
    if ((labels[dataPlane] ?? namespaceLabels[dataPlane]) === "ambient") return "ambient";
    const isInjected = labels["sidecar.istio.io/inject"] === "true" || namespaceLabels["istio-injection"] === "enabled";
    return isInjected ? "sidecar" : undefined;
}

/** A policy that is aimed at a gateway or a waypoint is about that, and not about the pods behind it. */
function isAbout(inputs: Fields, pod: Peer): boolean {
    const namespace = textAt(inputs, "metadata", "namespace");
    if (namespace !== pod.namespace && namespace !== rootNamespace) return false;
    if (at(inputs, "spec", "targetRefs") !== undefined || at(inputs, "spec", "targetRef") !== undefined) return false;
    return selects(at(inputs, "spec", "selector"), pod.labels);
}

/** Conditions narrow a rule down further; one that has any counts as met, because nothing here knows the request. */
function isMet(rule: unknown, { from, port }: Call): boolean {
    const [sources, operations] = [listAt(rule, "from"), listAt(rule, "to")];
    return (
        (sources.length === 0 || sources.some((entry) => isSource(at(entry, "source"), from))) &&
        (operations.length === 0 || operations.some((entry) => isOperation(at(entry, "operation"), port)))
    );
}

function isSource(source: unknown, { namespace, account }: Peer): boolean {
    const principal = `cluster.local/ns/${namespace}/sa/${account}`;
    return (
        isAmong(textsAt(source, "principals"), principal) &&
        isAmong(textsAt(source, "namespaces"), namespace) &&
        isAmong(textsAt(source, "serviceAccounts"), `${namespace}/${account}`)
    );
}

function isOperation(operation: unknown, port: number): boolean {
    return isAmong(textsAt(operation, "ports"), String(port));
}

/** A list that is not there asks nothing. A star at either end of a value stands for any text. */
function isAmong(list: readonly string[], text: string): boolean {
    if (list.length === 0) return true;
    return list.some((entry) => {
        if (entry.endsWith("*")) return text.startsWith(entry.slice(0, -1));
        return entry.startsWith("*") ? text.endsWith(entry.slice(1)) : text === entry;
    });
}
