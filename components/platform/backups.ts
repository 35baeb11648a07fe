import type * as pulumi from "@pulumi/pulumi";
import {
    chromadbBackup,
    chromadbDrill,
    clickHouseBackup,
    clickHouseDrill,
    elasticsearchDrill,
    elasticsearchManifest,
    elasticsearchNodes,
    postgresDrill,
    postgresManifest,
    qdrantBackup,
    qdrantDrill,
} from "../cloud/contract";
import { ChromadbBackups } from "../data/drills/chromadbBackups";
import { ClickHouseBackups } from "../data/drills/clickHouseBackups";
import { ElasticsearchBackups } from "../data/drills/elasticsearchBackups";
import { PostgresDrill } from "../data/drills/postgresDrill";
import { QdrantBackups } from "../data/drills/qdrantBackups";
import { jobStoreCalls } from "../data/drills/traffic";
import type { NodeSnapshots } from "../data/elastic/cluster";
import { nodesToStore } from "../data/elastic/snapshots";
import { ownConsumers } from "../foundation/consumers";
import {
    type BackupJobs,
    backedUpServices,
    backupsNamespace,
    chromadbDrillSize,
    clickHouseJobs,
    elasticsearchJobs,
    jobNamespaces,
    meshedBackupSize,
    qdrantJobs,
} from "../foundation/dataBackups";
import { demandAtPeak } from "../foundation/demand";
import { postgresDrillSize } from "../foundation/postgresDrill";
import { drillOf } from "../foundation/postgresPlace";
import type { Size } from "../foundation/workloads";
import type { OutsideCaller } from "../kubernetes/accessPaths";
import { identityOf } from "../kubernetes/identities";
import { images } from "../kubernetes/images";
import { TenantNamespace } from "../kubernetes/namespace";
import type { Placement } from "../kubernetes/placement";
import { planQuota } from "../kubernetes/quota";
import type { Settings } from "../settings/schema";
import { imageSourcesOf, type PlatformArgs, type Stage, systemPlace } from "./args";

type Asked = Pick<Settings, "serviceBackups">;

/**
 * Backups of data services by means of their own, and drills of their restore, where the stack has a store for them.
 *
 * @param beside where the services are
 */
export function createServiceBackups(args: PlatformArgs, beside: Placement, stage: Stage): void {
    const { settings, cluster } = args;
    const sizes = podsAtPeak(settings);
    if (sizes.length === 0) return;
    const { ownership, mesh } = settings;
    const quota = planQuota(demandAtPeak(sizes), undefined);
    const namespace = backupsNamespace;
    const tenant = new TenantNamespace(namespace, { cluster, ownership, namespace, quota, mesh: mesh.mode }, stage);
    const placement = { ...beside, namespace: tenant.namespace };
    createChromadbBackups(args, placement, dependent(stage, tenant));
    createPostgresDrill(args, { beside, placement }, dependent(stage, tenant));
}

/** There is room for two of each drill: the first one's pod, with its volume, stays to be read when it has ended. */
function podsAtPeak({ serviceBackups, data, sizes, mesh: { mode } }: Settings): readonly Size[] {
    const drills = [
        ...(serviceBackups.chromadb.kind === "off" ? [] : [chromadbDrillSize(sizes.chromadb, mode)]),
        ...(drillOf(data.postgres) === undefined ? [] : [postgresDrillSize(sizes.postgres)]),
    ];
    const backups = serviceBackups.chromadb.kind === "off" ? [] : [meshedBackupSize(mode)];
    return [...backups, ...drills, ...drills];
}

function createChromadbBackups(args: PlatformArgs, placement: Placement, stage: Stage): void {
    const { sizes, serviceBackups } = args.settings;
    const { chromadb: plan } = serviceBackups;
    if (plan.kind === "off") return;
    const { store, who } = cloudOf(args);
    const identities = { backup: who(chromadbBackup), drill: who(chromadbDrill) };
    const rest = { placement, applications: ownConsumers, plan, size: sizes.chromadb };
    new ChromadbBackups("chromadb-backups", { ...rest, store, identities }, stage);
}

interface Places {
    /** Of the database. */
    readonly beside: Placement;
    /** Of what has no way to it. */
    readonly placement: Placement;
}

function createPostgresDrill(args: PlatformArgs, { beside, placement }: Places, stage: Stage): void {
    const { data, sizes } = args.settings;
    const { postgres: asked } = data;
    const promised = drillOf(asked);
    if (promised === undefined || asked.kind !== "cluster") return;
    const { store, who } = cloudOf(args);
    const jobs = {
        manifest: { placement: beside, identity: who(postgresManifest) },
        drill: { placement, identity: who(postgresDrill) },
    };
    new PostgresDrill("postgres-drill", { asked, promised, store, size: sizes.postgres, jobs }, stage);
}

