import { RuntimeClass } from "@pulumi/kubernetes/node/v1";
import type * as pulumi from "@pulumi/pulumi";
import { TarsComponent } from "../foundation/component";
import { platformLabels } from "../foundation/labels";
import type { Sandbox } from "../foundation/supplyChain";
import type { SystemPlace } from "../kubernetes/systemPlace";

export interface SandboxRuntimeArgs {
    readonly place: SystemPlace;
    readonly sandbox: Sandbox;
}

/** Name that pods of agents give as their `runtimeClassName`. */
export const sandboxClass = "sandbox";

/**
 * Lets pods ask for a kernel of their own, gVisor's or that of a small machine of Kata's, and puts them on the nodes that have it. The runtime itself
 * comes with the image of those nodes: nothing of it is installed here.
 *
 * @see https://kubernetes.io/docs/concepts/containers/runtime-class/
 */
export class SandboxRuntime extends TarsComponent {
    constructor(name: string, { place, sandbox }: SandboxRuntimeArgs, opts?: pulumi.ComponentResourceOptions) {
        super("security", "SandboxRuntime", name, opts);
        const { cluster, ownership } = place;
        const metadata = { name: sandboxClass, labels: platformLabels(ownership) };
        const { handler, nodes } = sandbox;
        const args = { metadata, handler, scheduling: { nodeSelector: { ...nodes } } };
        new RuntimeClass(name, args, { parent: this, provider: cluster.provider });
        this.registerOutputs({});
    }
}
