import type * as pulumi from "@pulumi/pulumi";
import { Redis } from "../data/redis";
import type { CertManager } from "../edge/certificates/certManager";
import { EdgeCertificate } from "../edge/certificates/edgeCertificate";
import { Issuers } from "../edge/certificates/issuers";
import { type Proof, planProof } from "../edge/certificates/proof";
import { Edge, type EdgeArgs } from "../edge/edge";
import { FrontBinding } from "../edge/firewall/frontBinding";
import { EdgeGround } from "../edge/ground";
import { gateway } from "../edge/identity";
import { dashboardCertificate } from "../edge/login/names";
import { podsBehind } from "../edge/login/traffic";
import { NginxController } from "../edge/nginx/controller";
import { NginxEdge } from "../edge/nginx/nginxEdge";
import { countersName } from "../edge/rateLimit";
import { challengeSize } from "../foundation/certManagerSizes";
import { selectorOf } from "../foundation/labels";
import type { Operator } from "../kubernetes/customResource";
import { images } from "../kubernetes/images";
import type { Placement } from "../kubernetes/placement";
import type { GeneratedSecrets } from "../security/generated";
import type { SecretKeeping } from "../security/secretKeeping";
import { applicationHosts, certifiedHosts } from "../settings/hosts";
import { type PlatformArgs, type Stage, systemPlace } from "./args";
import { createRecords } from "./dns";
import { createLogin, dashboardsOf } from "./login";

/** What the edge stands on. */
export interface BehindEdge {
    readonly mesh: { readonly istio: Operator; readonly gatewayApi: Operator };
    /** How the platform proves its names; undefined where nobody asks for proof. */
    readonly proof: Proof | undefined;
    readonly certManager: CertManager;
    readonly secrets: GeneratedSecrets;
    /** Puts pods behind load balancers; undefined where the cloud itself does what Services ask for. */
    readonly balancers: Operator | undefined;
    /** Who brings secrets from a store; undefined where the stack has none. */
    readonly keeping: SecretKeeping | undefined;
}

interface StageAfter extends Stage {
    readonly dependsOn: pulumi.Resource[];
}

/** How the platform proves its names; undefined where nobody asks for proof. */
export function proofOf({ settings: { edge }, ground }: PlatformArgs): Proof | undefined {
    return "solver" in edge.certificates ? planProof(edge.certificates.solver, gateway, ground) : undefined;
}

/** The way in: a namespace, who issues the certificate, and the gateway. */
export function createEdge(args: PlatformArgs, behind: BehindEdge, stage: Stage): void {
    const { edge } = args.settings;
    const ground = createGround(args, behind, stage);
    const certificates = createCertificates(args, { ...behind, ground }, { ...stage, dependsOn: [ground] });
    const backend = { namespace: "tars", service: "tars-backend", port: images.tarsBackend.ports.http };
    const { application, dashboards } = certificates;
    const target = { hosts: applicationHosts(edge), certificate: application.secretName, backend };
    const create = edge.controller === "nginx" ? createNginxFront : createFront;
    const records = createRecords(args, "tars", { ...stage, dependsOn: [ground] });
    const login = createLogin(args, { ...behind, routesFrom: backend.namespace }, stage);
    const before = [ground, application, ...dashboards, ...records, ...login];
    create(args, { ...behind, ground, target }, { ...stage, dependsOn: before });
}

interface Front extends BehindEdge {
    readonly ground: EdgeGround;
    readonly target: Pick<EdgeArgs, "hosts" | "certificate" | "backend">;
}

