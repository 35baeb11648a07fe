import * as pulumi from "@pulumi/pulumi";

/** Layers of the platform that own components, as they appear in type tokens. */
export type Layer =
    | "platform"
    | "cloud"
    | "kubernetes"
    | "security"
    | "mesh"
    | "edge"
    | "data"
    | "recovery"
    | "inference"
    | "applications";

/** Options of a resource inside a component: its place in the tree and the provider that makes it. */
export interface ChildOptions extends pulumi.CustomResourceOptions {
    readonly parent: pulumi.Resource;
    readonly provider: pulumi.ProviderResource;
    /** A plain list, to which whoever makes the resource may add. */
    readonly dependsOn?: pulumi.Resource[];
}

/** Gives every component its type token `tars:<layer>:<Class>`: together with name and parent that is its identity in the state. */
export abstract class TarsComponent extends pulumi.ComponentResource {
    constructor(layer: Layer, className: string, name: string, opts?: pulumi.ComponentResourceOptions) {
        super(`tars:${layer}:${className}`, name, {}, opts);
    }
}
