import type * as pulumi from "@pulumi/pulumi";
import { TarsRag } from "./applications/tars-rag";
import { TarsRagConfiguration } from "./applications/tars-rag/configuration";
import type { ClusterHandle, Ground } from "./cloud/contract";
import { ChromaDb, chromadbAddress } from "./data/chromadb";
import { database, Postgres, postgresAddress } from "./data/postgres";
import { Redis, redisAddress } from "./data/redis";
import { SelfSignedCertificate } from "./edge/certificate";
import { Edge } from "./edge/edge";
import { EdgeGround } from "./edge/ground";
import { gateway } from "./edge/identity";
import { countersName } from "./edge/rateLimit";
import { TarsComponent } from "./foundation/component";
import { peakDemand, totalDemand } from "./foundation/demand";
import type { ImageDigests } from "./foundation/imageDigests";
import { selectorOf } from "./foundation/labels";
import type { MeshMode } from "./foundation/mesh";
import { Ollama, ollamaAddress, planAccelerator } from "./inference/ollama";
import { Access, type AccessPath, type Caller } from "./kubernetes/access";
import type { Operator } from "./kubernetes/customResource";
import { createDefinitions } from "./kubernetes/definitions";
import { NvidiaDevicePlugin } from "./kubernetes/devicePlugin";
import { images } from "./kubernetes/images";
import { TenantNamespace } from "./kubernetes/namespace";
import { ClusterAutoscaler } from "./kubernetes/nodeScaler";
import type { Placement, SecretReference } from "./kubernetes/placement";
import { PriorityClasses } from "./kubernetes/priorities";
import { planQuota } from "./kubernetes/quota";
import type { SystemPlace } from "./kubernetes/systemPlace";
import { AdmissionPolicies } from "./security/admission";
import { GeneratedSecrets } from "./security/generated";
import { certifiedHosts } from "./settings/hosts";
import type { Settings } from "./settings/schema";

export interface PlatformArgs {
    readonly settings: Settings;
    readonly digests: ImageDigests;
    readonly cluster: ClusterHandle;
    readonly ground: Ground | undefined;
}

/** What a person or another stack needs to know about a platform that runs: the contract that outputs/ reads. */
export interface PlatformOutputs {
    /** Version of this contract; a test holds it to that of outputs/contract.ts. */
    readonly contract: 2;
    readonly namespace: pulumi.Output<string>;
    /** UID of the kube-system namespace of the cluster that the platform runs on. */
    readonly clusterIdentity: pulumi.Output<string>;
    /** The gateway that callers from outside come through. */
    readonly gateway: Readonly<Record<"name" | "namespace" | "serviceAccount", string>>;
    /** What the cloud has beside the cluster; null on a cluster that is simply given. */
    readonly ground: GroundOutputs | null;
    /** Hosts that must lead to the gateway's address. */
    readonly hosts: readonly string[];
    /** What to open or call from outside, by purpose. */
    readonly urls: Readonly<Record<"app" | "api" | "docs" | "health", string>>;
    /** Host and port inside the namespace, by service. */
    readonly endpoints: Readonly<Record<"postgres" | "redis" | "chromadb" | "ollama", pulumi.Output<string>>>;
    /** How to log in to data services: where the secret values are, never the values. */
    readonly credentials: {
        readonly postgres: { readonly database: string; readonly user: string; readonly password: SecretReference };
        readonly redis: { readonly password: SecretReference };
    };
    /** Fewest and most pods, by workload. */
    readonly replicas: Readonly<Record<string, Settings["sizes"]["redis"]["replicas"]>>;
}

/** The whole platform. Each stage names what must be there before it: the order in which it comes up, and goes down in reverse. */
export class Platform extends TarsComponent {
    readonly outputs: PlatformOutputs;

    constructor(name: string, args: PlatformArgs, opts?: pulumi.ComponentResourceOptions) {
        super("platform", "Platform", name, opts);
        const { settings, cluster, digests } = args;
        const after = (...stages: readonly pulumi.Resource[]) => ({ parent: this, dependsOn: [...stages] });

        const gate = createAdmission(args, after());
        const priorities = new PriorityClasses("priorities", { cluster, ownership: settings.ownership }, after());
        createScaler(args, after(gate, priorities));
        createDevicePlugin(args, after(gate));
        const tenant = createNamespace(args, after(gate, priorities));
        const placement = { cluster, namespace: tenant.namespace, ownership: settings.ownership, digests };
        const access = new Access("access", { placement, paths: openPaths(cluster) }, after(tenant));
        const secrets = new GeneratedSecrets("secrets", { generations: settings.secrets }, after(tenant));
        const configuration = createConfiguration(placement, settings, secrets, after(tenant, secrets));
        const services = createServices(placement, settings, secrets, after(access, configuration));
        const backend = createBackend(placement, settings, configuration, after(...Object.values(services)));
        const mesh = createMesh(args, after(gate));
        createEdge(args, { mesh, mode: "ambient", secrets, backend }, after(backend));

        this.outputs = describe(args, placement, services);
        this.registerOutputs(this.outputs);
    }
}

