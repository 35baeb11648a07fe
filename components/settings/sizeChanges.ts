import { z } from "zod";
import type { Size, StoredSize } from "../foundation/workloads";
import { bytes, count, cpu } from "./fields";

const amounts = z.strictObject({
    cpu: cpu()
        .optional()
        .meta({ description: "cores", examples: ["500m", "2"] }),
    memory: bytes()
        .optional()
        .meta({ description: "memory", examples: ["512Mi", "4Gi"] }),
});

/** What a stack may change of a pod of its environment's sizes. */
export const sizeChange = {
    requests: amounts.optional().meta({ description: "what the scheduler reserves for a pod" }),
    limits: amounts.optional().meta({ description: "where the kernel stops a pod" }),
    scratch: bytes()
        .optional()
        .meta({ description: "node disk for scratch files and logs of a pod", examples: ["1Gi"] }),
};

export const replicas = z
    .strictObject({
        min: count(1, 1000)
            .optional()
            .meta({ description: "pods at rest", examples: [3] }),
        max: count(1, 1000)
            .optional()
            .meta({ description: "most pods that autoscaling may make", examples: [10] }),
    })
    .optional()
    .meta({ description: "how many pods" });

export const storage = bytes()
    .optional()
    .meta({ description: "volume of each pod; fixed once the volume exists", examples: ["10Gi"] });

const change = z.strictObject({ replicas, ...sizeChange });
type SizeChange = z.output<typeof change>;
type StoredSizeChange = SizeChange & { readonly storage?: z.output<typeof storage> };

export function changedStored(size: StoredSize, { storage: own, ...rest }: StoredSizeChange = {}): StoredSize {
    return { ...changed(size, rest), storage: own ?? size.storage };
}

export function changed(size: Size, { replicas: own, requests, limits, scratch }: SizeChange = {}): Size {
    return {
        replicas: { min: own?.min ?? size.replicas.min, max: own?.max ?? size.replicas.max },
        surge: size.surge,
        requests: { cpu: requests?.cpu ?? size.requests.cpu, memory: requests?.memory ?? size.requests.memory },
        limits: { cpu: limits?.cpu ?? size.limits.cpu, memory: limits?.memory ?? size.limits.memory },
        scratch: scratch ?? size.scratch,
    };
}