/** Istio's gateway, and the counters of its rate limit. */
function createFront(
    { settings, ground: cloud }: PlatformArgs,
    { mesh, secrets, balancers, ground, target }: Front,
    stage: StageAfter,
): void {
    const { edge, edgeSizes: sizes, tarsRag } = settings;
    const { placement } = ground;
    const passwordGeneration = settings.secrets.countersGeneration;
    const password = { password: secrets.countersPassword, passwordGeneration };
    const cache = { placement, size: sizes.counters, called: countersName, ...password };
    const redis = new Redis("edge-counters", cache, { ...stage, dependsOn: [ground] });
    const counters = { password: redis.password, passwordGeneration };
    const annotations = cloud?.dnsZone?.failover;
    const failover = annotations && { annotations };
    const dashboards = dashboardsOf(settings);
    const made = new Edge(
        "edge",
        {
            placement,
            ...mesh,
            sizes,
            ...target,
            dashboards,
            failover,
            counters,
            rules: edge,
            admins: tarsRag.adminClientIds,
        },
        { ...stage, dependsOn: [...stage.dependsOn, redis] },
    );
    bindFront(placement, balancers, { ...stage, dependsOn: [...stage.dependsOn, made] });
}

/** NGINX's, and who makes it; the control plane watches the namespaces of the gateway and of the backend, which are there before it. */
function createNginxFront(args: PlatformArgs, { mesh, certManager, ground, target }: Front, stage: StageAfter): void {
    const { edge, edgeSizes: sizes } = args.settings;
    const watched = [gateway.namespace, target.backend.namespace];
    const controller = { place: systemPlace(args), watched, certManager: certManager.operator };
    const { operator: nginx } = new NginxController("nginx-gateway", controller, { ...stage, dependsOn: [ground] });
    const gatewayApi = { definitions: mesh.gatewayApi.definitions, controller: nginx.controller };
    new NginxEdge(
        "edge",
        { placement: ground.placement, size: sizes.gateway, ...target, rules: edge, gatewayApi, nginx },
        stage,
    );
}

/** Where somebody else made the load balancer, the gateway's pods are put behind it. */
function bindFront(placement: Placement, operator: Operator | undefined, stage: Stage): void {
    const { front } = placement.cluster.entrance;
    if (front === undefined || operator === undefined) return;
    new FrontBinding("edge-front", { placement, front, operator }, stage);
}

function createGround(args: PlatformArgs, { mesh, proof }: BehindEdge, stage: Stage) {
    const { settings } = args;
    const { edgeSizes: sizes, edge } = settings;
    const { mode } = settings.mesh;
    const { http } = images.tarsBackend.ports;
    const backend = { namespace: "tars", labels: selectorOf("tars-backend"), ports: [http] };
    const guests = proof?.kind === "http01" ? [challengeSize(certifiedHosts(edge).length)] : [];
    const { controller } = edge;
    const dashboards = podsBehind(dashboardsOf(settings));
    const place = { ...systemPlace(args), controller, sizes, guests, backend, dashboards, mode, istio: mesh.istio };
    return new EdgeGround("istio-ingress", place, stage);
}

interface Asked extends Pick<BehindEdge, "certManager" | "proof"> {
    /** Where TLS ends. */
    readonly ground: EdgeGround;
}

/** One for the hosts of the application, and one for each dashboard where callers come to the gateway itself. */
function createCertificates(args: PlatformArgs, { certManager, proof, ground }: Asked, stage: Stage) {
    const { edge, secrets } = args.settings;
    const { namespace, cluster } = ground.placement;
    const { certificates: choice, organisation } = edge;
    const issued = { operator: certManager.operator, namespace, choice, hosts: certifiedHosts(edge), organisation };
    const asked = { place: systemPlace(args), ...issued };
    const issuers = new Issuers("issuers", { ...asked, proof, generation: secrets.certificateGeneration }, stage);
    const after = { ...stage, dependsOn: [ground, issuers] };
    const certify = (name: string, hosts: readonly string[], secretName: string) =>
        new EdgeCertificate(name, { ...asked, issuer: issuers.reference, hosts, secretName }, after);
    const apart = cluster.entrance.front === undefined ? dashboardsOf(args.settings) : [];
    return {
        application: certify("tars-tls-cert", applicationHosts(edge), "tars-tls-cert"),
        dashboards: apart.map(({ name, host }) => {
            const certificate = dashboardCertificate(name);
            return certify(certificate, [host], certificate);
        }),
    };
}
