import type { BackupPlan } from "./backupPlan";
import { clickHouseNamespace } from "./clickHouseNames";
import { elasticNamespace } from "./elasticNames";
import type { Labels } from "./labels";
import type { Load } from "./loads";
import type { MeshMode } from "./mesh";
import { meshSidecars } from "./meshSizes";
import { bytes, formatBytes, formatMillicores, millicores } from "./quantities";
import { vectorStore } from "./vectors";
import { fixed, type PodSize, type Size, type StoredSize } from "./workloads";

/** Namespace of the jobs that back ChromaDB up and practise its restore. */
export const backupsNamespace = "data-backups";

/** Data services with a backup of their own. */
export const backedUpServices = ["chromadb", "clickhouse", "elasticsearch", "qdrant"] as const;
export type BackedUpService = (typeof backedUpServices)[number];

/** The jobs of a service, and the service accounts that they run under. */
export interface BackupJobs {
    readonly backup: string;
    readonly drill: string;
}

export const chromadbJobs = { backup: "chromadb-backup", drill: "chromadb-drill" } as const satisfies BackupJobs;
export const clickHouseJobs = { backup: "clickhouse-backup", drill: "clickhouse-drill" } as const satisfies BackupJobs;
/** Not by Qdrant's own name: their folder of the store is by theirs, and the pods of Qdrant may write to that of its own. */
export const qdrantJobs = { backup: "vectors-backup", drill: "vectors-drill" } as const satisfies BackupJobs;

/** Elasticsearch takes its snapshots itself; a job has one more taken, and says what it must hold. */
export const elasticsearchJobs = {
    backup: "elasticsearch-manifest",
    drill: "elasticsearch-drill",
} as const satisfies BackupJobs;

/**
 * Where each service's are: with the service, whose Secrets they read, but for ChromaDB's; those of ClickHouse and Elasticsearch are outside of the
 * mesh with it.
 */
export const jobNamespaces = {
    chromadb: backupsNamespace,
    clickhouse: clickHouseNamespace,
    qdrant: vectorStore.namespace,
    elasticsearch: elasticNamespace,
} as const satisfies Readonly<Record<BackedUpService, string>>;

/**
 * Folder of the store that an account's backups are in: of its own name, without what the job of a service has behind the service's. A manifest is in
 * one of its own.
 */
export function backupFolder(serviceAccount: string): string {
    return serviceAccount.replace(/-(backup|drill)$/, "");
}

/** Marks a drill, with the name of the service that it is about: what the policy pack goes by (policy/rules/data/backups.ts). */
export const drillLabel = "tars-platform/restore-drill";

/**
 * Marks the storage class whose volumes hold copies for as long as a drill takes, and go with their claims: what the policy pack goes by
 * (policy/rules/data/storageEncryption.ts).
 */
export const scratchLabel: Labels = { "tars-platform/volumes": "scratch" };

export type { BackupPlan } from "./backupPlan";

export interface ClickHouseBackupPlan extends BackupPlan {
    /** Whether the job that reads may write as well, for as long as somebody restores. */
    readonly restores: boolean;
}

export interface NoBackup {
    readonly kind: "off";
    readonly because: string;
}

/** How data services are backed up beside what the cluster's own backup has of them, and how their restore is practised. */
export interface ServiceBackups {
    readonly chromadb: BackupPlan | NoBackup;
    readonly clickhouse: ClickHouseBackupPlan | NoBackup;
    readonly qdrant: BackupPlan | NoBackup;
    readonly elasticsearch: BackupPlan | NoBackup;
}

/**
 * The program that reads or writes one part of a backup at a time: 8 MiB of records, once as text and once as what Python makes of it. It gets what
 * it requests. Measured by nobody yet; a pod that takes more is killed, and its job fails.
 */
export const backupProgramSize: PodSize = {
    requests: { cpu: "250m", memory: "512Mi" },
    limits: { cpu: "250m", memory: "512Mi" },
    scratch: "128Mi",
};

