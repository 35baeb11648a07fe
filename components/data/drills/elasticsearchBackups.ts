import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";
import type { BackupStore, WorkloadIdentity } from "../../cloud/contract";
import { TarsComponent } from "../../foundation/component";
import { type BackupJobs, type BackupPlan, elasticsearchJobs } from "../../foundation/dataBackups";
import type { ElasticsearchCluster } from "../../foundation/elasticNames";
import { manifestFolder } from "../../foundation/elasticSnapshots";
import { labelsOf } from "../../foundation/labels";
import type { SystemPlace } from "../../kubernetes/systemPlace";
import { createTraffic } from "../../kubernetes/trafficPolicies";
import type { SnapshotStore } from "../elastic/snapshots";
import { planDrillPod, planManifestPod } from "./elasticsearchPods";
import { planStore } from "./environment";
import { createBackupJobs, drillCron } from "./jobs";
import { planScratchSettings } from "./scratchElasticsearch";
import { readScripts } from "./scripts";
import { planElasticsearchTraffic } from "./traffic";

export interface ElasticsearchBackupsArgs {
    readonly place: SystemPlace;
    /** Of Elasticsearch, and of the jobs. */
    readonly namespace: pulumi.Output<string>;
    readonly asked: ElasticsearchCluster;
    readonly plan: BackupPlan;
    readonly store: BackupStore;
    /** How the drill's own server logs in at the store. */
    readonly login: SnapshotStore;
    readonly identities: Readonly<Record<keyof BackupJobs, WorkloadIdentity>>;
}

/**
 * The drill of Elasticsearch's restore. Snapshots it takes itself (components/data/elastic/snapshots.ts); a job has one more taken and says what it
 * must hold, and another brings it back into a server of its own and compares.
 */
export class ElasticsearchBackups extends TarsComponent {
    constructor(name: string, args: ElasticsearchBackupsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data", "ElasticsearchBackups", name, opts);
        const { place, namespace, asked, plan, store, login, identities } = args;
        const { ownership } = place;
        const child = { parent: this, provider: place.cluster.provider };
        const inside = { namespace, labels: labelsOf({ name, component: "data-backup" }, ownership) };
        const create = (role: string, data: Readonly<Record<string, string>>) => {
            const metadata = { ...inside, name: `snapshots-${role}` };
            return new ConfigMap(`${name}-${role}`, { metadata, data: { ...data } }, child).metadata.name;
        };
        const scripts = create("scripts", readScripts());
        const settings = create("scratch", { "elasticsearch.yml": planScratchSettings(store) });
        const { environment: target, annotations } = planStore(store, manifestFolder);
        const traffic = createTraffic(name, planElasticsearchTraffic(asked, { store, login }), inside, child);
        const service = "elasticsearch" as const;
        const pods = { service, placement: place, place, plan, asked, scripts, settings, target, store, login };
        const drill = planDrillPod(pods);
        const jobs = {
            service,
            jobs: elasticsearchJobs,
            placement: { namespace, ownership },
            plan,
            identities,
            // Snapshots begin a quarter before an hour. A drill comes an hour after what it restores, which by then is no older than any promise.
            schedules: { backup: drillCron(plan, 15, 4), drill: drillCron(plan, 15, 5) },
            annotations: { ...annotations, ...drill.annotations },
            pods: { backup: planManifestPod(pods), drill: drill.spec },
        };
        createBackupJobs(name, jobs, { ...child, dependsOn: traffic });
        this.registerOutputs({});
    }
}
