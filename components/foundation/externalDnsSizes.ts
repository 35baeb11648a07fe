import { type Load, systemRoles } from "./loads";
import type { Size } from "./workloads";

/**
 * ExternalDNS. It is one pod, because two would write the same records (the chart has `replicas: 1` and no value for it), and none while it is
 * replaced: records stay as they are for that long. Upstream names no figures (`resources: {}` in the chart's values at 1.21.1); these are ours.
 */
export const externalDnsSize = {
    replicas: { min: 1, max: 1 },
    surge: 0,
    requests: { cpu: "25m", memory: "64Mi" },
    limits: { cpu: "250m", memory: "256Mi" },
    scratch: "64Mi",
} as const satisfies Size;

/** What names need room for, beside the applications. */
export const externalDnsLoads: readonly Load[] = [{ name: "external-dns", size: externalDnsSize, roles: systemRoles }];