type Stage = pulumi.ComponentResourceOptions;

/** What every part of the platform that serves the others is put with. */
export function systemPlace({ cluster, digests, settings }: PlatformArgs): SystemPlace {
    const { ownership, charts, copies } = settings;
    return { cluster, digests, ownership, charts, copies };
}

function createAdmission({ settings, cluster }: PlatformArgs, stage: Stage): AdmissionPolicies {
    const { ownership, admission, tarsRag } = settings;
    const repositories = [`${tarsRag.image.registry}/${tarsRag.image.repository}`];
    return new AdmissionPolicies("admission", { cluster, ownership, repositories, ...admission }, stage);
}

function createScaler({ settings, cluster, digests }: PlatformArgs, stage: Stage): void {
    const { scaler } = cluster;
    if (scaler === undefined) return;
    const args = { cluster, ownership: settings.ownership, digests, scaler };
    new ClusterAutoscaler("cluster-autoscaler", args, stage);
}

function createDevicePlugin({ settings, cluster, digests }: PlatformArgs, stage: Stage): void {
    const pool = cluster.nodes.gpu;
    if (pool?.devicePlugin === undefined) return;
    const args = { cluster, ownership: settings.ownership, digests, pool, plugin: pool.devicePlugin };
    new NvidiaDevicePlugin("nvidia-device-plugin", args, stage);
}

/** The kinds that the edge is made of; who acts on them comes with the mesh. */
function createMesh({ settings, cluster }: PlatformArgs, stage: Stage) {
    const child = { parent: stage.parent ?? cluster.provider, provider: cluster.provider };
    const definitions = createDefinitions("gateway-api", "gateway-api", settings.charts, child);
    const operator = { definitions, controller: definitions };
    return { istio: operator, gatewayApi: operator };
}

function createNamespace(args: PlatformArgs, stage: Stage): TenantNamespace {
    const { settings, cluster } = args;
    const quota = planQuota(totalDemand(settings.sizes), settings.quota?.requests, acceleratorDemand(args));
    return new TenantNamespace("tars", { cluster, ownership: settings.ownership, namespace: "tars", quota }, stage);
}

/** GPUs of all inference pods, those of a rollout among them. */
function acceleratorDemand({ settings, cluster }: PlatformArgs): Readonly<Record<string, number>> {
    const { pods } = peakDemand(settings.sizes.ollama);
    const { devices } = planAccelerator(cluster.nodes);
    return Object.fromEntries(Object.entries(devices).map(([name, each]) => [name, pods * Number(each)]));
}

/** Who calls whom in the whole platform. Nothing else gets through. */
export function openPaths(cluster: Pick<ClusterHandle, "monitoringNamespace">): readonly AccessPath[] {
    const { http } = images.tarsBackend.ports;
    const backend: Caller = { kind: "workload", name: "tars-backend" };
    const outside = [gateway.namespace, cluster.monitoringNamespace];
    return [
        ...outside.map((name) => ({ from: { kind: "namespace", name }, to: "tars-backend", ports: [http] }) as const),
        { from: backend, to: "postgres", ports: [postgresAddress.port] },
        { from: backend, to: "redis", ports: [redisAddress.port] },
        { from: backend, to: "chromadb", ports: [chromadbAddress.port] },
        { from: backend, to: "ollama", ports: [ollamaAddress.port] },
    ];
}

function createConfiguration(
    placement: Placement,
    { tarsRag, edge, secrets: { jwtGeneration, databaseGeneration, cacheGeneration } }: Settings,
    secrets: GeneratedSecrets,
    stage: Stage,
): TarsRagConfiguration {
    const plan = {
        settings: tarsRag,
        publicHost: edge.host,
        database: { ...postgresAddress, ...database },
        cache: redisAddress,
        vectorStore: chromadbAddress,
        inference: ollamaAddress,
    };
    const generations = { jwtGeneration, databaseGeneration, cacheGeneration };
    return new TarsRagConfiguration("tars-rag", { placement, plan, secrets, generations }, stage);
}

