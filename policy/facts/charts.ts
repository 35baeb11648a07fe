/** What pods of other makers' charts do although a rule forbids it, where no value of the chart changes it: by service account, with the reason. */
export interface ChartPods {
    readonly namespace: string;
    readonly serviceAccount: string;
    /** Rules about pods that do not hold for them. */
    readonly rules: readonly string[];
    readonly reason: string;
}

/**
 * Istio's. The agents of nodes are root there because they set up the network of other pods: https://istio.io/latest/docs/ambient/architecture/traffic-redirection/
 */
export const chartPods: readonly ChartPods[] = [
    {
        namespace: "istio-system",
        serviceAccount: "istiod",
        rules: ["POD-13", "POD-18", "RBAC-09"],
        reason: "it reads the API under its own account, keeps a few certificates in memory, and renews a token that only it takes twice a day",
    },
    {
        namespace: "istio-nodes",
        serviceAccount: "istio-cni",
        rules: ["POD-02", "POD-03", "POD-04", "POD-05", "POD-07", "POD-09", "POD-12", "POD-13"],
        reason:
            "it enters the network of the node's pods to lead their traffic into the mesh, and puts its program and its account where the node's " +
            "network plugins are",
    },
    {
        namespace: "istio-nodes",
        serviceAccount: "ztunnel",
        rules: ["POD-02", "POD-03", "POD-04", "POD-05", "POD-06", "POD-09", "POD-13", "POD-18", "RBAC-09"],
        reason:
            "it opens its sockets in the network of the node's pods, which the agent hands to it through a folder of the node; its token is for istiod " +
            "alone and renewed twice a day",
    },
];

/** Roles of other makers' charts that give what a rule forbids. For the preview the file of the chart in policy/vendor says the same. */
export interface ChartRole {
    readonly namespace: string;
    readonly name: string;
    readonly rules: readonly string[];
    readonly reason: string;
}

export const chartRoles: readonly ChartRole[] = [
    {
        namespace: "istio-system",
        name: "istiod",
        rules: ["RBAC-03"],
        reason: "it keeps the key of the mesh's own certificate authority in a Secret of its namespace",
    },
];
