import type { Copies } from "./copies";
import { type Load, systemRoles } from "./loads";
import type { Size } from "./workloads";

/** The programs of External Secrets that run here: who reads from the store and writes to it, and who checks its objects for the API server. */
export const externalSecretsParts = ["controller", "webhook"] as const;
export type ExternalSecretsPart = (typeof externalSecretsParts)[number];

/**
 * Upstream names no figures (`resources: {}` in the chart's values at 2.9.0); these are ours. The controller keeps in memory the Secrets that it made
 * itself and no others (`--enable-managed-secrets-caching`, cmd/controller/root.go at v2.9.0).
 */
const amounts = {
    controller: {
        requests: { cpu: "50m", memory: "128Mi" },
        limits: { cpu: "500m", memory: "256Mi" },
        scratch: "64Mi",
    },
    webhook: {
        requests: { cpu: "25m", memory: "64Mi" },
        limits: { cpu: "250m", memory: "128Mi" },
        scratch: "64Mi",
    },
} as const satisfies Readonly<Record<ExternalSecretsPart, Omit<Size, "replicas" | "surge">>>;

/** How many pods External Secrets has, and what each of them gets. */
export function externalSecretsSizes({ controllers, webhooks }: Copies): Readonly<Record<ExternalSecretsPart, Size>> {
    const pods = (count: number) => ({ replicas: { min: count, max: count }, surge: 1 });
    return {
        controller: { ...amounts.controller, ...pods(controllers) },
        webhook: { ...amounts.webhook, ...pods(webhooks) },
    };
}

/** What External Secrets needs room for, beside the applications. */
export function externalSecretsLoads(copies: Copies): readonly Load[] {
    const sizes = externalSecretsSizes(copies);
    return externalSecretsParts.map((part) => ({
        name: `external-secrets-${part}`,
        size: sizes[part],
        roles: systemRoles,
    }));
}
