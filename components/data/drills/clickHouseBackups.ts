import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";
import type { BackupStore, WorkloadIdentity } from "../../cloud/contract";
import type { ClickHouseServers } from "../../foundation/clickHouseNames";
import { TarsComponent } from "../../foundation/component";
import { type BackupJobs, type BackupPlan, backupFolder, clickHouseJobs } from "../../foundation/dataBackups";
import { labelsOf } from "../../foundation/labels";
import type { Placement } from "../../kubernetes/placement";
import { createTraffic } from "../../kubernetes/trafficPolicies";
import { planBackupPod, planDrillPod } from "./clickHousePods";
import { planStore } from "./environment";
import { backupCron, createBackupJobs, drillCron } from "./jobs";
import { planScratchConfiguration } from "./scratchClickHouse";
import { readScripts } from "./scripts";
import { planClickHouseTraffic } from "./traffic";

export interface ClickHouseBackupsArgs {
    /** Namespace of ClickHouse, and of the jobs. */
    readonly placement: Pick<Placement, "cluster" | "imageSources" | "namespace" | "ownership">;
    readonly asked: ClickHouseServers;
    readonly plan: BackupPlan;
    readonly store: BackupStore;
    readonly identities: Readonly<Record<keyof BackupJobs, WorkloadIdentity>>;
}

/** Backups of ClickHouse in the cloud's store, and drills of their restore. */
export class ClickHouseBackups extends TarsComponent {
    constructor(name: string, args: ClickHouseBackupsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data", "ClickHouseBackups", name, opts);
        const { placement, asked, plan, store, identities } = args;
        const { namespace, ownership } = placement;
        const child = { parent: this, provider: placement.cluster.provider };
        const inside = { namespace, labels: labelsOf({ name, component: "data-backup" }, ownership) };
        const create = (role: string, data: Readonly<Record<string, string>>) => {
            const metadata = { ...inside, name: `backup-${role}` };
            return new ConfigMap(`${name}-${role}`, { metadata, data: { ...data } }, child).metadata.name;
        };
        const scripts = create("scripts", readScripts());
        const configuration = create("scratch", { "config.xml": planScratchConfiguration(asked) });
        const { environment: target, annotations } = planStore(store, backupFolder(clickHouseJobs.backup));
        const traffic = createTraffic(name, planClickHouseTraffic(store), inside, child);
        const service = "clickhouse" as const;
        const pods = { service, placement, plan, asked, scripts, configuration, target };
        const jobs = {
            service,
            jobs: clickHouseJobs,
            placement,
            plan,
            identities,
            // When those of ChromaDB have had an hour.
            schedules: { backup: backupCron(plan, 45, 3), drill: drillCron(plan, 45, 5) },
            annotations,
            pods: { backup: planBackupPod(pods), drill: planDrillPod(pods) },
        };
        createBackupJobs(name, jobs, { ...child, dependsOn: traffic });
        this.registerOutputs({});
    }
}
