import type { Copies } from "../foundation/copies";
import type { Sizes } from "../foundation/workloads";
import type { Guards } from "./supplyChain";

/** Kinds of stack that have sizes of their own. */
export const environments = ["dev", "staging", "production"] as const;
export type Environment = (typeof environments)[number];

/**
 * Replicas and sizes of every workload, by environment. A stack file changes single figures under `sizes`.
 *
 * The limits of tars-backend, its replicas and the single replica of everything else are those of the T.A.R.S. phase 6 guide
 * (HPA 3-10, "2000m", "4Gi"); its requests are those of the manifest that the guide applies (oceanrockr/VDS_TARS,
 * k8s/backend-deployment.yaml). All other figures are ours, chosen so that dev fits its three nodes of 8 cores and 32Gi
 * with every autoscaler at its maximum and every rollout in progress:
 *
 *     tars-backend (10 + 2) x 500m, 1Gi   = 6000m,   12Gi
 *     postgres      1       x 500m, 1Gi   =  500m,    1Gi
 *     redis        (1 + 1)  x 250m, 512Mi =  500m,    1Gi
 *     chromadb      1       x 500m, 2Gi   =  500m,    2Gi
 *     ollama        1       x 4 cpu, 8Gi  = 4000m,    8Gi
 *     together                             11500m,   24Gi   of 23730m and 84Gi
 *
 * Staging has the sizes of dev. Production has the backend's own requests doubled, so that a pod has what it uses under the load of 001
 * before another is added, and more disk for what grows; its limits are those that the guide raises to (001: 8Gi, 4 cores).
 *
 * `checkArithmetic` refuses a stack for which the sum no longer fits.
 */
const small = {
    "tars-backend": {
        replicas: { min: 3, max: 10 },
        surge: 1,
        requests: { cpu: "500m", memory: "1Gi" },
        limits: { cpu: "2", memory: "4Gi" },
        scratch: "2Gi",
    },
    postgres: {
        replicas: { min: 1, max: 1 },
        surge: 0,
        requests: { cpu: "500m", memory: "1Gi" },
        limits: { cpu: "2", memory: "2Gi" },
        scratch: "1Gi",
        storage: "10Gi",
    },
    redis: {
        replicas: { min: 1, max: 1 },
        surge: 1,
        requests: { cpu: "250m", memory: "512Mi" },
        limits: { cpu: "1", memory: "1Gi" },
        scratch: "1Gi",
    },
    chromadb: {
        replicas: { min: 1, max: 1 },
        surge: 0,
        requests: { cpu: "500m", memory: "2Gi" },
        limits: { cpu: "2", memory: "4Gi" },
        scratch: "1Gi",
        storage: "10Gi",
    },
    ollama: {
        replicas: { min: 1, max: 1 },
        surge: 0,
        requests: { cpu: "4", memory: "8Gi" },
        limits: { cpu: "6", memory: "16Gi" },
        scratch: "1Gi",
        storage: "30Gi",
    },
} as const satisfies Sizes;

export const sizing = {
    dev: small,
    staging: small,
    production: {
        "tars-backend": {
            replicas: { min: 3, max: 10 },
            surge: 1,
            requests: { cpu: "1", memory: "2Gi" },
            limits: { cpu: "4", memory: "8Gi" },
            scratch: "4Gi",
        },
        postgres: {
            ...small.postgres,
            requests: { cpu: "2", memory: "8Gi" },
            limits: { cpu: "4", memory: "8Gi" },
            storage: "100Gi",
        },
        redis: { ...small.redis, requests: { cpu: "1", memory: "4Gi" }, limits: { cpu: "2", memory: "4Gi" } },
        chromadb: {
            ...small.chromadb,
            requests: { cpu: "2", memory: "8Gi" },
            limits: { cpu: "4", memory: "16Gi" },
            storage: "100Gi",
        },
        ollama: { ...small.ollama, limits: { cpu: "6", memory: "16Gi" }, storage: "100Gi" },
    },
} as const satisfies Record<Environment, Sizes>;

/**
 * Pods of the controllers that the platform stands on, by environment. In production cert-manager's webhook is asked before a certificate is taken,
 * and Kyverno's before a pod is: their makers name three as the fewest that stay while nodes are drained.
 *
 * @see https://cert-manager.io/docs/installation/best-practice/
 * @see https://kyverno.io/docs/installation/installation/#high-availability-installation
 */
export const copies = {
    dev: { controllers: 1, webhooks: 1 },
    staging: { controllers: 2, webhooks: 2 },
    production: { controllers: 2, webhooks: 3 },
} as const satisfies Record<Environment, Copies>;

/**
 * What guards the supply chain where a stack does not say: images that are not signed are refused in production, and only reported before;
 * what runs is scanned from staging on and watched in production.
 */
export const guards = {
    dev: { enforcement: "audit", scanning: false, runtimeDetection: false },
    staging: { enforcement: "audit", scanning: true, runtimeDetection: false },
    production: { enforcement: "deny", scanning: true, runtimeDetection: true },
} as const satisfies Record<Environment, Guards>;
