/** Pods that a data service lets in: where they are, and the service account that they run under, which is their label `app.kubernetes.io/name` too. */
export interface Consumer {
    readonly namespace: string;
    readonly serviceAccount: string;
}

/** Namespace of the platform's own workloads. */
export const ownConsumers = "tars";
