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
        .some((rule) => speaksOf(rule, host, action === "CUSTOM"));
}

/** @param wholly whether nothing but the host may decide: who asks somebody else asks for all of a host, or leaves a way past */
function speaksOf(rule: Value, host: Read<string>, wholly: boolean): boolean {
    if (wholly && ["from", "when"].some((part) => rule.get(part).items().length > 0)) return false;
    const to = rule.get("to").items();
    const operations = to.map((entry) => entry.get("operation"));
    return to.length === 0 || operations.some((each) => covers(each, host) && !(wholly && isNarrow(each)));
}

const narrowing = ["paths", "notPaths", "methods", "notMethods", "ports"] as const;

/** Plain HTTP may be left out, where it only sends on to HTTPS. */
function isNarrow(operation: Value): boolean {
    const others = operation.get("notPorts").texts();
    return narrowing.some((part) => operation.get(part).items().length > 0) || others.some((port) => port !== "80");
}

/** By each way of writing a host, as Istio compares all of `:authority`, with the port where a caller writes one. */
function covers(operation: Value, host: Read<string>): boolean {
    const [hosts, others] = [operation.get("hosts"), operation.get("notHosts").texts()];
    const named = hosts.texts();
    const isNamed = !hosts.isSet || formsOf(host).every((form) => named.some((pattern) => matches(pattern, form)));
    return isNamed && !others.some((pattern) => excludes(pattern, host));
}

/** Port that callers may write, as it is the one of HTTPS. */
const httpsPort = 443;

function formsOf(host: Read<string>): readonly Read<string>[] {
    return typeof host === "string" ? [host, `${host}:${httpsPort}`] : [host];
}

/** Whether a pattern takes away a host, or one of those that a host with a star stands for. */
function excludes(pattern: string, host: Read<string>): boolean {
    if (host === absent) return true;
    if (typeof host !== "string" || !host.startsWith("*")) return formsOf(host).some((form) => matches(pattern, form));
    const [below, name] = [host.slice(1), pattern.replace(/:\d+$/, "")];
    if (!name.startsWith("*")) return name.endsWith("*") || name.endsWith(below);
    return name.endsWith(below) || below.endsWith(name.slice(1));
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
