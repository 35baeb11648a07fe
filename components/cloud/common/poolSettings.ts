import { z } from "zod";
import type { NodeBounds } from "../../foundation/pools";
import { bytes, count } from "../../settings/fields";
import type { MachinePurpose } from "../machines";

/** Machines that a cloud's pools may be made of, and what a pool gets that names none. */
export interface MachineChoice<Name extends string> {
    readonly names: readonly [Name, ...Name[]];
    readonly defaults: Readonly<Record<MachinePurpose, Name>>;
}

const bounds = (min: number, max: number, initial = min) =>
    z
        .strictObject({
            min: count(0, 1000)
                .default(min)
                .meta({ description: "fewest nodes", examples: [min] }),
            max: count(1, 1000)
                .default(max)
                .meta({ description: "most nodes that the scaler may make", examples: [max] }),
            initial: count(0, 1000)
                .default(initial)
                .meta({
                    description: "nodes that the pool starts with; the scaler decides afterwards",
                    examples: [initial],
                }),
        })
        .prefault({})
        .meta({ description: "how many nodes" });

const disk = (gib: number) =>
    bytes()
        .default(`${gib}Gi`)
        .meta({ description: "disk of each node, for images, logs and scratch files", examples: [`${gib}Gi`] });

const maxSurge = z
    .string()
    .regex(/^([1-9][0-9]?|100)%$/, { error: 'must be a share in quotes, such as "33%"' })
    .default("33%")
    .meta({ description: "share of the nodes that an upgrade replaces at a time", examples: ["33%"] });

/** Nodes that an upgrade of a pool at its maximum makes ahead of the old ones. */
export function surgeOf({ nodes, maxSurge }: { readonly nodes: NodeBounds; readonly maxSurge: string }): number {
    return Math.ceil((nodes.max * Number.parseInt(maxSurge, 10)) / 100);
}

/** How pods share the GPUs of a pool; it decides the resource that they ask for. */
export const gpuSharing = z
    .discriminatedUnion("kind", [
        z.strictObject({ kind: z.literal("exclusive") }),
        z.strictObject({
            kind: z.literal("timeSliced"),
            replicas: count(2, 48).meta({
                description: "pods that take turns on one GPU, without limits on memory",
                examples: [4],
            }),
        }),
        z.strictObject({
            kind: z.literal("mig"),
            profile: z
                .enum(["1g.10gb", "1g.12gb", "2g.20gb", "2g.24gb", "3g.40gb", "3g.47gb", "7g.80gb", "7g.94gb"])
                .meta({ description: "slice that every GPU of the pool is cut into", examples: ["1g.10gb"] }),
        }),
    ])
    .default({ kind: "exclusive" })
    .meta({ description: "how pods share a GPU: one each, by turns, or a slice each (A100 and H100)" });

/**
 * Settings of a cloud's pools, by role. Bounds and first sizes are those of the requirements: general 6-12 (000), compute 3, 2-10 and
 * memory 2, 1-5 (003). GPU and spot pools start empty: pods that need them bring them up.
 */
export function poolSettings<Name extends string>({ names, defaults }: MachineChoice<Name>) {
    const machine = (purpose: MachinePurpose) =>
        z
            .enum(names)
            .default(defaults[purpose])
            .meta({ description: "machine type of the nodes", examples: [defaults[purpose]] });
    const pool = (purpose: MachinePurpose, nodes: ReturnType<typeof bounds>, gib: number) => ({
        machine: machine(purpose),
        nodes,
        disk: disk(gib),
        maxSurge,
    });
    return z
        .strictObject({
            system: z
                .strictObject(pool("system", bounds(3, 6), 100))
                .prefault({})
                .meta({ description: "nodes of the cluster's own pods" }),
            general: z
                .strictObject(pool("general", bounds(6, 12), 100))
                .prefault({})
                .meta({ description: "nodes that take any pod" }),
            compute: z
                .strictObject(pool("compute", bounds(2, 10, 3), 100))
                .optional()
                .meta({ description: "nodes with many cores for their memory" }),
            memory: z
                .strictObject(pool("memory", bounds(1, 5, 2), 100))
                .optional()
                .meta({ description: "nodes with much memory for their cores" }),
            gpu: z
                .strictObject({ ...pool("gpuA10", bounds(0, 4), 200), sharing: gpuSharing })
                .optional()
                .meta({ description: "nodes with GPUs; leave out when there are none, then inference runs on CPUs" }),
            spot: z
                .strictObject(pool("general", bounds(0, 10), 100))
                .optional()
                .meta({
                    description:
                        "nodes that the cloud may take back at any time; pods that may run here also run on general nodes",
                }),
        })
        .prefault({})
        .meta({ description: "the cluster's nodes, by role" });
}

export type PoolSettings<Name extends string> = z.output<ReturnType<typeof poolSettings<Name>>>;
export type GpuSharing = z.output<typeof gpuSharing>;
