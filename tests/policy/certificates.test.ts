import type { Resource } from "../../policy/rule";
import { kubernetesResource } from "../../policy/samples";
import { problemsOf, ruleOf, unknownText } from "./support";

const object = (kind: string, metadata: object, spec: object): Resource =>
    kubernetesResource("cert-manager.io/v1", kind, { metadata, spec });
const unknown = (path: string) => `not decided: ${path} is not known before the update`;

describe("NET-09", () => {
    const good = {
        renewBefore: "720h",
        privateKey: { algorithm: "ECDSA", size: 256 },
        issuerRef: { kind: "Issuer", name: "own" },
    };
    const certificate = (change: object) =>
        object("Certificate", { name: "a", namespace: "shop" }, { ...good, ...change });
    const selfSigned = (kind: string, metadata: object) => object(kind, metadata, { selfSigned: {} });
    const said = (...resources: readonly Resource[]) => problemsOf(ruleOf("NET-09"), resources);

    test.each<[string, object, readonly string[]]>([
        ["nothing of its renewal", { renewBefore: undefined }, ["spec.renewBefore is not set"]],
        [
            "a short key",
            { privateKey: { algorithm: "RSA" } },
            ["spec.privateKey.size is a key weaker than RSA 3072 or P-256"],
        ],
        ["an unknown algorithm", { privateKey: { algorithm: unknownText } }, [unknown("spec.privateKey.algorithm")]],
        ["an unknown size", { privateKey: { algorithm: "RSA", size: unknownText } }, [unknown("spec.privateKey.size")]],
        [
            "an unknown rotation",
            { privateKey: { algorithm: "ECDSA", rotationPolicy: unknownText } },
            [unknown("spec.privateKey.rotationPolicy")],
        ],
    ])("reads a certificate that says %s", (_, change, problems) => {
        expect(said(certificate(change))).toEqual(problems);
    });

    const signsItself = ["spec.issuerRef is an issuer that lets the certificate sign itself"];
    test.each<[string, object, Resource, readonly string[]]>([
        ["its own", {}, selfSigned("Issuer", { name: "own", namespace: "shop" }), signsItself],
        ["of another name", {}, selfSigned("Issuer", { name: "other", namespace: "shop" }), []],
        ["of another namespace", {}, selfSigned("Issuer", { name: "own", namespace: "other" }), []],
        ["of another kind", {}, selfSigned("ClusterIssuer", { name: "own" }), []],
        [
            "of the cluster",
            { issuerRef: { kind: "ClusterIssuer", name: "own" } },
            selfSigned("ClusterIssuer", { name: "own" }),
            signsItself,
        ],
        [
            "of the cluster, of another name",
            { issuerRef: { kind: "ClusterIssuer", name: "own" } },
            selfSigned("ClusterIssuer", { name: "other" }),
            [],
        ],
    ])("knows the issuer of a certificate, here %s", (_, change, issuer, problems) => {
        expect(said(certificate(change), issuer)).toEqual(problems);
    });

    test("does not decide on an issuer whose name is unknown", () => {
        const issuerRef = { kind: "Issuer", name: unknownText };
        const issuer = selfSigned("Issuer", { name: unknownText, namespace: "shop" });
        const places = [unknown("metadata.name"), unknown("spec.issuerRef.name")];
        expect(said(certificate({ issuerRef }), issuer).sort()).toEqual(places);
    });
});
