import type * as pulumi from "@pulumi/pulumi";
import { TarsRag } from "./applications/tars-rag";
import { TarsRagConfiguration } from "./applications/tars-rag/configuration";
import type { CacheServer, ClusterHandle, PostgresServer } from "./cloud/contract";
import { ChromaDb, chromadbAddress } from "./data/chromadb";
import { postgresAddress } from "./data/postgres";
import type { PostgresClient } from "./data/postgresClient";
import type { PostgresOperator } from "./data/postgresOperator";
import { redisAddress } from "./data/redis";
import type { RedisOperator } from "./data/redisOperator";
import { CertManager } from "./edge/certificates/certManager";
import type { Proof } from "./edge/certificates/proof";
import { gatewayOf } from "./edge/identity";
import { TarsComponent } from "./foundation/component";
import { demandAtPeak, peakDemand } from "./foundation/demand";
import { namingFor } from "./foundation/naming";
import { database } from "./foundation/postgresNames";
import { drillOf, poolerOf } from "./foundation/postgresPlace";
import { Ollama, ollamaAddress, planAccelerator } from "./inference/ollama";
import { Access } from "./kubernetes/access";
import { type AccessPath, planPaths } from "./kubernetes/accessPaths";
import { NvidiaDevicePlugin } from "./kubernetes/devicePlugin";
import { type Identities, identityOf } from "./kubernetes/identities";
import { LoadBalancerController } from "./kubernetes/loadBalancerController";
import { TenantNamespace } from "./kubernetes/namespace";
import { ClusterAutoscaler } from "./kubernetes/nodeScaler";
import type { Placement } from "./kubernetes/placement";
import { PriorityClasses } from "./kubernetes/priorities";
import { planQuota } from "./kubernetes/quota";
import { Mesh } from "./mesh/mesh";
import { ServiceRules } from "./mesh/serviceRules";
import { Waypoint } from "./mesh/waypoint";
import { imageSourcesOf, type PlatformArgs, type Stage, systemPlace } from "./platform/args";
import { backupCallers, createServiceBackups } from "./platform/backups";
import { createCache, createCacheOperator, createCacheServer } from "./platform/cache";
import { createClickHouse } from "./platform/clickHouse";
import {
    createDatabase,
    createDatabaseClient,
    createDatabaseOperator,
    createDatabaseServer,
} from "./platform/database";
import { createEdge, proofOf } from "./platform/edge";
import { createElasticsearch } from "./platform/elastic";
import { createPulls, createSignatures, createWatchers } from "./platform/guards";
import { createKafka, createKafkaHubs, createManagedKafka } from "./platform/kafka";
import { createKafkaUi } from "./platform/kafkaUi";
import { createKibana } from "./platform/kibana";
import { authorizersOf } from "./platform/login";
import { createLogins } from "./platform/logins";
import { createObjects } from "./platform/objects";
import { describePlatform, type PlatformOutputs } from "./platform/outputs";
import { createBackup } from "./platform/recovery";
import { createRights } from "./platform/rights";
import { createSchemaRegistry } from "./platform/schemaRegistry";
import { createSecretKeeping, planSecrets } from "./platform/secrets";
import { trustedOf } from "./platform/trusted";
import { createVectorNamespace, createVectors, vectorNamespaces } from "./platform/vectors";
import { AdmissionPolicies } from "./security/admission";
import { GeneratedSecrets } from "./security/generated";
import { inCluster, tenantLoads } from "./settings/data";
import type { Settings } from "./settings/schema";

/**
 * The whole platform. Each stage names what must be there before it, and leaves out what was there before that: the order in which it comes up, and
 * goes down in reverse. Every further name multiplies the ways from a resource to another, and the engine goes all of them when it is kept from
 * deleting something.
 */
export class Platform extends TarsComponent {
    readonly outputs: PlatformOutputs;

