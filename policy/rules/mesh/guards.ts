import { gatewayLabel } from "../../facts/networks";
import { absent, type Read, undecided, type Value } from "../../reading/value";
import type { Stack } from "../../resources/stack";
import { namespaceOf, type Subject } from "../../resources/subject";
import type { Target } from "./routes";

/** The policies of Istio that ask callers who they are. */
export interface Guards {
    readonly root: string;
    /** Verify a token where there is one, and let in whoever brings none. */
    readonly verifying: readonly Subject[];
    /** Refuse whoever brought no verified token. */
    readonly demanding: readonly Subject[];
    /** Ask somebody else, such as a proxy that signs people in. */
    readonly delegating: readonly Subject[];
}

export function guardsOf(stack: Stack, root: string): Guards {
    const policies = stack.of("security.istio.io/AuthorizationPolicy");
    const requests = stack.of("security.istio.io/RequestAuthentication");
    return {
        root,
        verifying: requests.filter(({ object }) => object.get("spec", "jwtRules").items().length > 0),
        demanding: policies.filter(({ object }) => demandsToken(object.get("spec"))),
        delegating: policies.filter(({ object }) => object.get("spec", "action").text() === "CUSTOM"),
    };
}

/**
 * Whether nobody who asks for a host passes the target without having said who they are.
 *
 * @param host absent for whatever host is asked for
 */
export function isGuarded(target: Target, host: Read<string>, guards: Guards): boolean {
    const { root, verifying, demanding, delegating } = guards;
    const reaches = (policy: Subject) => standsBefore(policy, target, root);
    const asks = (policy: Subject) => reaches(policy) && isAbout(policy.object.get("spec"), host);
    return delegating.some(asks) || (verifying.some(reaches) && demanding.some(asks));
}

/** Whether a policy speaks of a host. One that allows refuses every host that it does not speak of. */
function isAbout(spec: Value, host: Read<string>): boolean {
    const action = spec.get("action").text();
    if (action !== "DENY" && action !== "CUSTOM") return true;
    return spec
        .get("rules")
        .items()
        .map((rule) => rule.get("to").items())
        .some((to) => to.length === 0 || to.some((entry) => covers(entry.get("operation"), host)));
}

function covers(operation: Value, host: Read<string>): boolean {
    const [hosts, others] = [operation.get("hosts"), operation.get("notHosts")];
    const isNamed = !hosts.isSet || hosts.texts().some((pattern) => matches(pattern, host));
    return isNamed && !others.texts().some((pattern) => host === absent || matches(pattern, host));
}

/** A star at either end of a pattern stands for any text. */
function matches(pattern: string, host: Read<string>): boolean {
    if (host === undecided) return true;
    if (typeof host !== "string") return pattern === "*";
    if (pattern.startsWith("*")) return host.endsWith(pattern.slice(1));
    return pattern.endsWith("*") ? host.startsWith(pattern.slice(0, -1)) : pattern === host;
}

/**
 * A token is demanded where everybody without one is denied, or where every source that is allowed has one.
 *
 * @see https://istio.io/latest/docs/tasks/security/authorization/authz-jwt/
 */
function demandsToken(spec: Value): boolean {
    const action = spec.get("action").text();
    const rules = spec.get("rules").items();
    const sources = rules.map((rule) =>
        rule
            .get("from")
            .items()
            .map((from) => from.get("source")),
    );
    if (action === "DENY")
        return sources.flat().some((source) => source.get("notRequestPrincipals").texts().includes("*"));
    const isAllow = action === absent || action === "ALLOW";
    const demands = (all: readonly Value[]) =>
        all.length > 0 && all.every((source) => source.get("requestPrincipals").isSet);
    return isAllow && rules.length > 0 && sources.every(demands);
}

/** By its references, by the label of a Gateway's pods, or because it is for its whole namespace or for the mesh. */
function standsBefore(policy: Subject, target: Target, root: string): boolean {
    const spec = policy.object.get("spec");
    const namespace = namespaceOf(policy);
    const isHere = same(namespace, target.namespace);
    const single = spec.get("targetRef");
    const references = [...(single.isSet ? [single] : []), ...spec.get("targetRefs").items()];
    if (references.length > 0) return isHere && references.some((reference) => isNamed(reference, target));
    const label = spec.get("selector", "matchLabels", gatewayLabel).text();
    // The pods of Istio's own kind of Gateway bear no name of it: a selector in its namespace is taken to mean them.
    return (isHere || namespace === root) && (label === absent || same(label, target.name));
}

function isNamed(reference: Value, { kind, name }: Target): boolean {
    return reference.get("kind").text() === kind && same(reference.get("name").text(), name);
}

/** What is not known has been noted, and is taken to be the one that it may be. */
function same(a: Read<string>, b: Read<string>): boolean {
    return a === b || a === undecided || b === undecided;
}
