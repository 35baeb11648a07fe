import type { Load } from "./loads";
import { bucketsJob, type ObjectServers, objectStore } from "./objectStore";
import { fixed, type Size, type StoredSize } from "./workloads";

/** Of the job that makes buckets: the figures are ours, for a program that makes a few calls. */
export const bucketsJobSize: Size = {
    requests: { cpu: "50m", memory: "128Mi" },
    limits: { cpu: "250m", memory: "128Mi" },
    scratch: "64Mi",
    ...fixed(1),
    // Another may have begun while the one before is still there.
    surge: 1,
};

/** A server gets what it requests. What it writes is on its volume. */
export function objectServerSize({ servers, server, storage }: ObjectServers): StoredSize {
    return { requests: server, limits: server, scratch: "256Mi", storage, ...fixed(servers) };
}

/** What the object store needs room for, beside the applications. */
export function objectLoads(asked: ObjectServers): readonly Load[] {
    return [
        { name: objectStore, size: objectServerSize(asked), roles: ["general"] },
        { name: bucketsJob, size: bucketsJobSize, roles: ["general"] },
    ];
}