    constructor(name: string, args: PlatformArgs, opts?: pulumi.ComponentResourceOptions) {
        super("platform", "Platform", name, opts);
        const { settings, cluster } = args;
        const imageSources = imageSourcesOf(args);
        const after = (...stages: readonly pulumi.Resource[]) => ({ parent: this, dependsOn: [...stages] });

        const gate = createAdmission(args, after());
        const priorities = new PriorityClasses("priorities", { cluster, ownership: settings.ownership }, after());
        createScaler(args, after(gate, priorities));
        const guard = createSignatures(args, after(gate, priorities));
        const guarded = guard === undefined ? after(gate, priorities) : after(guard);
        createDevicePlugin(args, guarded);
        createWatchers(args, guarded);
        createBackup(args, guarded);
        const pulls = createPulls(args, guarded);
        const mesh = createMesh(args, guarded);
        const waypoints = createWaypoint(args, mesh, after(mesh));
        const proof = proofOf(args);
        const certManager = createCertManager(args, proof, after(mesh));
        const balancers = createLoadBalancers(args, after(certManager));
        const tenant = createNamespace(args, after(mesh));
        const { namespace } = tenant;
        const placement = { cluster, namespace, ownership: settings.ownership, imageSources, mesh: settings.mesh.mode };
        const ofVectors = createVectorNamespace(args, after(mesh));
        const named = [applications, ...vectorNamespaces(settings)];
        const rights = createRights(args, named, after(tenant, ...ofVectors));
        const access = createAccess(args, placement, mesh, after(tenant));
        const secrets = new GeneratedSecrets("secrets", planSecrets(settings), after(tenant));
        const kept = { secrets: secrets.all, certManager: certManager.operator, namespaces: [tenant.namespace] };
        const keeping = createSecretKeeping(args, kept, after(certManager, secrets));
        const server = createDatabaseServer(args, secrets);
        const cacheServer = createCacheServer(args, secrets);
        const operator = createDatabaseOperator(args, { mesh, certManager, watched: applications }, after(certManager));
        const cacheOperator = createCacheOperator(args, applications, after(mesh));
        const client = createDatabaseClient(args, { placement, server }, after(tenant));
        const configuration = createConfiguration(
            placement,
            settings,
            { secrets, client, cacheServer },
            after(secrets),
        );
        createServiceRules(args, { placement, mesh }, after(tenant));
        const behindVectors = { mesh, certManager, secrets, rights };
        for (const own of ofVectors)
            createVectors(args, behindVectors, own, after(own, certManager, secrets, ...pulls));
        const kafka = createKafka(args, tenant, after(tenant));
        const streaming = createManagedKafka(args, { tenant, secrets, mesh }, after(tenant, secrets, mesh));
        const hubs = createKafkaHubs(args, { tenant, mesh }, after(tenant, mesh));
        const behindRegistry = { kafka, secrets, certManager };
        const keptByKafka = kafka === undefined ? after(tenant) : after(kafka, certManager, secrets, ...pulls);
        const registry = createSchemaRegistry(args, behindRegistry, tenant, keptByKafka);
        const behindUi = { kafka, registry, mesh, routesFrom: applications };
        createKafkaUi(args, behindUi, registry === undefined ? keptByKafka : after(registry, mesh));
        const elasticsearch = createElasticsearch(args, { tenant, secrets }, after(tenant, secrets));
        const behindKibana = { elasticsearch, secrets, mesh, routesFrom: applications };
        createKibana(args, behindKibana, after(elasticsearch ?? tenant, mesh, ...pulls));
        const clickHouse = createClickHouse(args, { secrets, certManager, tenant }, after(certManager, secrets));
        const objects = createObjects(args, { secrets, certManager, tenant }, after(certManager, secrets, ...pulls));
        const ready = after(access, configuration, ...pulls, ...waypoints);
        const data = { server, operator, cacheServer, cacheOperator, namespace: applications };
        const services = createServices(args, { placement, secrets, ...data, mesh }, ready);
        createServiceBackups(args, placement, after(mesh, services.chromadb, services.postgres));
        const behindLogins = { placement, server, client, operator, secrets, postgres: services.postgres };
        const logins = createLogins(args, behindLogins, after(services.postgres));
        const inCloud = { configuration, identities: hubs?.identities ?? {} };
        const backend = createBackend(placement, settings, inCloud, after(...Object.values(services)));
        const behind = { mesh, proof, certManager, secrets, balancers: balancers.at(0)?.operator, keeping };
        createEdge(args, behind, after(backend, certManager, ...balancers));

        this.outputs = describePlatform(args, placement, {
            ...services,
            logins,
            kafka: kafka ?? streaming,
            hubs,
            registry,
            elasticsearch,
            clickHouse,
            objects,
        });
        this.registerOutputs(this.outputs);
    }
}