function createServices(
    placement: Placement,
    { sizes, secrets: { databaseGeneration, cacheGeneration } }: Settings,
    { databasePassword, cachePassword }: GeneratedSecrets,
    stage: Stage,
) {
    const databaseSecret = { password: databasePassword, passwordGeneration: databaseGeneration };
    const cacheSecret = { password: cachePassword, passwordGeneration: cacheGeneration };
    return {
        postgres: new Postgres("postgres", { placement, size: sizes.postgres, ...databaseSecret }, stage),
        redis: new Redis("redis", { placement, size: sizes.redis, ...cacheSecret }, stage),
        chromadb: new ChromaDb("chromadb", { placement, size: sizes.chromadb }, stage),
        ollama: new Ollama("ollama", { placement, size: sizes.ollama }, stage),
    };
}

type Services = ReturnType<typeof createServices>;

function createBackend(
    placement: Placement,
    { sizes, tarsRag: settings }: Settings,
    configuration: TarsRagConfiguration,
    stage: Stage,
): TarsRag {
    return new TarsRag("tars-backend", { placement, size: sizes["tars-backend"], settings, configuration }, stage);
}

interface BehindEdge {
    readonly mesh: { readonly istio: Operator; readonly gatewayApi: Operator };
    readonly mode: MeshMode;
    readonly secrets: GeneratedSecrets;
    readonly backend: TarsRag;
}

function createEdge(args: PlatformArgs, { mesh, mode, secrets, backend }: BehindEdge, stage: Stage): void {
    const { settings, cluster, digests } = args;
    const { ownership, edge, edgeSizes: sizes, tarsRag } = settings;
    const { http } = images.tarsBackend.ports;
    const pods = { namespace: "tars", labels: selectorOf("tars-backend"), ports: [http] };
    const place = { cluster, ownership, digests, sizes, backend: pods, mode, istio: mesh.istio };
    const ground = new EdgeGround("istio-ingress", place, stage);
    const inside = { ...stage, dependsOn: [backend, ground] };
    const { placement } = ground;
    const { countersGeneration: passwordGeneration, certificateGeneration: generation } = settings.secrets;
    const password = { password: secrets.countersPassword, passwordGeneration };
    const cache = { placement, size: sizes.counters, called: countersName, ...password };
    const redis = new Redis("edge-counters", cache, inside);
    const hosts = certifiedHosts(edge);
    const issue = { hosts, organisation: edge.organisation, generation };
    const certificate = new SelfSignedCertificate("tars-tls-cert", { placement, ...issue }, inside);
    const target = { namespace: "tars", service: "tars-backend", port: http };
    const counters = { password: redis.password, passwordGeneration };
    const front = { hosts, certificate: certificate.secretName, backend: target, counters };
    new Edge(
        "edge",
        { placement, ...mesh, sizes, ...front, rules: edge, admins: tarsRag.adminClientIds },
        { ...inside, dependsOn: [backend, ground, redis, certificate] },
    );
}

function describe(
    { settings: { edge, sizes }, cluster, ground }: PlatformArgs,
    { namespace }: Placement,
    services: Services,
): PlatformOutputs {
    const [app, api] = [`https://${edge.host}`, `https://${edge.apiHost}`];
    return {
        contract: 2,
        namespace,
        clusterIdentity: cluster.identity,
        gateway: { name: gateway.name, namespace: gateway.namespace, serviceAccount: gateway.serviceAccount },
        ground: ground === undefined ? null : describeGround(ground),
        hosts: certifiedHosts(edge),
        urls: { app, api, docs: `${app}/docs`, health: `${app}/health` },
        endpoints: {
            postgres: services.postgres.endpoint,
            redis: services.redis.endpoint,
            chromadb: services.chromadb.endpoint,
            ollama: services.ollama.endpoint,
        },
        credentials: {
            postgres: { database: database.name, user: database.user, password: services.postgres.password },
            redis: { password: services.redis.password },
        },
        replicas: Object.fromEntries(Object.entries(sizes).map(([name, { replicas }]) => [name, replicas])),
    };
}

/** Outputs say null for what is known to be absent: an undefined one would not be there at all. */
function describeGround(ground: Ground) {
    return {
        ...ground,
        api: { ...ground.api, issuer: ground.api.issuer ?? null },
        dnsZone: ground.dnsZone ?? null,
    };
}

type GroundOutputs = ReturnType<typeof describeGround>;
