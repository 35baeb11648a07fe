import type { FailingSample, Resource, Sample } from "../../rule";
import { kubernetesResource, merge, sampleOf } from "../../samples";
import { objectOf } from "./samples";

type Mapping = Readonly<Record<string, unknown>>;

const good: Mapping = {
    secretName: "shop-tls",
    duration: "2160h",
    renewBefore: "720h",
    privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
    issuerRef: { kind: "ClusterIssuer", name: "letsencrypt" },
};

/** The good certificate with a change; a null takes a property away. */
const certificate = (change: Mapping = {}): Resource =>
    objectOf(["cert-manager.io/v1", "Certificate"], "shop", "shop", merge(good, change));
const issuer = (kind: string, spec: Mapping) => objectOf(["cert-manager.io/v1", kind], "own", "shop", spec);

/** One that a chart of the platform asks for, which says nothing of the key. */
const ofChart = (namespace: string): Resource =>
    objectOf(
        ["cert-manager.io/v1", "Certificate"],
        "aws-load-balancer-serving-cert",
        namespace,
        merge(good, { privateKey: null }),
    );

const metadata = { name: "shop", namespace: "shop" };
const ingress = (secretName: string, annotations: Mapping = {}) =>
    kubernetesResource("networking.k8s.io/v1", "Ingress", {
        metadata: { ...metadata, annotations },
        spec: { tls: [{ hosts: ["shop.example"], secretName }] },
    });
const gateway = (reference: Mapping) =>
    objectOf(["gateway.networking.k8s.io/v1", "Gateway"], "edge", "edge", {
        listeners: [{ tls: { certificateRefs: [reference] } }],
    });
const istio = (credentialName: string) =>
    objectOf(["networking.istio.io/v1", "Gateway"], "edge", "edge", { servers: [{ tls: { credentialName } }] });
const external = (target: Mapping) =>
    objectOf(["external-secrets.io/v1", "ExternalSecret"], "corporate", "shop", { target });
const signedBy = (kind: string, change: Mapping = {}): Sample =>
    sampleOf(certificate({ issuerRef: { kind, name: "own" }, ...change }), issuer(kind, { selfSigned: {} }));

const weak = "is a key weaker than RSA 3072 or P-256";
const unmade = "names a Secret that nothing in the stack makes";

export const passing: readonly Sample[] = [
    sampleOf(certificate(), ingress("shop-tls")),
    sampleOf(certificate({ duration: null, privateKey: { size: null, rotationPolicy: null } })),
    sampleOf(certificate({ privateKey: { algorithm: "RSA", size: 4096 } })),
    sampleOf(certificate({ privateKey: { algorithm: "Ed25519", size: null } })),
    sampleOf(ofChart("load-balancers")),
    sampleOf(certificate({ renewBefore: null, renewBeforePercentage: 30 })),
    sampleOf(certificate(), issuer("Issuer", { selfSigned: {} })),
    signedBy("Issuer", { isCA: true }),
    {
        kind: "resources",
        environment: "dev",
        resources: [certificate({ issuerRef: { kind: "Issuer", name: "own" } }), issuer("Issuer", { selfSigned: {} })],
    },
    { kind: "resources", environment: "dev", resources: [certificate({ duration: "8760h" })] },
    sampleOf(
        objectOf(["cert-manager.io/v1", "Certificate"], "tars-root-ca", "cert-manager", {
            ...good,
            duration: "87600h",
        }),
    ),
    sampleOf(
        certificate({ issuerRef: { kind: "Issuer", name: "own" } }),
        issuer("Issuer", { ca: { secretName: "ca" } }),
    ),
    sampleOf(certificate(), gateway({ name: "shop-tls", namespace: "shop" }), istio("shop-tls")),
    sampleOf(ingress("corporate"), external({})),
    sampleOf(ingress("named"), external({ name: "named" })),
    sampleOf(
        ingress("given"),
        kubernetesResource("core/v1", "Secret", { metadata: { name: "given", namespace: "shop" } }),
    ),
    sampleOf(ingress("made", { "cert-manager.io/cluster-issuer": "letsencrypt" })),
];

export const failing: readonly FailingSample[] = [
    { sample: sampleOf(certificate({ duration: "2161h" })), problem: "is longer than 90 days" },
    {
        sample: { kind: "resources", environment: "dev", resources: [certificate({ duration: "8761h" })] },
        problem: "is longer than 365 days",
    },
    { sample: sampleOf(certificate({ duration: "90d" })), problem: "is no duration such as 2160h" },
    { sample: sampleOf(certificate({ privateKey: null })), problem: weak },
    { sample: sampleOf(ofChart("shop")), problem: weak },
    { sample: sampleOf(certificate({ privateKey: { algorithm: "RSA", size: 2048 } })), problem: weak },
    { sample: sampleOf(certificate({ privateKey: { size: 224 } })), problem: weak },
    {
        sample: sampleOf(certificate({ privateKey: { rotationPolicy: "Never" } })),
        problem: "keeps the same key at every renewal",
    },
    { sample: signedBy("Issuer"), problem: "is an issuer that lets the certificate sign itself" },
    { sample: signedBy("Issuer", { isCA: false }), problem: "is an issuer that lets the certificate sign itself" },
    { sample: signedBy("ClusterIssuer"), problem: "is an issuer that lets the certificate sign itself" },
    { sample: sampleOf(ingress("none")), problem: unmade },
    { sample: sampleOf(certificate(), gateway({ name: "shop-tls" })), problem: unmade },
    { sample: sampleOf(istio("none")), problem: unmade },
    { sample: sampleOf(certificate({ renewBefore: null })), problem: "is not set" },
];