/** Namespace of the applications and their data. */
const applications = "tars";

function createAdmission({ settings, cluster }: PlatformArgs, stage: Stage): AdmissionPolicies {
    const { ownership, admission } = settings;
    return new AdmissionPolicies("admission", { cluster, ownership, ...trustedOf(settings), ...admission }, stage);
}

function createScaler(args: PlatformArgs, stage: Stage): void {
    const { scaler } = args.cluster;
    if (scaler === undefined) return;
    new ClusterAutoscaler("cluster-autoscaler", { ...systemPlace(args), scaler }, stage);
}

function createDevicePlugin(args: PlatformArgs, stage: Stage): void {
    const pool = args.cluster.nodes.gpu;
    if (pool?.devicePlugin === undefined) return;
    const plan = { ...systemPlace(args), pool, plugin: pool.devicePlugin };
    new NvidiaDevicePlugin("nvidia-device-plugin", plan, stage);
}

/** Before the edge, and gone after it: a Service of the edge holds on to its load balancer until this controller has deleted it. */
function createLoadBalancers(args: PlatformArgs, stage: Stage): readonly LoadBalancerController[] {
    const { loadBalancerController: controller } = args.cluster;
    if (controller === undefined) return [];
    return [new LoadBalancerController("load-balancer-controller", { place: systemPlace(args), controller }, stage)];
}

function createCertManager(args: PlatformArgs, proof: Proof | undefined, stage: Stage): CertManager {
    return new CertManager("cert-manager", { place: systemPlace(args), proof }, stage);
}

function createMesh(args: PlatformArgs, stage: Stage): Mesh {
    const { mesh, edge } = args.settings;
    const fetchesKeys = edge.authentication !== undefined;
    const authorizers = authorizersOf(args.settings);
    return new Mesh("mesh", { place: systemPlace(args), mode: mesh.mode, fetchesKeys, authorizers }, stage);
}

function createNamespace(args: PlatformArgs, stage: Stage): TenantNamespace {
    const { settings, cluster } = args;
    const quota = planQuota(
        demandAtPeak(tenantLoads(settings).map(({ size }) => size)),
        settings.quota?.requests,
        acceleratorDemand(args),
    );
    const plan = { cluster, ownership: settings.ownership, namespace: applications, quota, mesh: settings.mesh.mode };
    return new TenantNamespace("tars", plan, stage);
}

function createServiceRules(
    { settings }: PlatformArgs,
    { placement, mesh }: { readonly placement: Placement; readonly mesh: Mesh },
    stage: Stage,
): void {
    const { istio, gatewayApi } = mesh;
    const services = inCluster(settings);
    const naming = namingFor(settings.data);
    new ServiceRules("services", { placement, ...settings.mesh, istio, gatewayApi, services, naming }, stage);
}

/** What calls of some services pass in an ambient mesh; nothing where each pod has a proxy of its own. */
function createWaypoint(args: PlatformArgs, { istio, gatewayApi }: Mesh, stage: Stage): readonly Waypoint[] {
    const { settings, cluster } = args;
    if (settings.mesh.mode !== "ambient") return [];
    const paths = declaredPaths(settings, cluster);
    const plan = { place: systemPlace(args), served: applications, paths, istio, gatewayApi };
    return [new Waypoint("waypoint", plan, stage)];
}

/** GPUs of all inference pods, those of a rollout among them. */
function acceleratorDemand({ settings, cluster }: PlatformArgs): Readonly<Record<string, number>> {
    const { pods } = peakDemand(settings.sizes.ollama);
    const { devices } = planAccelerator(cluster.nodes);
    return Object.fromEntries(Object.entries(devices).map(([name, each]) => [name, pods * Number(each)]));
}

interface Declaring extends Pick<Settings, "callers" | "data" | "serviceBackups"> {
    readonly edge: Pick<Settings["edge"], "controller">;
    readonly mesh: Pick<Settings["mesh"], "mode">;
}

