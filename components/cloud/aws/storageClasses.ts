import { StorageClass } from "@pulumi/kubernetes/storage/v1";
import type * as pulumi from "@pulumi/pulumi";
import { TarsComponent } from "../../foundation/component";
import { scratchLabel } from "../../foundation/dataBackups";
import { type Ownership, platformLabels } from "../../foundation/labels";
import { createSnapshotClass } from "../common/snapshots";
import { platformTags } from "../common/tags";
import type { StoragePurpose } from "../contract";

export interface StorageClassesArgs {
    /** Makes objects in the cluster. */
    readonly provider: pulumi.ProviderResource;
    readonly ownership: Ownership;
    readonly key: pulumi.Output<string>;
    /** Whether a volume stays when its claim is deleted. */
    readonly keepsData: boolean;
}

/**
 * What each purpose means in EBS. The IOPS are ours: 50 a GiB is a tenth of what io2 allows. An sc1 volume has at least 125 GiB.
 *
 * @see https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html
 * @see https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/parameters.md
 */
const volumeTypes = {
    fast: { type: "io2", iopsPerGB: "50" },
    standard: { type: "gp3" },
    cold: { type: "sc1" },
} as const satisfies Readonly<Record<StoragePurpose, Readonly<Record<string, string>>>>;

/** The cluster's storage classes. A volume is made where its first pod lands, because it never leaves its zone. */
export class StorageClasses extends TarsComponent {
    readonly names: Readonly<Record<StoragePurpose, pulumi.Output<string>>>;
    /** One more like the ordinary one, but that its volumes go with their claims. */
    readonly scratch: pulumi.Output<string>;
    /** How volumes of all of them are copied. */
    readonly snapshots: pulumi.Output<string>;

    constructor(name: string, args: StorageClassesArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cloud", "StorageClasses", name, opts);
        const of = (purpose: StoragePurpose) => createStorageClass(name, purpose, args, this).metadata.name;
        this.names = { fast: of("fast"), standard: of("standard"), cold: of("cold") };
        this.scratch = createStorageClass(name, "scratch", args, this).metadata.name;
        this.snapshots = createSnapshots(`${name}-snapshots`, args, this);
        this.registerOutputs({ names: this.names, scratch: this.scratch, snapshots: this.snapshots });
    }
}

function createStorageClass(
    name: string,
    purpose: StoragePurpose | "scratch",
    { provider, ownership, key, keepsData }: StorageClassesArgs,
    parent: pulumi.Resource,
): StorageClass {
    const isDefault = String(purpose === "standard");
    const isScratch = purpose === "scratch";
    return new StorageClass(
        `${name}-${purpose}`,
        {
            metadata: {
                name: purpose,
                labels: { ...platformLabels(ownership), ...(isScratch ? scratchLabel : {}) },
                annotations: { "storageclass.kubernetes.io/is-default-class": isDefault },
            },
            provisioner: "ebs.csi.aws.com",
            parameters: { ...volumeTypes[isScratch ? "standard" : purpose], encrypted: "true", kmsKeyId: key },
            volumeBindingMode: "WaitForFirstConsumer",
            allowVolumeExpansion: true,
            reclaimPolicy: keepsData && !isScratch ? "Retain" : "Delete",
        },
        { parent, provider },
    );
}

/** @see https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/03416f2c77949120443bb0553efee0acdcfda9af/docs/tagging.md#snapshot-tagging */
function createSnapshots(
    name: string,
    { provider, ownership, keepsData }: StorageClassesArgs,
    parent: pulumi.Resource,
): pulumi.Output<string> {
    const tags = Object.entries(platformTags(ownership)).map(([key, value], index) => [
        `tagSpecification_${index + 1}`,
        `${key}=${value}`,
    ]);
    const plan = { driver: "ebs.csi.aws.com", parameters: Object.fromEntries(tags), ownership, keepsData };
    return createSnapshotClass(name, plan, { parent, provider });
}
