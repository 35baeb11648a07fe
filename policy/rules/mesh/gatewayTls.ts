import { undecided, type Value } from "../../reading/value";
import type { Subject } from "../../resources/subject";
import type { Report } from "../../rule";
import { meshConfigOf } from "./meshConfig";

/** Modes in which a server of Istio passes TLS on as it comes, and the one whose minimum is the mesh's. */
const withoutOwnMinimum: ReadonlySet<unknown> = new Set(["PASSTHROUGH", "AUTO_PASSTHROUGH", "ISTIO_MUTUAL"]);

/** @see https://istio.io/latest/docs/reference/config/networking/gateway/#ServerTLSSettings (default: TLS 1.2) */
export function checkIstioGateway({ object }: Subject, report: Report): void {
    for (const server of object.get("spec", "servers").items()) {
        const tls = server.get("tls");
        const redirects = !tls.get("mode").isSet && tls.get("httpsRedirect").isSet;
        if (!tls.isSet || redirects || withoutOwnMinimum.has(tls.get("mode").text())) continue;
        checkMinimum(tls.get("minProtocolVersion"), report);
        checkCiphers(tls.get("cipherSuites").items(), report);
    }
}

/** Where a mesh says which TLS it takes of its members, and which at its gateways, whose listeners have no word for it. */
const minimums = [
    { key: "meshMTLS", problem: "has a mesh that takes less than TLS 1.3" },
    { key: "tlsDefaults", problem: "has gateways that take less than TLS 1.3" },
] as const;

/** @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/ (meshMTLS, tlsDefaults; default of both: TLS 1.2) */
export function checkMesh(subject: Subject, report: Report): void {
    const mesh = meshConfigOf(subject);
    if (!mesh) return;
    for (const { key, problem } of minimums) {
        const minimum = mesh.text(key, "minProtocolVersion");
        if (minimum !== "TLSV1_3" && minimum !== undecided) report({ path: mesh.path, problem });
    }
}

/** Classes of Istio: their listeners carry the mesh's own mutual TLS, or take what `tlsDefaults` of the mesh says. */
const meshClasses = /^istio(-waypoint|-east-west|-remote)?$/;

/**
 * The Gateway API has no field for a minimum: each implementation has an option of its own for it, or none.
 *
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#gatewaytlsconfig
 */
export function checkGatewayApi({ object }: Subject, report: Report): void {
    const spec = object.get("spec");
    const isOfMesh = meshClasses.test(String(spec.get("gatewayClassName").text()));
    for (const listener of spec.get("listeners").items()) {
        const tls = listener.get("tls");
        if (!tls.isSet || tls.get("mode").text() === "Passthrough") continue;
        checkOptions(tls.get("options"), isOfMesh, report);
    }
}

function checkOptions(options: Value, isOfMesh: boolean, report: Report): void {
    const own = options.keys().filter((key) => key.endsWith("/tls-min-protocol-version"));
    for (const key of own) {
        const minimum = options.get(key);
        const read = minimum.text();
        if (read === undecided || /^TLS_?v?1[._]3$/i.test(String(read))) continue;
        report({ path: minimum.path, problem: "takes less than TLS 1.3" });
    }
    const versions = options.get("nginx.org/ssl-protocols");
    const allVersions = versions.text();
    if (typeof allVersions === "string" && allVersions.trim() !== "TLSv1.3") {
        report({ path: versions.path, problem: "takes less than TLS 1.3" });
    }
    if (own.length === 0 && !versions.isSet && options.mapping() !== undecided && !isOfMesh) {
        report({ path: options.path, problem: "leaves the minimum version to the implementation", advisory: true });
    }
    const suites = options.get("gateway.istio.io/tls-cipher-suites");
    const names = suites.text();
    if (typeof names === "string" && names.split(",").some((name) => isWeak(name.trim()))) {
        report({ path: suites.path, problem: "has a cipher without forward secrecy or authentication" });
    }
}

function checkMinimum(minimum: Value, report: Report): void {
    const read = minimum.text();
    if (read !== "TLSV1_3" && read !== undecided) {
        report({ path: minimum.path, problem: "takes less than TLS 1.3" });
    }
}

function checkCiphers(suites: readonly Value[], report: Report): void {
    for (const suite of suites) {
        const name = suite.text();
        if (typeof name === "string" && isWeak(name)) {
            report({ path: suite.path, problem: "has a cipher without forward secrecy or authentication" });
        }
    }
}

/** Without an ephemeral key exchange, or without authenticated encryption. @see https://www.rfc-editor.org/rfc/rfc9325#section-4 */
function isWeak(suite: string): boolean {
    return !/^(\[?ECDHE|TLS_(AES|CHACHA20))/.test(suite) || !/GCM|CHACHA20|CCM/.test(suite);
}
