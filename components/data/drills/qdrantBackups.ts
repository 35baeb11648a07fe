import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";
import type { BackupStore, WorkloadIdentity } from "../../cloud/contract";
import { TarsComponent } from "../../foundation/component";
import { type BackupJobs, type BackupPlan, backupFolder, qdrantJobs } from "../../foundation/dataBackups";
import { labelsOf } from "../../foundation/labels";
import type { StoredSize } from "../../foundation/workloads";
import type { Placement } from "../../kubernetes/placement";
import { createTraffic } from "../../kubernetes/trafficPolicies";
import { planStore } from "./environment";
import { backupCron, createBackupJobs, drillCron } from "./jobs";
import { planBackupPod, planDrillPod } from "./qdrantPods";
import { readScripts } from "./scripts";
import { pastProxy, planQdrantTraffic } from "./traffic";

export interface QdrantBackupsArgs {
    /** Namespace of Qdrant, and of the jobs. */
    readonly placement: Placement;
    readonly size: StoredSize;
    readonly plan: BackupPlan;
    readonly store: BackupStore;
    readonly identities: Readonly<Record<keyof BackupJobs, WorkloadIdentity>>;
}

/** Backups of Qdrant in the cloud's store, and drills of their restore. */
export class QdrantBackups extends TarsComponent {
    constructor(name: string, args: QdrantBackupsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data", "QdrantBackups", name, opts);
        const { placement, size, plan, store, identities } = args;
        const { namespace, ownership, mesh: mode } = placement;
        const child = { parent: this, provider: placement.cluster.provider };
        const inside = { namespace, labels: labelsOf({ name, component: "data-backup" }, ownership) };
        const metadata = { ...inside, name: "backup-scripts" };
        const scripts = new ConfigMap(`${name}-scripts`, { metadata, data: readScripts() }, child).metadata.name;
        const { environment: target, annotations } = planStore(store, backupFolder(qdrantJobs.backup));
        const traffic = createTraffic(name, planQdrantTraffic(mode, store), inside, child);
        const service = "qdrant" as const;
        const pods = { service, placement, plan, size, scripts, target };
        const jobs = {
            service,
            jobs: qdrantJobs,
            placement,
            plan,
            identities,
            // Before those of the other services, and after them.
            schedules: { backup: backupCron(plan, 15, 1), drill: drillCron(plan, 15, 6) },
            annotations: { ...annotations, ...pastProxy(mode) },
            pods: { backup: planBackupPod(pods), drill: planDrillPod(pods) },
        };
        createBackupJobs(name, jobs, { ...child, dependsOn: traffic });
        this.registerOutputs({});
    }
}
