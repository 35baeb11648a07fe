import { controls } from "../../controls";
import { absent, type Value } from "../../reading/value";
import { groupAndKind } from "../../resources/kind";
import type { Subject } from "../../resources/subject";
import type { Report, ResourceRule, Sample } from "../../rule";
import { kubernetesResource, podOf, sampleOf } from "../../samples";

const metadata = { name: "app", namespace: "shop" } as const;
const pod = { spec: podOf({ kind: "pod", set: { restartPolicy: "Never" } }) } as const;
const bounded = { backoffLimit: 2, activeDeadlineSeconds: 600, template: pod } as const;

type Change = Readonly<Record<string, unknown>>;

function job(change: Change): Sample {
    const spec = { ...bounded, ttlSecondsAfterFinished: 3600, ...change };
    return sampleOf(kubernetesResource("batch/v1", "Job", { metadata, spec }));
}

function cronJob(change: Change, ofJob: Change = {}): Sample {
    const own = { schedule: "0 3 * * *", concurrencyPolicy: "Forbid", startingDeadlineSeconds: 300 };
    const spec = { ...own, ...change, jobTemplate: { spec: { ...bounded, ...ofJob } } };
    return sampleOf(kubernetesResource("batch/v1", "CronJob", { metadata, spec }));
}

export const jobs: ResourceRule = {
    id: "REL-08",
    title: "Jobs end, and every pod has an owner that brings it back",
    severity: "medium",
    // Not repaired: only its owner knows how long a job may take and how often it may be tried.
    level: "mandatory",
    scope: "resource",
    kinds: ["batch/Job", "batch/CronJob", "core/Pod"],
    controls: controls({ soc2: ["A1.2"], iso27001: ["8.6"], nsa: ["C-0073"] }),
    why: "A job without bounds is tried and kept for ever, runs of a slow one pile up, and a pod by itself is gone with its node.",
    fix: "give jobs backoffLimit, activeDeadlineSeconds and ttlSecondsAfterFinished, schedules concurrencyPolicy and startingDeadlineSeconds, and pods a Deployment, StatefulSet, DaemonSet or Job",
    link: "https://kubernetes.io/docs/concepts/workloads/controllers/job/#job-termination-and-cleanup",
    samples: {
        passing: [
            job({}),
            cronJob({}),
            cronJob({ concurrencyPolicy: "Replace" }),
            job({ backoffLimit: 0, ttlSecondsAfterFinished: 0 }),
            job({ backoffLimit: undefined, backoffLimitPerIndex: 1 }),
        ],
        failing: [
            { sample: job({ backoffLimit: undefined }), problem: "spec.backoffLimit is not set" },
            { sample: job({ activeDeadlineSeconds: undefined }), problem: "spec.activeDeadlineSeconds is not set" },
            { sample: job({ ttlSecondsAfterFinished: undefined }), problem: "spec.ttlSecondsAfterFinished is not set" },
            {
                sample: cronJob({ concurrencyPolicy: undefined }),
                problem: "spec.concurrencyPolicy is not set, which means Allow",
            },
            { sample: cronJob({ concurrencyPolicy: "Allow" }), problem: "spec.concurrencyPolicy lets runs pile up" },
            { sample: cronJob({ startingDeadlineSeconds: undefined }), problem: "startingDeadlineSeconds is not set" },
            {
                sample: cronJob({}, { backoffLimit: undefined }),
                problem: "spec.jobTemplate.spec.backoffLimit is not set",
            },
            {
                sample: cronJob({}, { activeDeadlineSeconds: undefined }),
                problem: "spec.jobTemplate.spec.activeDeadlineSeconds is not set",
            },
            {
                sample: sampleOf(kubernetesResource("core/v1", "Pod", { metadata, ...pod })),
                problem: "has no owner that brings it back",
            },
        ],
    },
    check: (subject, report) => {
        const spec = subject.object.get("spec");
        const kind = groupAndKind(subject.kind);
        if (kind === "core/Pod") checkPod(subject, report);
        else if (kind === "batch/Job") checkJob(spec, isWhole(subject, spec), report);
        else checkSchedule(subject, spec, report);
    },
};

function checkPod({ object }: Subject, report: Report): void {
    // What the object names an owner of belongs to a controller; as items of a list they can be met.
    if (object.get("metadata", "ownerReferences").items().length > 0) return;
    report({ path: "", problem: "has no owner that brings it back" });
}

/** A Patch that brings no pod leaves the rest to the object that it changes. */
function isWhole({ kind }: Subject, job: Value): boolean {
    return kind.twin !== "patch" || job.get("template").isSet;
}

function checkJob(spec: Value, isWhole: boolean, report: Report): void {
    reportMissing(spec.get("activeDeadlineSeconds"), isWhole, report);
    reportMissing(spec.get("ttlSecondsAfterFinished"), isWhole, report);
    reportMissing(spec.get("backoffLimit"), isWhole && !spec.get("backoffLimitPerIndex").isSet, report);
}

/** The history limits of a CronJob (3 and 1 by default) clear its jobs away, so that these need no time to live. */
function checkSchedule(subject: Subject, spec: Value, report: Report): void {
    const job = spec.get("jobTemplate", "spec");
    const whole = isWhole(subject, job);
    const policy = spec.get("concurrencyPolicy");
    const stated = policy.text();
    if (stated === absent && whole) report({ path: policy.path, problem: "is not set, which means Allow" });
    if (stated === "Allow") report({ path: policy.path, problem: "lets runs pile up" });
    reportMissing(spec.get("startingDeadlineSeconds"), whole, report);
    reportMissing(job.get("activeDeadlineSeconds"), whole, report);
    reportMissing(job.get("backoffLimit"), whole && !job.get("backoffLimitPerIndex").isSet, report);
}

function reportMissing(value: Value, isWanted: boolean, report: Report): void {
    if (value.number() === absent && isWanted) report({ path: value.path, problem: "is not set" });
}
