import * as pulumi from "@pulumi/pulumi";
import { TarsComponent } from "../foundation/component";
import { dataReasons } from "../foundation/dataReasons";
import type { StoredSize } from "../foundation/workloads";
import { images } from "../kubernetes/images";
import type { Placement } from "../kubernetes/placement";
import { Workload } from "../kubernetes/workload";

export interface ChromaDbArgs {
    readonly placement: Placement;
    readonly size: StoredSize;
    /** Why nobody practises its restore; undefined where somebody does. */
    readonly undrilled: string | undefined;
}

/** Where it answers inside the namespace. */
export const chromadbAddress = { host: "chromadb", port: images.chromadb.ports.http } as const;

/** ChromaDB, the vector store: one pod, because single-node Chroma does not copy its data between pods. */
export class ChromaDb extends TarsComponent {
    /** Host and port inside the namespace, known once it answers. */
    readonly endpoint: pulumi.Output<string>;

    constructor(name: string, args: ChromaDbArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data", "ChromaDb", name, opts);
        const { serviceName } = new Workload(name, planWorkload(args), { parent: this });
        this.endpoint = pulumi.interpolate`${serviceName}:${chromadbAddress.port}`;
        this.registerOutputs({ endpoint: this.endpoint });
    }
}

function planWorkload({ placement, size, undrilled }: ChromaDbArgs) {
    return {
        placement,
        name: "chromadb",
        component: "vector-store",
        priority: "data",
        kind: {
            kind: "stateful",
            path: "/chroma/chroma",
            storage: size.storage,
            storageClass: placement.cluster.storageClasses.standard,
        },
        image: images.chromadb,
        size,
        ownAnnotations: dataReasons(placement.cluster, undrilled),
        stopSeconds: 55,
    } as const;
}
