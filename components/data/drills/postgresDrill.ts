import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import type { core } from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import type { BackupStore, WorkloadIdentity } from "../../cloud/contract";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import { drillLabel } from "../../foundation/dataBackups";
import { labelsOf, selectorOf } from "../../foundation/labels";
import { postgresJobs } from "../../foundation/postgresDrill";
import { instanceLabels, instancePorts, postgresCluster } from "../../foundation/postgresNames";
import type { PostgresCluster } from "../../foundation/postgresPlace";
import type { StoredSize } from "../../foundation/workloads";
import { planPorts } from "../../kubernetes/access";
import { createAccount } from "../../kubernetes/identities";
import type { Placement } from "../../kubernetes/placement";
import { createScheduledJob } from "../../kubernetes/scheduledJob";
import { planStoreCalls } from "../../kubernetes/storeTraffic";
import { planCalls, type TrafficPolicy } from "../../kubernetes/traffic";
import { createTraffic } from "../../kubernetes/trafficPolicies";
import { databaseFolder } from "../postgresBackup";
import { archiverImage } from "../postgresOperatorValues";
import { planStore } from "./environment";
import { type DrillLimits, manifestFolder, planDrillPod, planManifestPod } from "./postgresPods";
import { readPostgresScripts } from "./scripts";
import { jobStoreCalls } from "./traffic";

type Promised = Extract<PostgresCluster["drill"], { kind: "scheduled" }>;

export interface PostgresDrillArgs {
    readonly asked: PostgresCluster;
    readonly promised: Promised;
    readonly store: BackupStore;
    /** What an instance has. */
    readonly size: StoredSize;
    /** Where each job runs, and who it is in the cloud. */
    readonly jobs: Readonly<
        Record<keyof typeof postgresJobs, { readonly placement: Placement; readonly identity: WorkloadIdentity }>
    >;
}

/**
 * The drill of PostgreSQL's restore: a job beside the database says what it holds at one place of its log, and another, hours later and without a way
 * to it, brings a backup back to that place and compares. Neither has a right in the cluster, nor a token for it.
 */
export class PostgresDrill extends TarsComponent {
    constructor(name: string, args: PostgresDrillArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data", "PostgresDrill", name, opts);
        const { asked, promised, store, size } = args;
        const { mesh } = args.jobs.manifest.placement;
        const { rtoMinutes } = promised;
        const region = store.s3?.region;
        const way = {
            to: [{ podSelector: { matchLabels: instanceLabels } }],
            ports: planPorts([instancePorts.postgres], mesh),
        };
        const limits: DrillLimits = { size, promised, region };
        createJob(
            name,
            args,
            {
                job: "manifest",
                folder: manifestFolder(asked),
                // Three quarters of an hour after the night's base backup began. One that is done by then is what the drill restores, with the log between; where it
                // takes longer, the drill takes that of the night before and the log of a day (scripts/postgres/bases.py, newest).
                schedule: cronOf("30 2", promised),
                deadlineSeconds: 2 * 3600,
                traffic: { [postgresJobs.manifest]: planCalls(selectorOf(postgresJobs.manifest), [way]) },
                plan: planManifestPod,
            },
            this,
        );
        createJob(
            name,
            args,
            {
                job: "drill",
                folder: databaseFolder,
                schedule: cronOf("30 4", promised),
                // The program ends itself at the RTO and says so; reading and comparing take as long again at most.
                deadlineSeconds: 2 * rtoMinutes * 60,
                traffic: {},
                plan: (pod) => planDrillPod(pod, limits),
            },
            this,
        );
        this.registerOutputs({});
    }
}

interface Job {
    readonly job: keyof typeof postgresJobs;
    /** Folder of the store that it is told of. */
    readonly folder: string;
    readonly schedule: string;
    readonly deadlineSeconds: number;
    /** What it may call beside the store. */
    readonly traffic: Readonly<Record<string, TrafficPolicy>>;
    readonly plan: (plan: Parameters<typeof planManifestPod>[0]) => core.v1.PodSpec;
}

function createJob(
    name: string,
    { asked, promised, store, jobs }: PostgresDrillArgs,
    { job, folder, schedule, deadlineSeconds, traffic, plan }: Job,
    parent: pulumi.Resource,
): void {
    const called = postgresJobs[job];
    const { placement, identity } = jobs[job];
    const { namespace, ownership, cluster } = placement;
    const child: ChildOptions = { parent, provider: cluster.provider };
    const labels = labelsOf({ name: called, component: "data-backup", version: archiverImage.tag }, ownership);
    const inside = { namespace, labels };
    const own = `${name}-${job}`;
    const data = readPostgresScripts();
    const { metadata } = new ConfigMap(
        `${own}-scripts`,
        { metadata: { ...inside, name: `${called}-scripts` }, data },
        child,
    );
    const policies = { ...traffic, [jobStoreCalls(called)]: planStoreCalls(selectorOf(called), store) };
    const ways = createTraffic(own, policies, inside, child);
    const account = createAccount(own, { ...inside, name: called, identity }, child);
    const { environment: target, annotations } = planStore(store, folder);
    const isDrill = job === "drill";
    createScheduledJob(
        own,
        {
            ...inside,
            name: called,
            ownLabels: isDrill ? { [drillLabel]: postgresCluster } : {},
            annotations: planAnnotations(asked, promised),
            schedule,
            deadlineSeconds,
            // What a drill finds is for people to see. A manifest is tried again, for a database that was just changing over.
            retries: isDrill ? 0 : 2,
            pod: {
                labels: { ...labels, ...identity.podLabels },
                annotations,
                spec: plan({ placement, asked, scripts: metadata.name, target }),
            },
        },
        { ...child, dependsOn: [...ways, account] },
    );
}

/** What was promised, for whoever watches whether it is kept. */
function planAnnotations({ keepDays }: PostgresCluster, { rpoMinutes, rtoMinutes }: Promised) {
    return {
        "tars-platform/rpo-minutes": `${rpoMinutes}`,
        "tars-platform/rto-minutes": `${rtoMinutes}`,
        "tars-platform/keep-days": `${keepDays}`,
    };
}

function cronOf(time: string, { everyDays }: Promised): string {
    return `${time} * * ${everyDays === 7 ? "0" : "*"}`;
}
