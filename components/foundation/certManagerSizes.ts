import type { Copies } from "./copies";
import { type Load, systemRoles } from "./loads";
import type { Size } from "./workloads";

/** The programs that cert-manager consists of: who asks for certificates, who tells the API server of the webhook's authority, and the webhook. */
export const certManagerParts = ["controller", "cainjector", "webhook"] as const;
export type CertManagerPart = (typeof certManagerParts)[number];

/**
 * Upstream names no figures (`resources: {}` in the chart's values at v1.21.1); these are ours. Controller and cainjector hold every Secret of the
 * cluster that they may see in memory, so that is where they have room.
 */
const amounts = {
    controller: {
        requests: { cpu: "50m", memory: "128Mi" },
        limits: { cpu: "500m", memory: "256Mi" },
        scratch: "64Mi",
    },
    cainjector: {
        requests: { cpu: "50m", memory: "128Mi" },
        limits: { cpu: "500m", memory: "256Mi" },
        scratch: "64Mi",
    },
    webhook: {
        requests: { cpu: "25m", memory: "64Mi" },
        limits: { cpu: "250m", memory: "128Mi" },
        scratch: "64Mi",
    },
} as const satisfies Readonly<Record<CertManagerPart, Omit<Size, "replicas" | "surge">>>;

/** How many pods cert-manager has, and what each of them gets. */
export function certManagerSizes({ controllers, webhooks }: Copies): Readonly<Record<CertManagerPart, Size>> {
    const pods = (count: number) => ({ replicas: { min: count, max: count }, surge: 1 });
    return {
        controller: { ...amounts.controller, ...pods(controllers) },
        cainjector: { ...amounts.cainjector, ...pods(controllers) },
        webhook: { ...amounts.webhook, ...pods(webhooks) },
    };
}

/**
 * A pod that answers an ACME server for one host over HTTP while its certificate is asked for; it is there for minutes. Its cpu and memory are what
 * cert-manager gives it by itself (internal/apis/config/controller/v1alpha1/defaults.go at v1.21.1), its disk is ours.
 *
 * @param hosts names in the certificate: each has a pod of its own at the same time
 */
export function challengeSize(hosts: number): Size {
    return {
        replicas: { min: 0, max: hosts },
        surge: 0,
        requests: { cpu: "10m", memory: "64Mi" },
        limits: { cpu: "100m", memory: "64Mi" },
        scratch: "16Mi",
    };
}

/** Everything that certificates need room for, beside the applications. @param challenges hosts that are proven over HTTP; 0 where none is */
export function certManagerLoads(copies: Copies, challenges: number): readonly Load[] {
    const sizes = certManagerSizes(copies);
    const own = certManagerParts.map((part) => ({
        name: `cert-manager-${part}`,
        size: sizes[part],
        roles: systemRoles,
    }));
    if (challenges === 0) return own;
    return [...own, { name: "acme-challenge", size: challengeSize(challenges), roles: ["general"] }];
}