/** Who calls whom in the whole platform, as its stack declares it. Nothing else gets through. */
export function declaredPaths(
    { callers: asked, data, edge: { controller }, mesh: { mode }, serviceBackups }: Declaring,
    { monitoringNamespace }: Pick<ClusterHandle, "monitoringNamespace">,
): readonly AccessPath[] {
    const { namespace, serviceAccount, podLabels } = gatewayOf(controller);
    const front = { kind: "account", namespace, serviceAccount, podLabels } as const;
    const callers = [...asked, ...backupCallers({ serviceBackups })];
    const isOperated = data.postgres.kind === "cluster";
    const isDrilled = drillOf(data.postgres) !== undefined;
    const isPooled = poolerOf(data.postgres) !== undefined;
    const hasSentinels = data.redis.kind === "sentinel";
    const logins = Object.values(data.postgres.users);
    const there = { isOperated, isDrilled, isPooled, hasSentinels };
    const plan = { callers, mode, inCluster: inCluster({ data }), logins, ...there };
    return planPaths({ gateway: front, monitoringNamespace, ...plan });
}

function createAccess({ settings, cluster }: PlatformArgs, placement: Placement, mesh: Mesh, stage: Stage): Access {
    const { mode } = settings.mesh;
    const naming = namingFor(settings.data);
    const plan = { placement, namespace: applications, paths: declaredPaths(settings, cluster), mode, naming };
    return new Access("access", { ...plan, mesh: mesh.istio }, stage);
}

interface ConfigurationParts {
    readonly secrets: GeneratedSecrets;
    readonly client: PostgresClient | undefined;
    readonly cacheServer: CacheServer | undefined;
}

function createConfiguration(
    placement: Placement,
    { tarsRag, edge, data, secrets: { jwtGeneration, databaseGeneration, cacheGeneration } }: Settings,
    { secrets, client, cacheServer }: ConfigurationParts,
    stage: Stage,
): TarsRagConfiguration {
    const names = namingFor(data);
    const host = client?.host === undefined ? names.serviceOf("postgres") : undefined;
    const plan = {
        settings: tarsRag,
        publicHost: edge.host,
        database: { host, port: client?.port ?? postgresAddress.port, ...database },
        cache: { ...redisAddress, host: cacheServer === undefined ? names.serviceOf("redis") : undefined },
        vectorStore: chromadbAddress,
        inference: ollamaAddress,
    };
    const generations = { jwtGeneration, databaseGeneration, cacheGeneration };
    const cacheHost = cacheServer?.host;
    return new TarsRagConfiguration("tars-rag", { placement, plan, secrets, generations, client, cacheHost }, stage);
}

interface ServicesPlan {
    readonly placement: Placement;
    readonly secrets: GeneratedSecrets;
    readonly server: PostgresServer | undefined;
    readonly operator: PostgresOperator | undefined;
    readonly cacheServer: CacheServer | undefined;
    readonly cacheOperator: RedisOperator | undefined;
    /** Name of the namespace of the applications. */
    readonly namespace: string;
    readonly mesh: Mesh;
}

function createServices(args: PlatformArgs, plan: ServicesPlan, stage: Stage) {
    const { placement } = plan;
    const { sizes, serviceBackups } = args.settings;
    const undrilled = serviceBackups.chromadb.kind === "off" ? serviceBackups.chromadb.because : undefined;
    return {
        postgres: createDatabase(args, plan, stage),
        redis: createCache(args, plan, stage),
        chromadb: new ChromaDb("chromadb", { placement, size: sizes.chromadb, undrilled }, stage),
        ollama: new Ollama("ollama", { placement, size: sizes.ollama }, stage),
    };
}

function createBackend(
    placement: Placement,
    { sizes, tarsRag: settings }: Settings,
    { configuration, identities }: { readonly configuration: TarsRagConfiguration; readonly identities: Identities },
    stage: Stage,
): TarsRag {
    const identity = identityOf(identities, { namespace: applications, serviceAccount: "tars-backend" });
    const plan = { placement, size: sizes["tars-backend"], settings, configuration, identity };
    return new TarsRag("tars-backend", plan, stage);
}
