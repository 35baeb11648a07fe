import { type Load, systemRoles } from "./loads";
import type { Size } from "./workloads";

/**
 * Velero's server with the plugin that it starts for its store. It is one pod, as its chart has no other number, and none while it is replaced: a
 * backup that it was at is made anew by the next turn of the schedule. Requests and limits are those of `velero install`.
 *
 * @see https://velero.io/docs/v1.18/customize-installation/#customize-resource-requests-and-limits
 */
export const veleroSize = {
    replicas: { min: 1, max: 1 },
    surge: 0,
    requests: { cpu: "500m", memory: "128Mi" },
    limits: { cpu: "1", memory: "512Mi" },
    // What a backup holds is packed here before it is sent: definitions of objects, and no volumes.
    scratch: "512Mi",
} as const satisfies Size;

/** What copies the plugin to where Velero starts it from, before Velero itself runs. */
export const veleroPluginSize = {
    requests: { cpu: "50m", memory: "64Mi" },
    limits: { cpu: "250m", memory: "128Mi" },
    scratch: "192Mi",
} as const satisfies Pick<Size, "requests" | "limits" | "scratch">;

/** What backups of the cluster need room for, beside the applications. */
export const veleroLoads: readonly Load[] = [{ name: "velero", size: veleroSize, roles: systemRoles }];
