import type { core } from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import type { Bytes } from "../../foundation/quantities";

/** Volumes are made by StatefulSets, and stay whatever goes. */
export function planStorage() {
    return { provisioner: "StatefulSet", reclaimPolicy: "Retain" } as const;
}

export function planClaim(name: string, storage: Bytes, storageClassName: pulumi.Input<string>): ClaimTemplate {
    const spec = { accessModes: ["ReadWriteOnce"], storageClassName, resources: { requests: { storage } } };
    return { name, reclaimPolicy: "Retain", spec };
}

interface ClaimTemplate {
    readonly name: string;
    readonly reclaimPolicy: "Retain";
    readonly spec: core.v1.PersistentVolumeClaimSpec;
}
