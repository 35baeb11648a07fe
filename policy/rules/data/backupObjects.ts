import { groupAndKind } from "../../resources/kind";
import type { Subject } from "../../resources/subject";

export const postgresCluster = "postgresql.cnpg.io/Cluster";
export const location = "velero.io/BackupStorageLocation";
export const objectStore = "barmancloud.cnpg.io/ObjectStore";

/** The bucket or container that a backup goes to; undefined while its name is not known. */
export function bucketOf({ kind, object }: Subject): string | undefined {
    const spec = object.get("spec").quietly;
    if (groupAndKind(kind) === location) {
        const bucket = spec.get("objectStorage", "bucket").text();
        return typeof bucket === "string" ? bucket : undefined;
    }
    const path = spec.get("configuration", "destinationPath").text();
    if (typeof path !== "string") return undefined;
    // s3://<bucket>/<path> or https://<account>.blob.core.windows.net/<container>/<path>
    return /^s3:\/\/([^/]+)/.exec(path)?.[1] ?? /^https?:\/\/[^/]+\/([^/]+)/.exec(path)?.[1];
}
