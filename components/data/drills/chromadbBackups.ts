import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";
import type { BackupStore, WorkloadIdentity } from "../../cloud/contract";
import { TarsComponent } from "../../foundation/component";
import { type BackupJobs, type BackupPlan, backupFolder, chromadbJobs } from "../../foundation/dataBackups";
import { labelsOf } from "../../foundation/labels";
import type { StoredSize } from "../../foundation/workloads";
import type { Placement } from "../../kubernetes/placement";
import { createTraffic } from "../../kubernetes/trafficPolicies";
import { chromadbAddress } from "../chromadb";
import { planBackupPod, planDrillPod } from "./chromadbPods";
import { planStore } from "./environment";
import { backupCron, createBackupJobs, drillCron } from "./jobs";
import { readScripts } from "./scripts";
import { pastProxy, planBackupTraffic } from "./traffic";

export interface ChromadbBackupsArgs {
    /** Namespace of the jobs. */
    readonly placement: Placement;
    /** Namespace of ChromaDB. */
    readonly applications: string;
    readonly plan: BackupPlan;
    readonly store: BackupStore;
    readonly identities: Readonly<Record<keyof BackupJobs, WorkloadIdentity>>;
    /** What ChromaDB has. */
    readonly size: StoredSize;
}

/** Backups of ChromaDB in the cloud's store, and drills of their restore. */
export class ChromadbBackups extends TarsComponent {
    constructor(name: string, args: ChromadbBackupsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data", "ChromadbBackups", name, opts);
        const { placement, plan, store, applications, identities, size } = args;
        const { namespace, ownership, mesh: mode } = placement;
        const child = { parent: this, provider: placement.cluster.provider };
        const inside = { namespace, labels: labelsOf({ name, component: "data-backup" }, ownership) };
        const metadata = { ...inside, name: "scripts" };
        const scripts = new ConfigMap(`${name}-scripts`, { metadata, data: readScripts() }, child).metadata.name;
        // Into the folder of the service; on AWS the only one that the jobs' identities reach.
        const { environment: target, annotations } = planStore(store, backupFolder(chromadbJobs.backup));
        const traffic = createTraffic(name, planBackupTraffic({ mode, applications, store }), inside, child);
        const { host, port } = chromadbAddress;
        const serviceUrl = `http://${host}.${applications}.svc.cluster.local:${port}`;
        const service = "chromadb" as const;
        const pods = { service, placement, plan, serviceUrl, size, scripts, target };
        const jobs = {
            service,
            jobs: chromadbJobs,
            placement,
            plan,
            identities,
            // At half past, when the cluster's own backup has begun.
            schedules: { backup: backupCron(plan, 30, 2), drill: drillCron(plan, 30, 4) },
            annotations: { ...annotations, ...pastProxy(mode) },
            pods: { backup: planBackupPod(pods), drill: planDrillPod(pods) },
        };
        createBackupJobs(name, jobs, { ...child, dependsOn: traffic });
        this.registerOutputs({});
    }
}
