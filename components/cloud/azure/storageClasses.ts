import { StorageClass } from "@pulumi/kubernetes/storage/v1";
import type * as pulumi from "@pulumi/pulumi";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import { scratchLabel } from "../../foundation/dataBackups";
import { type Ownership, platformLabels } from "../../foundation/labels";
import type { EnvironmentRules } from "../common/rules";
import { createSnapshotClass } from "../common/snapshots";
import { platformTags } from "../common/tags";
import type { StoragePurpose } from "../contract";

export interface StorageClassesArgs {
    readonly ownership: Ownership;
    readonly rules: EnvironmentRules;
}

/**
 * Disks by what they are for. Copies in three zones let a pod follow its volume out of a lost zone; magnetic disks have none.
 *
 * @see https://learn.microsoft.com/azure/aks/azure-csi-disk-storage-provision
 * @see https://learn.microsoft.com/azure/virtual-machines/disks-redundancy
 */
const disks = {
    fast: { skuName: "Premium_ZRS", cachingMode: "ReadOnly" },
    standard: { skuName: "StandardSSD_ZRS", cachingMode: "ReadOnly" },
    cold: { skuName: "Standard_LRS", cachingMode: "None" },
} as const satisfies Readonly<Record<StoragePurpose, Readonly<Record<string, string>>>>;

/** The storage classes of the cluster. */
export class StorageClasses extends TarsComponent {
    readonly names: Readonly<Record<StoragePurpose, pulumi.Output<string>>>;
    /** One more like the ordinary one, but that its disks go with their claims. */
    readonly scratch: pulumi.Output<string>;
    /** How disks of all of them are copied. */
    readonly snapshots: pulumi.Output<string>;

    constructor(
        name: string,
        args: StorageClassesArgs,
        opts: pulumi.ComponentResourceOptions & Pick<ChildOptions, "provider">,
    ) {
        super("cloud", "StorageClasses", name, opts);
        const child = { parent: this, provider: opts.provider };
        const create = (purpose: StoragePurpose | "scratch") => createClass(name, args, purpose, child).metadata.name;
        this.names = { fast: create("fast"), standard: create("standard"), cold: create("cold") };
        this.scratch = create("scratch");
        this.snapshots = createSnapshots(`${name}-snapshots`, args, child);
        this.registerOutputs({ ...this.names, scratch: this.scratch, snapshots: this.snapshots });
    }
}

function createClass(
    name: string,
    { ownership, rules }: StorageClassesArgs,
    purpose: StoragePurpose | "scratch",
    child: ChildOptions,
): StorageClass {
    const isScratch = purpose === "scratch";
    return new StorageClass(
        `${name}-${purpose}`,
        {
            metadata: {
                name: `tars-${purpose}`,
                labels: { ...platformLabels(ownership), ...(isScratch ? scratchLabel : {}) },
            },
            provisioner: "disk.csi.azure.com",
            parameters: disks[isScratch ? "standard" : purpose],
            reclaimPolicy: rules.keepsData && !isScratch ? "Retain" : "Delete",
            // A disk is made where its first pod runs.
            volumeBindingMode: "WaitForFirstConsumer",
            allowVolumeExpansion: true,
        },
        child,
    );
}

/**
 * Copies of what has changed since the last one. They stand in the group of the cluster's nodes, as the disks do.
 *
 * @see https://github.com/kubernetes-sigs/azuredisk-csi-driver/blob/00ca3920cd8b8792f31da8c3e010e43aa21be285/docs/driver-parameters.md#volumesnapshotclass
 */
function createSnapshots(
    name: string,
    { ownership, rules: { keepsData } }: StorageClassesArgs,
    child: ChildOptions,
): pulumi.Output<string> {
    const tags = Object.entries(platformTags(ownership)).map(([key, value]) => `${key}=${value}`);
    const parameters = { incremental: "true", tags: tags.join(",") };
    return createSnapshotClass(name, { driver: "disk.csi.azure.com", parameters, ownership, keepsData }, child);
}
