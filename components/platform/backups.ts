import type * as pulumi from "@pulumi/pulumi";
import { chromadbBackup, chromadbDrill, clickHouseBackup, clickHouseDrill } from "../cloud/contract";
import { ChromadbBackups } from "../data/drills/chromadbBackups";
import { ClickHouseBackups } from "../data/drills/clickHouseBackups";
import { storeCalls } from "../data/drills/traffic";
import {
    type BackupJobs,
    backedUpServices,
    backupsNamespace,
    chromadbBackupSize,
    chromadbDrillSize,
    jobNamespaces,
} from "../foundation/dataBackups";
import { demandAtPeak } from "../foundation/demand";
import type { OutsideCaller } from "../kubernetes/accessPaths";
import { identityOf } from "../kubernetes/identities";
import { images } from "../kubernetes/images";
import { TenantNamespace } from "../kubernetes/namespace";
import { planQuota } from "../kubernetes/quota";
import type { Settings } from "../settings/schema";
import { imageSourcesOf, type PlatformArgs, type Stage } from "./args";

type Asked = Pick<Settings, "serviceBackups">;
type Account = Parameters<typeof identityOf>[1];

/** Backups of ChromaDB and drills of their restore, where the stack has a store for them. */
export function createServiceBackups(args: PlatformArgs, applications: string, stage: Stage): void {
    const { settings, cluster } = args;
    const { chromadb: plan } = settings.serviceBackups;
    if (plan.kind === "off") return;
    const { mode } = settings.mesh;
    const { ownership, sizes } = settings;
    const size = sizes.chromadb;
    const drillSize = chromadbDrillSize(size, mode);
    // Room for a second drill: the first one's pod, with its volume, stays to be read when it has ended.
    const quota = planQuota(demandAtPeak([chromadbBackupSize(mode), drillSize, drillSize]), undefined);
    const namespace = backupsNamespace;
    const tenant = new TenantNamespace(namespace, { cluster, ownership, namespace, quota, mesh: mode }, stage);
    const placement = {
        cluster,
        namespace: tenant.namespace,
        ownership,
        imageSources: imageSourcesOf(args),
        mesh: mode,
    };
    const there = whoAndWhere(args, { backup: chromadbBackup, drill: chromadbDrill });
    new ChromadbBackups(
        "chromadb-backups",
        { placement, applications, plan, ...there, size },
        dependent(stage, tenant),
    );
}

/** The same of ClickHouse, in its own namespace. */
export function createClickHouseBackups(args: PlatformArgs, namespace: pulumi.Output<string>, stage: Stage): void {
    const { settings, cluster } = args;
    const { clickhouse: plan } = settings.serviceBackups;
    const { clickhouse: asked } = settings.data;
    if (plan.kind === "off" || asked.kind === "off") return;
    const placement = { cluster, namespace, ownership: settings.ownership, imageSources: imageSourcesOf(args) };
    const there = whoAndWhere(args, { backup: clickHouseBackup, drill: clickHouseDrill });
    new ClickHouseBackups("clickhouse-backups", { placement, asked, plan, ...there }, stage);
}

/** Who a service's jobs are in the cloud, and where they write to. */
function whoAndWhere({ cluster, ground }: PlatformArgs, of: Readonly<Record<keyof BackupJobs, Account>>) {
    const identities = ground?.identities ?? {};
    const identity = (account: Account) => known(identityOf(identities, account));
    return {
        identities: { backup: identity(of.backup), drill: identity(of.drill) },
        store: known(cluster.backupStore),
    };
}

function dependent(stage: Stage, tenant: pulumi.Resource): Stage {
    return { ...stage, dependsOn: [tenant] };
}

/** Whom the data services let in beside the callers of the stack file. */
export function backupCallers({ serviceBackups: { chromadb } }: Asked): readonly OutsideCaller[] {
    return chromadb.kind === "off" ? [] : [{ ...chromadbBackup, calls: ["chromadb"] }];
}

/** Images that only such stacks run. */
export function backupRepositories({ serviceBackups }: Asked): readonly string[] {
    const isAny = backedUpServices.some((service) => serviceBackups[service].kind === "store");
    return isAny ? [images.python.repository] : [];
}

/** Network policies by which the jobs call what has no address of its own. */
export function backupInternetCallers({ serviceBackups: { chromadb, clickhouse } }: Asked) {
    const ofClickHouse = Object.values(storeCalls).map((name) => ({ namespace: jobNamespaces.clickhouse, name }));
    return [
        ...(chromadb.kind === "off" ? [] : [{ namespace: backupsNamespace, name: "store" }]),
        ...(clickhouse.kind === "off" ? [] : ofClickHouse),
    ];
}

/** The checks of a cloud have asked for all of them. */
function known<Value>(value: Value | undefined): Value {
    if (value === undefined) throw new RangeError("backups of services passed the check of their cloud");
    return value;
}
