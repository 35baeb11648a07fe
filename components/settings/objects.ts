import { z } from "zod";
import { mostObjectServers, type ObjectPlace, type ObjectServers } from "../foundation/objectStore";
import { bytes, count, cpu, distinct, dnsLabel } from "./fields";
import type { Environment } from "./sizing";

/** As S3 and SeaweedFS take them, without dots. */
const bucketName = () => dnsLabel().min(3);

const bucket = z
    .strictObject({
        // What SeaweedFS keeps a time in has room for 255 of its units: more days than that it would count in weeks or months.
        expireDays: count(1, 255)
            .optional()
            .meta({
                description: "days after which what was written is gone; without it what is there stays",
                examples: [30],
            }),
    })
    .meta({ description: "a bucket" });

const user = z
    .strictObject({
        namespace: dnsLabel().meta({ description: "namespace of its pods", examples: ["tars"] }),
        serviceAccount: dnsLabel().meta({
            description: "service account that they run under, and their label app.kubernetes.io/name",
            examples: ["tars-backend"],
        }),
        reads: distinct(bucketName())
            .default([])
            .meta({ description: "buckets that it lists and reads from", examples: [["media"]] }),
        writes: distinct(bucketName())
            .default([])
            .meta({ description: "buckets that it writes to and deletes from", examples: [["media"]] }),
    })
    .meta({ description: "who may do what in which buckets" });

export const objects = z
    .discriminatedUnion("kind", [
        z.strictObject({
            kind: z
                .literal("off")
                .meta({ description: "none in the cluster; what a cloud has is there anyway", examples: ["off"] }),
        }),
        z.strictObject({
            kind: z.literal("seaweedfs").meta({ description: "pods of SeaweedFS", examples: ["seaweedfs"] }),
            servers: count(1, mostObjectServers)
                .optional()
                .meta({
                    description:
                        "pods with volumes of their own, an odd number; without it 3 in production and 1 before",
                    examples: [3],
                }),
            copies: count(1, 3)
                .optional()
                .meta({
                    description: "servers that each piece of data is on; without it 2, or 1 of a single server",
                    examples: [2],
                }),
            storage: bytes()
                .optional()
                .meta({
                    description: "volume of each server, which may grow; without it the environment's",
                    examples: ["500Gi"],
                }),
            server: z
                .strictObject({
                    cpu: cpu().meta({ description: "cores", examples: ["2"] }),
                    memory: bytes().meta({ description: "memory", examples: ["4Gi"] }),
                })
                .optional()
                .meta({ description: "what each server requests, and gets; without it the environment's" }),
            buckets: z.record(bucketName(), bucket).default({}).meta({ description: "buckets by their names" }),
            users: z.record(dnsLabel(), user).default({}).meta({ description: "users by their names" }),
        }),
    ])
    .prefault({ kind: "off" })
    .meta({
        description: "an object store that speaks S3, for stacks whose cloud has none (docs/object-store.md)",
        examples: [{ kind: "seaweedfs" }],
    });

/**
 * Of each environment. One that has nothing to do has 120 MB resident (4.44, measured); the figures are ours. In production a zone may go: two of three masters
 * go on, and one of two copies is there.
 */
export const objectDefaults = {
    dev: { servers: 1, storage: "5Gi", server: { cpu: "200m", memory: "384Mi" } },
    staging: { servers: 1, storage: "20Gi", server: { cpu: "500m", memory: "1Gi" } },
    production: { servers: 3, storage: "200Gi", server: { cpu: "1", memory: "2Gi" } },
} as const satisfies Readonly<Record<Environment, Pick<ObjectServers, "servers" | "storage" | "server">>>;

/** The stack's words, with the environment's where it has none. */
export function resolveObjects(asked: z.output<typeof objects>, environment: Environment): ObjectPlace {
    if (asked.kind === "off") return asked;
    const own = objectDefaults[environment];
    const servers = asked.servers ?? own.servers;
    const buckets = Object.entries(asked.buckets).map(([name, { expireDays }]) => [name, { expireDays }] as const);
    return {
        kind: "seaweedfs",
        servers,
        copies: asked.copies ?? Math.min(2, servers),
        storage: asked.storage ?? own.storage,
        server: asked.server ?? own.server,
        buckets: Object.fromEntries(buckets),
        users: asked.users,
    };
}
