import { backupOperator } from "../cloud/contract";
import { identityOf } from "../kubernetes/identities";
import { ClusterBackup } from "../recovery/clusterBackup";
import { type PlatformArgs, type Stage, systemPlace } from "./args";

/** Who backs the cluster up; nobody where there is no store for it, or the stack gives Velero no identity that may write there. */
export function createBackup(args: PlatformArgs, stage: Stage): void {
    const { backupStore: store } = args.cluster;
    const identity = identityOf(args.ground?.identities ?? {}, backupOperator);
    if (store === undefined || identity === undefined) return;
    const { clusterBackup: rhythm } = args.settings;
    new ClusterBackup("backup", { place: systemPlace(args), store, identity, rhythm }, stage);
}
