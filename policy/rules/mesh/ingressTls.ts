import { absent, type Read, undecided, type Value } from "../../reading/value";
import type { Subject } from "../../resources/subject";
import type { StackReport } from "../../rule";

/** Judges one Ingress: every host is named, has a certificate, and is not served in plain text where that can be known. */
export function checkIngress(ingress: Subject, report: StackReport): void {
    const spec = ingress.object.get("spec");
    const annotations = ingress.object.get("metadata", "annotations");
    if (spec.get("defaultBackend").isSet) {
        report(ingress, { path: spec.get("defaultBackend").path, problem: "answers every name, whosever it is" });
    }
    const covered = coveredHosts(spec.get("tls"), annotations);
    for (const rule of spec.get("rules").items()) checkHost(rule.get("host"), covered, { ingress, report });
    checkRedirect(ingress, annotations, report);
}

interface About {
    readonly ingress: Subject;
    readonly report: StackReport;
}

/** Undefined where a part of the list is not known, which is noted. */
type Covered = readonly Read<string>[] | undefined;

/** The load balancer of AWS has its certificates elsewhere, named by an annotation; every other controller takes a Secret. */
function coveredHosts(tls: Value, annotations: Value): Covered {
    const withoutSecret = annotations.get("alb.ingress.kubernetes.io/certificate-arn").isSet;
    if (tls.isSet && !tls.isList && tls.items().length === 0) return undefined;
    const entries = tls.items().filter((entry) => withoutSecret || isNamed(entry.get("secretName")));
    const hosts = entries.map((entry) => entry.get("hosts"));
    const read = hosts.flatMap((list) => list.items()).map((host) => host.text());
    if (hosts.some((list) => list.isSet && !list.isList)) return undefined;
    return read.includes(undecided) ? undefined : read;
}

function isNamed(secret: Value): boolean {
    const name = secret.text();
    return name !== absent && name !== "";
}

function checkHost(host: Value, covered: Covered, { ingress, report }: About): void {
    const name = host.text();
    if (name === undecided) return;
    if (name === absent || name === "" || name === "*") {
        report(ingress, { path: host.path, problem: "is no host of its own, so that every name is answered" });
        return;
    }
    if (covered === undefined || covered.includes(name) || covered.includes(name.replace(/^[^.]+/, "*"))) return;
    report(ingress, { path: host.path, problem: "has no certificate for its host" });
}

/** Annotations of controllers that redirect unless they are told not to. */
const switchesOff = [
    "nginx.ingress.kubernetes.io/ssl-redirect",
    "nginx.org/ssl-redirect",
    "ingress.kubernetes.io/ssl-redirect",
] as const;

/**
 * Only for controllers that take it from the Ingress; what others do stands in their own configuration. NGINX redirects each host that
 * has TLS by default; Azure's gateway does not, and AWS's balancer where it listens on both ports.
 *
 * @see https://kubernetes.github.io/ingress-nginx/user-guide/tls/#server-side-https-enforcement-through-redirect
 * @see https://azure.github.io/application-gateway-kubernetes-ingress/annotations/#tls-redirect
 * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#ssl-redirect
 */
function checkRedirect(ingress: Subject, annotations: Value, report: StackReport): void {
    const ports = annotations.get("alb.ingress.kubernetes.io/listen-ports");
    const ofAzure = annotations.get("appgw.ingress.kubernetes.io/ssl-redirect");
    const className = ingress.object.get("spec", "ingressClassName").text();
    const tell = (path: string) => report(ingress, { path, problem: "does not send plain HTTP on to HTTPS" });
    for (const key of switchesOff) {
        const place = annotations.get(key);
        if (String(place.text()).toLowerCase() === "false") tell(place.path);
    }
    const listensPlain = /"HTTP"/.test(String(ports.text()));
    if (listensPlain && !annotations.get("alb.ingress.kubernetes.io/ssl-redirect").isSet) tell(ports.path);
    if (className === "azure-application-gateway" && isOff(ofAzure)) tell(ofAzure.path);
}

function isOff(annotation: Value): boolean {
    const read = annotation.text();
    return read !== "true" && read !== undecided;
}
