import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";
import type { BackupStore, WorkloadIdentity } from "../../cloud/contract";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import { backupFolder, chromadbJobs, drillLabel } from "../../foundation/dataBackups";
import { labelsOf } from "../../foundation/labels";
import type { StoredSize } from "../../foundation/workloads";
import { createAccount } from "../../kubernetes/identities";
import { images } from "../../kubernetes/images";
import type { Placement } from "../../kubernetes/placement";
import { createScheduledJob } from "../../kubernetes/scheduledJob";
import { createTraffic } from "../../kubernetes/trafficPolicies";
import { chromadbAddress } from "../chromadb";
import { type Plan, planBackupPod, planDrillPod } from "./chromadbPods";
import { planStore } from "./environment";
import { readScripts } from "./scripts";
import { pastProxy, planBackupTraffic } from "./traffic";

export interface ChromadbBackupsArgs {
    /** Namespace of the jobs. */
    readonly placement: Placement;
    /** Namespace of ChromaDB. */
    readonly applications: string;
    readonly plan: Plan;
    readonly store: BackupStore;
    /** Who the jobs are in the cloud: one may write, the other only read. */
    readonly identities: Readonly<Record<keyof typeof chromadbJobs, WorkloadIdentity>>;
    /** What ChromaDB has. */
    readonly size: StoredSize;
}

/** Backups of ChromaDB in the cloud's store, and drills of their restore. Neither job has a right in the cluster, nor a token for it. */
export class ChromadbBackups extends TarsComponent {
    constructor(name: string, args: ChromadbBackupsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data", "ChromadbBackups", name, opts);
        const { placement, plan, store, applications } = args;
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
        const pods = { placement, plan, serviceUrl, size: args.size, scripts, target };
        const after = { ...child, dependsOn: traffic };
        createJob(
            name,
            args,
            { job: "backup", schedule: backupCron(plan), annotations, spec: planBackupPod(pods) },
            after,
        );
        createJob(
            name,
            args,
            { job: "drill", schedule: drillCron(plan), annotations, spec: planDrillPod(pods) },
            after,
        );
        this.registerOutputs({});
    }
}

interface Job {
    readonly job: keyof typeof chromadbJobs;
    readonly schedule: string;
    /** Of its pods, beside those for the mesh. */
    readonly annotations: Readonly<Record<string, pulumi.Input<string>>>;
    readonly spec: ReturnType<typeof planBackupPod>;
}

function createJob(
    name: string,
    { placement, plan, identities }: ChromadbBackupsArgs,
    { job, schedule, annotations, spec }: Job,
    child: ChildOptions,
): void {
    const { namespace, ownership, mesh } = placement;
    const called = chromadbJobs[job];
    const isDrill = job === "drill";
    const inside = {
        namespace,
        labels: labelsOf({ name: called, component: "data-backup", version: images.python.tag }, ownership),
    };
    const identity = identities[job];
    const account = createAccount(`${name}-${job}`, { ...inside, name: called, identity }, child);
    createScheduledJob(
        `${name}-${job}`,
        {
            ...inside,
            name: called,
            ownLabels: isDrill ? { [drillLabel]: "chromadb" } : {},
            annotations: planAnnotations(plan),
            schedule,
            // A restore that takes longer than it may has failed. A backup that takes longer than the time to the next is in its way.
            deadlineSeconds: isDrill ? plan.rtoMinutes * 60 : plan.everyHours * 3600,
            // What a drill finds is for people to see. A backup is tried again, for a server that was just away.
            retries: isDrill ? 0 : 2,
            pod: {
                labels: { ...inside.labels, ...identity.podLabels },
                annotations: { ...annotations, ...pastProxy(mesh) },
                spec,
            },
        },
        { ...child, dependsOn: [...(child.dependsOn ?? []), account] },
    );
}

/** What was promised, for whoever watches whether it is kept. */
function planAnnotations({ rpoHours, rtoMinutes, keepDays }: Plan): Readonly<Record<string, string>> {
    return {
        "tars-platform/rpo-hours": `${rpoHours}`,
        "tars-platform/rto-minutes": `${rtoMinutes}`,
        "tars-platform/keep-days": `${keepDays}`,
    };
}

/** At half past, when the cluster's own backup has begun; once a day at night. */
function backupCron({ everyHours }: Plan): string {
    return everyHours === 24 ? "30 2 * * *" : `30 */${everyHours} * * *`;
}

/** At night, after a backup of it. */
function drillCron({ drillEveryDays }: Plan): string {
    return drillEveryDays === 7 ? "30 4 * * 0" : "30 4 * * *";
}
