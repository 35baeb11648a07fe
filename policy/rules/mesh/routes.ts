import { absent, type Read, undecided, type Value } from "../../reading/value";
import { nameOf, namespaceOf, type Subject } from "../../resources/subject";

/** Kinds of the Gateway API that have listeners. */
export const gatewayKinds = ["gateway.networking.k8s.io/Gateway", "gateway.networking.k8s.io/ListenerSet"] as const;

/** Kinds of the Gateway API that bring requests over HTTP in. */
export const routeKinds = ["gateway.networking.k8s.io/HTTPRoute", "gateway.networking.k8s.io/GRPCRoute"] as const;

export interface Listener {
    readonly listener: Value;
    readonly protocol: Read<string>;
}

/** The listeners of a Gateway or ListenerSet; none of a waypoint, which is inside the mesh. */
export function listenersOf({ object }: Subject): readonly Listener[] {
    const spec = object.get("spec");
    if (spec.get("gatewayClassName").text() === "istio-waypoint") return [];
    return spec
        .get("listeners")
        .items()
        .map((listener) => ({ listener, protocol: listener.get("protocol").text() }));
}

/** Whether a reference of a route names this gateway. Without a namespace it means the route's own. */
export function names(parent: Value, route: Subject, gateway: Subject): boolean {
    const kind = parent.get("kind").text();
    const namespace = parent.get("namespace").text();
    const own = namespaceOf(gateway);
    return (
        (kind === absent ? "Gateway" : kind) === gateway.kind.kind &&
        matches(parent.get("name").text(), nameOf(gateway)) &&
        matches(namespace === absent ? namespaceOf(route) : namespace, own)
    );
}

/** Whether a reference of a route reaches a listener of a gateway. Without a section or a port it means every listener. */
export function isAttached(parent: Value, route: Subject, gateway: Subject, { listener }: Listener): boolean {
    const section = parent.get("sectionName").text();
    const port = parent.get("port").number();
    return (
        names(parent, route, gateway) &&
        (section === absent || matches(section, listener.get("name").text())) &&
        (port === absent || port === listener.get("port").number())
    );
}

/** What is not known has been noted, and matches nothing. */
function matches(a: Read<string>, b: Read<string>): boolean {
    return a === b && a !== undecided;
}

/** Whether the rules of a route do nothing but send to HTTPS. Rules that cannot be read are noted, and taken for such. */
export function onlyRedirects(rules: Value): boolean {
    if (rules.isSet && !rules.isList) return rules.items().length === 0;
    const each = rules.items();
    return each.length > 0 && each.every((rule) => rule.get("filters").items().some(isRedirect));
}

function isRedirect(filter: Value): boolean {
    const scheme = filter.get("requestRedirect", "scheme").text();
    return filter.get("type").text() === "RequestRedirect" && (scheme === "https" || scheme === undecided);
}

/** What a policy can stand before: a Gateway that callers come in by, or a Service that they are led to. */
export interface Target {
    readonly kind: string;
    readonly namespace: Read<string>;
    readonly name: Read<string>;
}

/** What a route leads from and to. */
export function targetsOf(route: Subject): {
    readonly gateways: readonly Target[];
    readonly services: readonly Target[];
} {
    const spec = route.object.get("spec");
    const backends = spec
        .get("rules")
        .items()
        .flatMap((rule) => rule.get("backendRefs").items());
    const targets = (references: readonly Value[], kind: string) =>
        references.map((reference) => targetOf(reference, route, kind)).filter((target) => target.kind === kind);
    return { gateways: targets(spec.get("parentRefs").items(), "Gateway"), services: targets(backends, "Service") };
}

/** What a reference names; without a kind it is of the kind that its place has by default. */
function targetOf(reference: Value, route: Subject, usual: string): Target {
    const kind = reference.get("kind").text();
    const namespace = reference.get("namespace").text();
    return {
        kind: typeof kind === "string" ? kind : usual,
        namespace: namespace === absent ? namespaceOf(route) : namespace,
        name: reference.get("name").text(),
    };
}
