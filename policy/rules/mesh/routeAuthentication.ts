import { controls } from "../../controls";
import { absent, type Read, undecided, type Value } from "../../reading/value";
import { namespaceOf, type Subject } from "../../resources/subject";
import type { StackReport, StackRule } from "../../rule";
import { isListedObject, objectsSetting } from "../listedObjects";
import { type Guards, guardsOf, isGuarded } from "./guards";
import { rootNamespaceOf, rootNamespaceSetting } from "./presence";
import { failing, passing } from "./routeAuthentication.samples";
import { onlyRedirects, routeKinds, type Target, targetsOf } from "./routes";

const problem = "brings callers in from outside whom nothing asks who they are";

export const routeAuthentication: StackRule = {
    id: "NET-10",
    title: "Routes from outside ask callers who they are",
    severity: "high",
    level: "mandatory",
    scope: "stack",
    kinds: [
        "networking.k8s.io/Ingress",
        "networking.istio.io/VirtualService",
        ...routeKinds,
        "security.istio.io/RequestAuthentication",
        "security.istio.io/AuthorizationPolicy",
    ],
    controls: controls({ soc2: ["CC6.1"], iso27001: ["8.5"] }),
    why: "A service that trusts whoever reaches it is open to the internet from the moment a route leads to it.",
    fix: "add a RequestAuthentication and an AuthorizationPolicy that demands its token to the Gateway, or authentication of the controller",
    link: "https://istio.io/latest/docs/tasks/security/authorization/authz-jwt/",
    settings: {
        ...rootNamespaceSetting,
        publicRoutes: objectsSetting({
            description: "Routes that are meant for everybody, such as a sign-in page",
            reason: "Why it has to be so",
        }),
    },
    samples: { passing, failing },
    check: (stack, report, { settings }) => {
        const isPublic = (route: Subject) => isListedObject(settings.publicRoutes, route);
        const guards = guardsOf(stack, rootNamespaceOf(settings));
        for (const ingress of stack.of("networking.k8s.io/Ingress"))
            if (!isPublic(ingress)) checkIngress(ingress, report);
        for (const route of stack.of(...routeKinds)) if (!isPublic(route)) checkRoute(route, guards, report);
        for (const service of stack.of("networking.istio.io/VirtualService")) {
            if (!isPublic(service)) checkVirtualService(service, guards, report);
        }
    },
};

/** Annotations by which a controller authenticates callers, and what each must not say. */
const annotationsOfAuthentication: Readonly<Record<string, RegExp>> = {
    "nginx.ingress.kubernetes.io/auth-url": /^$/,
    "nginx.ingress.kubernetes.io/auth-tls-verify-client": /^(off|optional|optional_no_ca)$/,
    "alb.ingress.kubernetes.io/auth-type": /^none$/,
};

/**
 * @see https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#external-authentication
 * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#authentication
 */
function checkIngress(ingress: Subject, report: StackReport): void {
    const annotations = ingress.object.get("metadata", "annotations");
    const reads = Object.entries(annotationsOfAuthentication).map(([key, not]) => {
        const read = annotations.get(key).text();
        return read === undecided || (typeof read === "string" && !not.test(read));
    });
    if (!reads.includes(true)) report(ingress, { path: annotations.path, problem });
}

function checkRoute(route: Subject, guards: Guards, report: StackReport): void {
    const { object } = route;
    const { gateways, services } = targetsOf(route);
    const rules = object.get("spec", "rules");
    if (gateways.length === 0 || onlyRedirects(rules) || rules.items().every(hasFilter)) return;
    const isCovered = (host: Read<string>) =>
        [gateways, services].some((all) => all.length > 0 && all.every((each) => isGuarded(each, host, guards)));
    if (!hostsOf(object.get("spec", "hostnames")).every(isCovered))
        report(route, { path: object.get("spec", "parentRefs").path, problem });
}

/** The hosts of a route; one that is absent where it takes every host. */
function hostsOf(list: Value): readonly Read<string>[] {
    const hosts = list.items().map((host) => host.text());
    return hosts.length === 0 ? [absent] : hosts;
}

/** NGINX Gateway Fabric authenticates by a filter of its own. @see https://docs.nginx.com/nginx-gateway-fabric/ */
function hasFilter(rule: Value): boolean {
    return rule
        .get("filters")
        .items()
        .some((filter) => filter.get("extensionRef", "kind").text() === "AuthenticationFilter");
}

/** Its gateways are pods somewhere in the namespace of their Gateway, or wherever the names lead. */
function checkVirtualService(service: Subject, guards: Guards, report: StackReport): void {
    const gateways = service.object.get("spec", "gateways");
    const own = namespaceOf(service);
    const hosts = hostsOf(service.object.get("spec", "hosts"));
    for (const gateway of gateways.items()) {
        const name = gateway.text();
        if (typeof name !== "string" || name === "mesh") continue;
        const [namespace, local] = name.split("/", 2);
        const target: Target =
            namespace === undefined || local === undefined
                ? { kind: "Gateway", namespace: own, name }
                : { kind: "Gateway", namespace, name: local };
        if (!hosts.every((host) => isGuarded(target, host, guards))) report(service, { path: gateway.path, problem });
    }
}
