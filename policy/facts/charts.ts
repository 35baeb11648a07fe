/** What pods of other makers' charts do although a rule forbids it, where no value of the chart changes it: by service account, with the reason. */
export interface ChartPods {
    readonly namespace: string;
    readonly serviceAccount: string;
    /** Rules about pods that do not hold for them. */
    readonly rules: readonly string[];
    readonly reason: string;
}

/** What Istio's agents may have of their nodes is in `nodeAgents` (accounts.ts), path by path and capability by capability. */
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
        rules: ["POD-02", "POD-07", "POD-12", "POD-13"],
        reason:
            "it installs its program and an account for it on the node, which takes writing outside volumes, a token for the API and a kernel that " +
            "does not stand in its way",
    },
    {
        namespace: "istio-nodes",
        serviceAccount: "ztunnel",
        rules: ["POD-02", "POD-06", "POD-13", "POD-18", "RBAC-09"],
        reason:
            "its capabilities come with the right to gain more, its chart has no values for filters and scratch folders, and its token, which is for " +
            "istiod alone, is renewed twice a day",
    },
    {
        namespace: "nginx-gateway",
        serviceAccount: "nginx-gateway-fabric",
        rules: ["POD-13"],
        reason: "it watches Gateways and routes under its own account, and its chart has no place for a token that is mounted otherwise",
    },
    ...[
        { namespace: "istio-ingress", serviceAccount: "tars-gateway-istio" },
        { namespace: "istio-waypoint", serviceAccount: "waypoint" },
    ].map((proxy) => ({
        ...proxy,
        rules: ["POD-18"],
        reason: "istiod writes these pods, and gives its scratch volumes no bound; what they hold counts against the disk that the proxy is limited to",
    })),
    {
        namespace: "backup",
        serviceAccount: "velero",
        rules: ["POD-18"],
        reason: "its chart gives its three volumes no bound; what they hold counts against the disk that its containers are limited to",
    },
    {
        namespace: "cnpg-system",
        serviceAccount: "cloudnative-pg",
        rules: ["POD-18"],
        reason: "its chart gives its scratch folder no bound; the container's own limit of disk bounds it",
    },
    {
        namespace: "tars",
        serviceAccount: "postgres",
        rules: ["POD-18"],
        reason: "the folder in which its archiver answers comes from the plugin, which has no setting for a bound",
    },
    {
        namespace: "tars",
        serviceAccount: "postgres-pooler",
        rules: ["POD-18"],
        reason: "the operator gives PgBouncer a scratch folder without a bound, whatever the Pooler says; the container's own limit of disk bounds it",
    },
    // Pods that the operator of Redis makes, where a stack has it.
    ...["redis-ha", "redis-sentinel"].map((serviceAccount) => ({
        namespace: "tars",
        serviceAccount,
        rules: ["POD-13", "POD-18"],
        reason: "the operator says nothing of tokens, which their account refuses, and of the size of the folder that it writes a configuration into",
    })),
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
    {
        namespace: "elasticsearch",
        name: "elastic-operator",
        rules: ["RBAC-03", "RBAC-04"],
        reason: "it makes the authorities, certificates and users of Elasticsearch, and may make its pods; it shares its namespace with nothing else",
    },
    {
        namespace: "clickhouse",
        name: "altinity-clickhouse-operator",
        rules: ["RBAC-03"],
        reason: "it reads what ClickHouse's settings take from Secrets, in a namespace that has ClickHouse's alone, where a stack has it",
    },
    // The namespaces that NGINX Gateway Fabric watches where a stack has it: its own, its gateway's, and that of what the gateway leads to.
    ...["nginx-gateway", "istio-ingress", "tars"].map((namespace) => ({
        namespace,
        name: "nginx-gateway-fabric",
        rules: ["RBAC-03"],
        reason: "it gives NGINX the certificates that Gateways name, and copies that of its agents beside each; it knows neither beforehand",
    })),
];