/** Backups of ClickHouse and drills of their restore, in its own namespace. */
export function createClickHouseBackups(args: PlatformArgs, namespace: pulumi.Output<string>, stage: Stage): void {
    const { settings, cluster } = args;
    const { clickhouse: plan } = settings.serviceBackups;
    const { clickhouse: asked } = settings.data;
    if (plan.kind === "off" || asked.kind === "off") return;
    const placement = { cluster, namespace, ownership: settings.ownership, imageSources: imageSourcesOf(args) };
    const { store, who } = cloudOf(args);
    const identities = { backup: who(clickHouseBackup), drill: who(clickHouseDrill) };
    new ClickHouseBackups("clickhouse-backups", { placement, asked, plan, store, identities }, stage);
}

/** Backups of Qdrant and drills of their restore, in its own namespace. */
export function createQdrantBackups(args: PlatformArgs, placement: Placement, stage: Stage): void {
    const { settings } = args;
    const { qdrant: plan } = settings.serviceBackups;
    const { vectors } = settings.data;
    if (plan.kind === "off" || vectors.kind === "off") return;
    const { store, who } = cloudOf(args);
    const identities = { backup: who(qdrantBackup), drill: who(qdrantDrill) };
    new QdrantBackups("vectors-backups", { placement, size: vectors.store, plan, store, identities }, stage);
}

/** Where Elasticsearch's snapshots go, and who its nodes are there; undefined where there are none. */
export function snapshotsOf(args: PlatformArgs): NodeSnapshots | undefined {
    if (args.settings.serviceBackups.elasticsearch.kind === "off") return undefined;
    const { store, who } = cloudOf(args);
    const identity = who(elasticsearchNodes);
    return { store, identity, token: known(identity.token) };
}

/** Drills of the restore of Elasticsearch's snapshots, in its own namespace. */
export function createElasticsearchBackups(args: PlatformArgs, namespace: pulumi.Output<string>, stage: Stage): void {
    const { elasticsearch: plan } = args.settings.serviceBackups;
    const { elasticsearch: asked } = args.settings.data;
    if (plan.kind === "off" || asked.kind === "off") return;
    const { store, who } = cloudOf(args);
    const identities = { backup: who(elasticsearchManifest), drill: who(elasticsearchDrill) };
    const login = { store, token: known(identities.drill.token) };
    const rest = { place: systemPlace(args), namespace, asked, plan, store, login };
    new ElasticsearchBackups("elasticsearch-backups", { ...rest, identities }, stage);
}

/** Who the jobs are in the cloud, and where they write to. */
function cloudOf({ cluster, ground }: PlatformArgs) {
    const who = (account: Parameters<typeof identityOf>[1]) => known(identityOf(ground?.identities ?? {}, account));
    return { who, store: known(cluster.backupStore) };
}

function dependent(stage: Stage, tenant: pulumi.Resource): Stage {
    return { ...stage, dependsOn: [tenant] };
}

/** Whom the data services let in beside the callers of the stack file. */
export function backupCallers({ serviceBackups: { chromadb } }: Asked): readonly OutsideCaller[] {
    return chromadb.kind === "off" ? [] : [{ ...chromadbBackup, calls: ["chromadb"] }];
}

/** Images that only such stacks run. */
export function backupRepositories({ serviceBackups }: Asked): readonly string[] {
    const isAny = backedUpServices.some((service) => serviceBackups[service].kind === "store");
    return isAny ? [images.python.repository] : [];
}

/** Network policies by which the jobs call what has no address of its own. */
export function backupInternetCallers({ serviceBackups: { chromadb, clickhouse, elasticsearch, qdrant } }: Asked) {
    const of = (namespace: string, jobs: BackupJobs) =>
        Object.values(jobs).map((job) => ({ namespace, name: jobStoreCalls(job) }));
    const ofNodes = { namespace: jobNamespaces.elasticsearch, name: nodesToStore };
    return [
        ...(chromadb.kind === "off" ? [] : [{ namespace: backupsNamespace, name: "store" }]),
        ...(clickhouse.kind === "off" ? [] : of(jobNamespaces.clickhouse, clickHouseJobs)),
        ...(elasticsearch.kind === "off" ? [] : [ofNodes, ...of(jobNamespaces.elasticsearch, elasticsearchJobs)]),
        ...(qdrant.kind === "off" ? [] : of(jobNamespaces.qdrant, qdrantJobs)),
    ];
}

/** The checks of a cloud have asked for all of them. */
function known<Value>(value: Value | undefined): Value {
    if (value === undefined) throw new RangeError("backups of data services passed the check of their cloud");
    return value;
}
