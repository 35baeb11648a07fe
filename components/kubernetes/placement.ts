import type * as pulumi from "@pulumi/pulumi";
import type { ClusterHandle } from "../cloud/contract";
import type { ImageSources } from "../foundation/imageSources";
import type { Ownership } from "../foundation/labels";
import type { MeshMode } from "../foundation/mesh";

/** Where a component's objects go, and whose they are. */
export interface Placement {
    readonly cluster: ClusterHandle;
    /** The namespace as an output: whoever reads it waits until the namespace is there. */
    readonly namespace: pulumi.Output<string>;
    readonly ownership: Ownership;
    /** Where images come from, and what they are locked to. */
    readonly imageSources: ImageSources;
    readonly mesh: MeshMode;
}

/** Where a secret value is, for whoever may read it. */
export interface SecretReference {
    readonly namespace: pulumi.Output<string>;
    /** Name of the Secret. */
    readonly name: pulumi.Output<string>;
    readonly key: string;
}
