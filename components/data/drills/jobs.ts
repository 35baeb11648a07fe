import type { core } from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import type { WorkloadIdentity } from "../../cloud/contract";
import type { ChildOptions } from "../../foundation/component";
import { type BackedUpService, type BackupJobs, type BackupPlan, drillLabel } from "../../foundation/dataBackups";
import { labelsOf } from "../../foundation/labels";
import { createAccount } from "../../kubernetes/identities";
import { images } from "../../kubernetes/images";
import type { Placement } from "../../kubernetes/placement";
import { createScheduledJob } from "../../kubernetes/scheduledJob";

/** What a service's two jobs are. Neither has a right in the cluster, nor a token for it. */
export interface JobsPlan {
    readonly service: BackedUpService;
    readonly jobs: BackupJobs;
    readonly placement: Pick<Placement, "namespace" | "ownership">;
    readonly plan: BackupPlan;
    /** Who the jobs are in the cloud: one may write, the other only read. */
    readonly identities: Readonly<Record<keyof BackupJobs, WorkloadIdentity>>;
    /** When, by the clock: the backups of several services, and their drills, begin one after the other. */
    readonly schedules: Readonly<Record<keyof BackupJobs, string>>;
    /** Annotations of their pods. */
    readonly annotations: Readonly<Record<string, pulumi.Input<string>>>;
    readonly pods: Readonly<Record<keyof BackupJobs, core.v1.PodSpec>>;
}

export function createBackupJobs(name: string, plan: JobsPlan, child: ChildOptions): void {
    createJob(name, plan, "backup", child);
    createJob(name, plan, "drill", child);
}

function createJob(
    name: string,
    { service, jobs, placement, plan, identities, schedules, annotations, pods }: JobsPlan,
    job: keyof BackupJobs,
    child: ChildOptions,
): void {
    const { namespace, ownership } = placement;
    const called = jobs[job];
    const isDrill = job === "drill";
    const part = { name: called, component: "data-backup", version: images.python.tag };
    const inside = { namespace, labels: labelsOf(part, ownership) };
    const identity = identities[job];
    const account = createAccount(`${name}-${job}`, { ...inside, name: called, identity }, child);
    createScheduledJob(
        `${name}-${job}`,
        {
            ...inside,
            name: called,
            ownLabels: isDrill ? { [drillLabel]: service } : {},
            annotations: planAnnotations(plan),
            schedule: schedules[job],
            // A restore that takes longer than it may has failed. A backup that takes longer than the time to the next is in its way.
            deadlineSeconds: isDrill ? plan.rtoMinutes * 60 : plan.everyHours * 3600,
            // What a drill finds is for people to see. A backup is tried again, for a server that was just away.
            retries: isDrill ? 0 : 2,
            pod: { labels: { ...inside.labels, ...identity.podLabels }, annotations, spec: pods[job] },
        },
        { ...child, dependsOn: [...(child.dependsOn ?? []), account] },
    );
}

/** What was promised, for whoever watches whether it is kept. */
function planAnnotations({ rpoHours, rtoMinutes, keepDays }: BackupPlan): Readonly<Record<string, string>> {
    return {
        "tars-platform/rpo-hours": `${rpoHours}`,
        "tars-platform/rto-minutes": `${rtoMinutes}`,
        "tars-platform/keep-days": `${keepDays}`,
    };
}

/** At a minute of each so many hours; once a day, at an hour of the night. */
export function backupCron({ everyHours }: BackupPlan, minute: number, hour: number): string {
    return everyHours === 24 ? `${minute} ${hour} * * *` : `${minute} */${everyHours} * * *`;
}

/** At night, after a backup of it. */
export function drillCron({ drillEveryDays }: BackupPlan, minute: number, hour: number): string {
    return drillEveryDays === 7 ? `${minute} ${hour} * * 0` : `${minute} ${hour} * * *`;
}
