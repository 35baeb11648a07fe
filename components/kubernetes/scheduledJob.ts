import { CronJob } from "@pulumi/kubernetes/batch/v1";
import type { core } from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import type { ChildOptions } from "../foundation/component";
import type { Labels } from "../foundation/labels";
import type { Inside } from "./trafficPolicies";

export interface ScheduledJobPlan extends Inside {
    readonly name: string;
    /** What its object says beside its labels. @default {} */
    readonly annotations?: Readonly<Record<string, string>>;
    /** Labels of its object alone. @default {} */
    readonly ownLabels?: Labels;
    /** Five fields, in UTC. */
    readonly schedule: string;
    /** Seconds after which a job is ended that has not come to an end. */
    readonly deadlineSeconds: number;
    /** How often a failed one is tried again. */
    readonly retries: number;
    readonly pod: {
        readonly labels: Labels;
        readonly annotations: Readonly<Record<string, pulumi.Input<string>>>;
        readonly spec: core.v1.PodSpec;
    };
}

/** Seconds within which a run is started that could not be at its time; what is later waits for the next. */
const startingDeadlineSeconds = 1800;

/** Seconds that a job is to be seen, with its pods, once it has ended; then its volumes go with it. */
const ttlSecondsAfterFinished = 3600;

/** A job that is run by the clock, one at a time, and ends. */
export function createScheduledJob(name: string, plan: ScheduledJobPlan, child: ChildOptions): CronJob {
    const { namespace, labels, annotations = {}, ownLabels = {}, pod } = plan;
    const { labels: podLabels, annotations: podAnnotations, spec } = pod;
    return new CronJob(
        name,
        {
            metadata: { name: plan.name, namespace, labels: { ...labels, ...ownLabels }, annotations },
            spec: {
                schedule: plan.schedule,
                timeZone: "Etc/UTC",
                concurrencyPolicy: "Forbid",
                startingDeadlineSeconds,
                successfulJobsHistoryLimit: 1,
                failedJobsHistoryLimit: 1,
                jobTemplate: {
                    // By these whoever gathers metrics tells the jobs of one from those of another.
                    metadata: { labels: { ...labels, ...ownLabels } },
                    spec: {
                        backoffLimit: plan.retries,
                        activeDeadlineSeconds: plan.deadlineSeconds,
                        ttlSecondsAfterFinished,
                        template: { metadata: { labels: podLabels, annotations: podAnnotations }, spec },
                    },
                },
            },
        },
        child,
    );
}
