import type { Load } from "./loads";
import type { MeshMode } from "./mesh";
import { meshSidecars } from "./meshSizes";
import { bytes, formatBytes, formatMillicores, millicores } from "./quantities";
import { fixed, type PodSize, type Size, type StoredSize } from "./workloads";

/** Namespace of the jobs that back data services up and practise their restore. */
export const backupsNamespace = "data-backups";

/** The jobs of ChromaDB, and the service accounts that they run under. */
export const chromadbJobs = { backup: "chromadb-backup", drill: "chromadb-drill" } as const;

/** Folder of the store that an account's backups are in: of its own name, without what the job of a service has behind the service's. */
export function backupFolder(serviceAccount: string): string {
    return serviceAccount.replace(/-(backup|drill)$/, "");
}

/** Marks a drill, with the name of the service that it is about: what the policy pack goes by (policy/rules/data/backups.ts). */
export const drillLabel = "tars-platform/restore-drill";

/** How a data service is backed up beside what the cluster's own backup has of it, and how its restore is practised. */
export type ServiceBackup =
    | { readonly kind: "off"; readonly because: string }
    | {
          readonly kind: "store";
          /** Hours between two backups, a divisor of 24. */
          readonly everyHours: number;
          readonly keepDays: number;
          /** Most hours of work that may be lost (RPO). An older backup fails its drill. */
          readonly rpoHours: number;
          /** Minutes in which the service is there again (RTO). A drill that takes longer fails. */
          readonly rtoMinutes: number;
          /** Days between two drills, a day or a week. */
          readonly drillEveryDays: number;
      };

/** Of every service that has any of its own. */
export interface ServiceBackups {
    readonly chromadb: ServiceBackup;
}

/**
 * The program that reads or writes one part of a backup at a time: 8 MiB of records, once as text and once as what Python makes of it. It gets what it
 * requests. Measured by nobody yet; a pod that takes more is killed, and its job fails.
 */
export const backupProgramSize: PodSize = {
    requests: { cpu: "250m", memory: "512Mi" },
    limits: { cpu: "250m", memory: "512Mi" },
    scratch: "128Mi",
};

/** The pod that backs ChromaDB up. */
export function chromadbBackupSize(mode: MeshMode): Size {
    return { ...fixed(1), ...backupProgramSize, ...besides(mode) };
}

/** The pod that restores it, with a server of its own in it that is as large as the one it stands for, and a volume as large. */
export function chromadbDrillSize(service: StoredSize, mode: MeshMode): StoredSize {
    return { ...fixed(1), ...together(backupProgramSize, service), storage: service.storage, ...besides(mode) };
}

function besides(mode: MeshMode): Pick<Size, "sidecar"> {
    const sidecar = meshSidecars[mode];
    return sidecar === undefined ? {} : { sidecar };
}

function together(one: PodSize, other: PodSize): PodSize {
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

/** What the jobs need room for, should both run at once. */
export function dataBackupLoads(backups: ServiceBackups, service: StoredSize, mode: MeshMode): readonly Load[] {
    if (backups.chromadb.kind === "off") return [];
    const roles = ["general"] as const;
    return [
        { name: chromadbJobs.backup, size: chromadbBackupSize(mode), roles },
        { name: chromadbJobs.drill, size: chromadbDrillSize(service, mode), roles },
    ];
}
