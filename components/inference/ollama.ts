import * as pulumi from "@pulumi/pulumi";
import type { NodePools } from "../cloud/contract";
import { TarsComponent } from "../foundation/component";
import { dataReasons } from "../foundation/dataReasons";
import type { StoredSize } from "../foundation/workloads";
import { images } from "../kubernetes/images";
import type { Placement } from "../kubernetes/placement";
import { Workload } from "../kubernetes/workload";

export interface OllamaArgs {
    readonly placement: Placement;
    readonly size: StoredSize;
}

/** Where it answers inside the namespace. */
export const ollamaAddress = { host: "ollama", port: images.ollama.ports.http } as const;

/** Ollama, the language model server: on a GPU where the cluster has one, otherwise on CPUs. */
export class Ollama extends TarsComponent {
    /** Host and port inside the namespace, known once it answers. */
    readonly endpoint: pulumi.Output<string>;

    constructor(name: string, args: OllamaArgs, opts?: pulumi.ComponentResourceOptions) {
        super("inference", "Ollama", name, opts);
        const { serviceName } = new Workload(name, planWorkload(args), { parent: this });
        this.endpoint = pulumi.interpolate`${serviceName}:${ollamaAddress.port}`;
        this.registerOutputs({ endpoint: this.endpoint });
    }
}

function planWorkload({ placement, size }: OllamaArgs) {
    const { nodes, storageClasses } = placement.cluster;
    return {
        placement,
        name: "ollama",
        component: "inference",
        priority: "serving",
        kind: {
            kind: "stateful",
            path: "/var/lib/ollama",
            storage: size.storage,
            storageClass: storageClasses.standard,
        },
        image: images.ollama,
        size,
        ownAnnotations: dataReasons(placement.cluster, "models are fetched again from where they came from"),
        ...planAccelerator(nodes),
    } as const;
}

/** One GPU for the pod when the cluster has the role; without one no device, and the nodes that `roleOf` counts it on. */
export function planAccelerator({ gpu, compute, general }: NodePools) {
    return gpu === undefined
        ? { nodes: compute ?? general, devices: {} }
        : { nodes: gpu, devices: { [gpu.resource]: "1" } };
}
