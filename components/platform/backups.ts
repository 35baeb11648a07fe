import type * as pulumi from "@pulumi/pulumi";
import { chromadbBackup, chromadbDrill } from "../cloud/contract";
import { ChromadbBackups } from "../data/drills/chromadbBackups";
import { backupsNamespace, chromadbBackupSize, chromadbDrillSize } from "../foundation/dataBackups";
import { demandAtPeak } from "../foundation/demand";
import type { OutsideCaller } from "../kubernetes/accessPaths";
import { identityOf } from "../kubernetes/identities";
import { images } from "../kubernetes/images";
import { TenantNamespace } from "../kubernetes/namespace";
import { planQuota } from "../kubernetes/quota";
import type { Settings } from "../settings/schema";
import { imageSourcesOf, type PlatformArgs, type Stage } from "./args";

type Asked = Pick<Settings, "serviceBackups">;

/** Backups of ChromaDB and drills of their restore, where the stack has a store for them. */
export function createServiceBackups(args: PlatformArgs, applications: string, stage: Stage): void {
    const { settings, cluster, ground } = args;
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
    const identities = ground?.identities ?? {};
    const backup = known(identityOf(identities, chromadbBackup));
    const drill = known(identityOf(identities, chromadbDrill));
    const store = known(cluster.backupStore);
    new ChromadbBackups(
        "chromadb-backups",
        { placement, applications, plan, store, identities: { backup, drill }, size },
        dependent(stage, tenant),
    );
}

function dependent(stage: Stage, tenant: pulumi.Resource): Stage {
    return { ...stage, dependsOn: [tenant] };
}

/** Whom the data services let in beside the callers of the stack file. */
export function backupCallers({ serviceBackups: { chromadb } }: Asked): readonly OutsideCaller[] {
    return chromadb.kind === "off" ? [] : [{ ...chromadbBackup, calls: ["chromadb"] }];
}

/** Images that only such stacks run. */
export function backupRepositories({ serviceBackups: { chromadb } }: Asked): readonly string[] {
    return chromadb.kind === "off" ? [] : [images.python.repository];
}

/** Network policies by which the jobs call what has no address of its own. */
export function backupInternetCallers({ serviceBackups: { chromadb } }: Asked) {
    return chromadb.kind === "off" ? [] : [{ namespace: backupsNamespace, name: "store" }];
}

/** The checks of a cloud have asked for all of them. */
function known<Value>(value: Value | undefined): Value {
    if (value === undefined) throw new RangeError("backups of ChromaDB passed the check of their cloud");
    return value;
}
