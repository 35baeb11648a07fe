import { controls } from "../../controls";
import { undecided, type Value } from "../../reading/value";
import type { Stack } from "../../resources/stack";
import type { Subject } from "../../resources/subject";
import type { StackReport, StackRule } from "../../rule";
import { failing, passing } from "./edgeTls.samples";
import { checkIngress } from "./ingressTls";
import { gatewayKinds, isAttached, listenersOf, onlyRedirects, routeKinds } from "./routes";

export const edgeTls: StackRule = {
    id: "NET-01",
    title: "Every host at the edge is named and has TLS",
    severity: "high",
    level: "mandatory",
    scope: "stack",
    kinds: ["networking.k8s.io/Ingress", "networking.istio.io/Gateway", ...gatewayKinds, ...routeKinds],
    controls: controls({ soc2: ["CC6.7"], iso27001: ["8.24", "8.20"], cisAks: ["5.4.5"], cisEks: ["5.4.5"] }),
    why: "What goes in plain text is read and changed on its way, and an edge without a host answers for names that are not its own.",
    fix: "name each host, give it a certificate, and answer plain HTTP with nothing but a redirect to HTTPS",
    link: "https://gateway-api.sigs.k8s.io/guides/tls/",
    samples: { passing, failing },
    check: (stack, report) => {
        for (const ingress of stack.of("networking.k8s.io/Ingress")) checkIngress(ingress, report);
        for (const gateway of stack.of("networking.istio.io/Gateway")) checkServers(gateway, report);
        for (const gateway of stack.of(...gatewayKinds)) checkListeners(gateway, report);
        for (const route of stack.of(...routeKinds)) checkRoute(route, stack, report);
    },
};

const noCertificate = "has no certificate for its host";
const anyHost = "is no host of its own, so that every name is answered";

const plainProtocols: ReadonlySet<unknown> = new Set(["HTTP", "HTTP2", "GRPC", "GRPC-WEB"]);
const tlsProtocols: ReadonlySet<unknown> = new Set(["HTTPS", "TLS"]);

/** @see https://istio.io/latest/docs/reference/config/networking/gateway/#Server */
function checkServers(gateway: Subject, report: StackReport): void {
    for (const server of gateway.object.get("spec", "servers").items()) {
        const tls = server.get("tls");
        const protocol = server.get("port", "protocol").text();
        for (const host of server.get("hosts").items()) {
            // A host may have the namespace of its VirtualServices before it.
            if (/^([^/]*\/)?\*?$/.test(String(host.text()))) report(gateway, { path: host.path, problem: anyHost });
        }
        if (plainProtocols.has(protocol)) checkRedirect(tls.get("httpsRedirect"), gateway, report);
        else if (tlsProtocols.has(protocol)) checkServerTls(tls, gateway, report);
    }
}

function checkRedirect(redirect: Value, gateway: Subject, report: StackReport): void {
    const read = redirect.boolean();
    if (read !== true && read !== undecided) {
        report(gateway, { path: redirect.path, problem: "does not send plain HTTP on to HTTPS" });
    }
}

/** Modes in which somebody else has the certificate. */
const withoutCertificate: ReadonlySet<unknown> = new Set(["PASSTHROUGH", "AUTO_PASSTHROUGH", "ISTIO_MUTUAL"]);

/** What a server of Istio may take its certificate from. */
const certificateFields = ["credentialName", "credentialNames", "serverCertificate", "tlsCertificates"] as const;

function checkServerTls(tls: Value, gateway: Subject, report: StackReport): void {
    if (withoutCertificate.has(tls.get("mode").text())) return;
    if (certificateFields.some((field) => tls.get(field).isSet)) return;
    report(gateway, { path: tls.path, problem: noCertificate });
}

/**
 * Listeners with a host; plain HTTP ones are judged by their routes, and others (TCP, HBONE) have no hosts. Where a load balancer that ends TLS
 * itself calls the gateway, it names none, and the hosts of the routes are all that is answered.
 */
function checkListeners(gateway: Subject, report: StackReport): void {
    const isInner = isBehindAnother(gateway);
    for (const { listener, protocol } of listenersOf(gateway)) {
        if (!tlsProtocols.has(protocol)) continue;
        const host = listener.get("hostname");
        if (!isInner && isAnyHost(host)) report(gateway, { path: host.path, problem: anyHost });
        const tls = listener.get("tls");
        const certificates = tls.get("certificateRefs");
        if (tls.get("mode").text() === "Passthrough") continue;
        if (isEmpty(certificates)) report(gateway, { path: certificates.path, problem: noCertificate });
    }
}

/**
 * Whether nobody outside of the cluster's network reaches the gateway by itself.
 *
 * @see https://istio.io/latest/docs/setup/getting-started/ (networking.istio.io/service-type)
 */
function isBehindAnother(gateway: Subject): boolean {
    return gateway.object.get("metadata", "annotations", "networking.istio.io/service-type").text() === "ClusterIP";
}

/** No list, or one without elements; one that cannot be read is noted and not empty. */
function isEmpty(list: Value): boolean {
    return list.items().length === 0 && (!list.isSet || list.isList);
}

function isAnyHost(host: Value): boolean {
    const name = host.text();
    return name !== undecided && (typeof name !== "string" || name === "" || name === "*");
}

function checkRoute(route: Subject, stack: Stack, report: StackReport): void {
    const spec = route.object.get("spec");
    const parents = spec
        .get("parentRefs")
        .items()
        .filter((parent) => parent.get("kind").text() !== "Service");
    // Only of the mesh's own traffic, or attached to nothing.
    if (parents.length === 0) return;
    checkHostnames(spec.get("hostnames"), route, report);
    const plain = stack
        .of(...gatewayKinds)
        .some((gateway) =>
            listenersOf(gateway).some(
                (each) =>
                    each.protocol === "HTTP" && parents.some((parent) => isAttached(parent, route, gateway, each)),
            ),
        );
    if (plain && !onlyRedirects(spec.get("rules"))) {
        report(route, {
            path: spec.get("rules").path,
            problem: "answers plain HTTP with more than a redirect to HTTPS",
        });
    }
}

/** A route without hosts answers for all those of its listeners. */
function checkHostnames(hostnames: Value, route: Subject, report: StackReport): void {
    if (isEmpty(hostnames)) report(route, { path: hostnames.path, problem: anyHost });
    for (const host of hostnames.items()) if (isAnyHost(host)) report(route, { path: host.path, problem: anyHost });
}
