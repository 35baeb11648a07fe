import { Redis } from "../data/redis";
import type { CertManager } from "../edge/certificates/certManager";
import { EdgeCertificate } from "../edge/certificates/edgeCertificate";
import { Issuers } from "../edge/certificates/issuers";
import { type Proof, planProof } from "../edge/certificates/proof";
import { Edge } from "../edge/edge";
import { EdgeGround } from "../edge/ground";
import { gateway } from "../edge/identity";
import { countersName } from "../edge/rateLimit";
import { challengeSize } from "../foundation/certManagerSizes";
import { selectorOf } from "../foundation/labels";
import type { Operator } from "../kubernetes/customResource";
import { images } from "../kubernetes/images";
import type { GeneratedSecrets } from "../security/generated";
import { certifiedHosts } from "../settings/hosts";
import { type PlatformArgs, type Stage, systemPlace } from "./args";

/** What the edge stands on. */
export interface BehindEdge {
    readonly mesh: { readonly istio: Operator; readonly gatewayApi: Operator };
    /** How the platform proves its names; undefined where nobody asks for proof. */
    readonly proof: Proof | undefined;
    readonly certManager: CertManager;
    readonly secrets: GeneratedSecrets;
}

/** How the platform proves its names; undefined where nobody asks for proof. */
export function proofOf({ settings: { edge }, ground }: PlatformArgs): Proof | undefined {
    return "solver" in edge.certificates ? planProof(edge.certificates.solver, gateway, ground) : undefined;
}

/** The way in: a namespace, who issues the certificate, the counters of the rate limit, and the gateway. */
export function createEdge(args: PlatformArgs, behind: BehindEdge, stage: Stage): void {
    const { edge, edgeSizes: sizes, tarsRag, secrets } = args.settings;
    const ground = createGround(args, behind, stage);
    const inside = { ...stage, dependsOn: [ground] };
    const { placement } = ground;
    const passwordGeneration = secrets.countersGeneration;
    const password = { password: behind.secrets.countersPassword, passwordGeneration };
    const cache = { placement, size: sizes.counters, called: countersName, ...password };
    const redis = new Redis("edge-counters", cache, inside);
    const certificate = createCertificate(args, { ...behind, ground }, inside);
    const target = { namespace: "tars", service: "tars-backend", port: images.tarsBackend.ports.http };
    const counters = { password: redis.password, passwordGeneration };
    const hosts = certifiedHosts(edge);
    const front = { hosts, certificate: certificate.secretName, backend: target, counters };
    new Edge(
        "edge",
        { placement, ...behind.mesh, sizes, ...front, rules: edge, admins: tarsRag.adminClientIds },
        { ...inside, dependsOn: [ground, redis, certificate] },
    );
}

function createGround({ settings, cluster, digests }: PlatformArgs, { mesh, proof }: BehindEdge, stage: Stage) {
    const { ownership, edgeSizes: sizes, edge } = settings;
    const { mode } = settings.mesh;
    const { http } = images.tarsBackend.ports;
    const backend = { namespace: "tars", labels: selectorOf("tars-backend"), ports: [http] };
    const guests = proof?.kind === "http01" ? [challengeSize(certifiedHosts(edge).length)] : [];
    const place = { cluster, ownership, digests, sizes, guests, backend, mode, istio: mesh.istio };
    return new EdgeGround("istio-ingress", place, stage);
}

interface Asked extends Pick<BehindEdge, "certManager" | "proof"> {
    /** Where TLS ends. */
    readonly ground: EdgeGround;
}

function createCertificate(args: PlatformArgs, { certManager, proof, ground }: Asked, stage: Stage) {
    const { edge, secrets } = args.settings;
    const { namespace } = ground.placement;
    const { certificates: choice, organisation } = edge;
    const issued = { operator: certManager.operator, namespace, choice, hosts: certifiedHosts(edge), organisation };
    const asked = { place: systemPlace(args), ...issued };
    const issuers = new Issuers("issuers", { ...asked, proof, generation: secrets.certificateGeneration }, stage);
    return new EdgeCertificate(
        "tars-tls-cert",
        { ...asked, issuer: issuers.reference },
        { ...stage, dependsOn: [ground, issuers] },
    );
}
