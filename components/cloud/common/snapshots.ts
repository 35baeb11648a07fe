import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import type * as pulumi from "@pulumi/pulumi";
import type { ChildOptions } from "../../foundation/component";
import { type Ownership, platformLabels } from "../../foundation/labels";

export interface SnapshotClassPlan {
    /** CSI driver whose volumes are copied. */
    readonly driver: string;
    /** In the driver's own words. */
    readonly parameters: Readonly<Record<string, string>>;
    readonly ownership: Ownership;
    /** Whether a copy stays in the cloud when the object that stands for it is deleted, with its namespace for example. */
    readonly keepsData: boolean;
}

/**
 * How copies of volumes are made: the class for whatever names none. The cluster brings the kind, and the controller that acts on it. A copy
 * is encrypted as its volume is.
 *
 * @see https://kubernetes.io/docs/concepts/storage/volume-snapshot-classes/
 */
export function createSnapshotClass(
    name: string,
    { driver, parameters, ownership, keepsData }: SnapshotClassPlan,
    child: ChildOptions,
): pulumi.Output<string> {
    const metadata = {
        name: "tars-snapshots",
        // By this label Velero takes the class for copies that it asks for: https://velero.io/docs/v1.18/csi/
        labels: { ...platformLabels(ownership), "velero.io/csi-volumesnapshot-class": "true" },
        annotations: { "snapshot.storage.kubernetes.io/is-default-class": "true" },
    };
    const deletionPolicy = keepsData ? "Retain" : "Delete";
    const kind = { apiVersion: "snapshot.storage.k8s.io/v1", kind: "VolumeSnapshotClass" };
    return new CustomResource(name, { ...kind, metadata, driver, deletionPolicy, parameters }, child).metadata.name;
}
