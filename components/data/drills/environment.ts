import type { core } from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import type { BackupStore } from "../../cloud/contract";

const address = "tars-platform/store-url";

/** The part of a pod that says where backups go. Who the pod is there, its identity says. */
interface StorePlan {
    readonly environment: core.v1.EnvVar[];
    /** Annotations of the pod. */
    readonly annotations: Readonly<Record<string, pulumi.Input<string>>>;
}

/**
 * What scripts/stores.py goes by: which kind of store, and where. An address that nobody knows before the store is made is the pod's annotation, so that what a
 * pod is started with can be judged in a first preview.
 */
export function planStore({ s3, bucket, url }: BackupStore, folder: string): StorePlan {
    const place = { name: "STORE_FOLDER", value: folder };
    if (s3 === undefined) {
        const valueFrom = { fieldRef: { apiVersion: "v1", fieldPath: `metadata.annotations['${address}']` } };
        const environment = [{ name: "STORE_KIND", value: "blob" }, { name: "STORE_URL", valueFrom }, place];
        return { environment, annotations: { [address]: url } };
    }
    const own = { STORE_KIND: "s3", STORE_BUCKET: bucket, STORE_REGION: s3.region };
    return { environment: [...Object.entries(own).map(([name, value]) => ({ name, value })), place], annotations: {} };
}