/** The pod that backs a service of the mesh up. */
export function meshedBackupSize(mode: MeshMode): Size {
    return { ...fixed(1), ...backupProgramSize, ...besides(mode) };
}

/** The pod that restores it, with a server of its own in it that is as large as the one it stands for, and a volume as large. */
export function chromadbDrillSize(service: StoredSize, mode: MeshMode): StoredSize {
    return { ...drillSize(service), ...besides(mode) };
}

/** The same of ClickHouse, which is outside of the mesh. */
export const clickHouseBackupSize: Size = { ...fixed(1), ...backupProgramSize };
export function clickHouseDrillSize(server: StoredSize): StoredSize {
    return { ...drillSize(server), coldStorage: server.coldStorage };
}

/** The same of Qdrant, a part of a collection at a time: what came and what is made of it are beside each other. */
export function qdrantDrillSize(pod: StoredSize, mode: MeshMode): StoredSize {
    return { ...drillSize(pod), storage: formatBytes(2 * bytes(pod.storage)), ...besides(mode) };
}

/** The same of Elasticsearch, also outside of the mesh. */
export const elasticsearchManifestSize: Size = { ...fixed(1), ...backupProgramSize };
export function elasticsearchDrillSize(server: ScratchSize): StoredSize {
    return drillSize(server);
}

function drillSize(service: ScratchSize): StoredSize {
    return { ...fixed(1), ...together(backupProgramSize, service), storage: service.storage };
}

function besides(mode: MeshMode): Pick<Size, "sidecar"> {
    const sidecar = meshSidecars[mode];
    return sidecar === undefined ? {} : { sidecar };
}

/** Two containers of one pod. */
export function together(one: PodSize, other: PodSize): PodSize {
    const sum = (of: "requests" | "limits") => ({
        cpu: formatMillicores(millicores(one[of].cpu) + millicores(other[of].cpu)),
        memory: formatBytes(bytes(one[of].memory) + bytes(other[of].memory)),
    });
    return {
        requests: sum("requests"),
        limits: sum("limits"),
        scratch: formatBytes(bytes(one.scratch) + bytes(other.scratch)),
    };
}

/** A server for as long as a drill takes, and its volume. */
export type ScratchSize = PodSize & Pick<StoredSize, "storage">;

/** Services as large as they are. */
export interface BackedUpSizes {
    readonly chromadb: StoredSize;
    /** One server; undefined where there is none. */
    readonly clickhouse: StoredSize | undefined;
    /** One pod; undefined where there is none. */
    readonly qdrant: StoredSize | undefined;
    /** The server of a drill; undefined where there is nothing to practise with. */
    readonly elasticsearch: ScratchSize | undefined;
}

/** What the jobs need room for, should all run at once. */
export function dataBackupLoads(backups: ServiceBackups, sizes: BackedUpSizes, mode: MeshMode): readonly Load[] {
    const roles = ["general"] as const;
    const loadsOf = (jobs: BackupJobs, backup: Size, drill: StoredSize): readonly Load[] => [
        { name: jobs.backup, size: backup, roles },
        { name: jobs.drill, size: drill, roles },
    ];
    const { chromadb, clickhouse, elasticsearch, qdrant } = sizes;
    return [
        ...(backups.chromadb.kind === "off"
            ? []
            : loadsOf(chromadbJobs, meshedBackupSize(mode), chromadbDrillSize(chromadb, mode))),
        ...(backups.clickhouse.kind === "off" || clickhouse === undefined
            ? []
            : loadsOf(clickHouseJobs, clickHouseBackupSize, clickHouseDrillSize(clickhouse))),
        ...(backups.qdrant.kind === "off" || qdrant === undefined
            ? []
            : loadsOf(qdrantJobs, meshedBackupSize(mode), qdrantDrillSize(qdrant, mode))),
        ...(backups.elasticsearch.kind === "off" || elasticsearch === undefined
            ? []
            : loadsOf(elasticsearchJobs, elasticsearchManifestSize, elasticsearchDrillSize(elasticsearch))),
    ];
}
