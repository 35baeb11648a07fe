/** Service accounts of the platform that a rule lets have what it forbids everybody else, each with its reason. */

/** Why the platform's own device plugin is listed; docs/adr/0009-nvidia-device-plugin.md has the whole story. */
const devicePlugin = {
    namespace: "gpu-resources",
    serviceAccount: "nvidia-device-plugin",
    reason: "NVIDIA's device plugin tells the kubelet of a node's GPUs through a socket in a folder that only root may write",
} as const;

/** Istio's agents; docs/mesh.md has the whole story. */
const cniAgent = {
    namespace: "istio-nodes",
    serviceAccount: "istio-cni",
    reason: "Istio's CNI agent enters the network of the node's pods to lead their traffic into the mesh, and stands among the node's network plugins",
} as const;
const ztunnel = {
    namespace: "istio-nodes",
    serviceAccount: "ztunnel",
    reason: "Istio's proxy of the node opens its sockets in the network of the node's pods, which the CNI agent hands to it through a folder",
} as const;

/** The agents that work on their nodes, by what they may have: run as root, add a capability, mount a path. */
export const nodeAgents = {
    user: [devicePlugin, cniAgent, ztunnel],
    capability: [
        { ...devicePlugin, capability: "SYS_ADMIN" },
        { ...cniAgent, capability: "NET_ADMIN" },
        { ...cniAgent, capability: "NET_RAW" },
        { ...cniAgent, capability: "SYS_PTRACE" },
        { ...cniAgent, capability: "SYS_ADMIN" },
        { ...cniAgent, capability: "DAC_OVERRIDE" },
        { ...ztunnel, capability: "NET_ADMIN" },
        { ...ztunnel, capability: "NET_RAW" },
        { ...ztunnel, capability: "SYS_ADMIN" },
    ],
    path: [
        { ...devicePlugin, path: "/var/lib/kubelet/device-plugins" },
        // The folders of a node's network plugins are those of EKS, AKS and most distributions; a pack configuration lists others.
        { ...cniAgent, path: "/etc/cni/net.d" },
        { ...cniAgent, path: "/opt/cni/bin" },
        { ...cniAgent, path: "/var/run/netns" },
        { ...cniAgent, path: "/var/run/istio-cni" },
        { ...cniAgent, path: "/var/run/ztunnel" },
        { ...cniAgent, path: "/proc" },
        { ...ztunnel, path: "/var/run/ztunnel" },
    ],
} as const;

/** The load balancer controller of AWS, whose chart is upstream's. */
const loadBalancerController = {
    namespace: "load-balancers",
    serviceAccount: "aws-load-balancer-controller",
} as const;

/** CloudNativePG, its plugin for object stores, and the instances that they run. */
const databaseOperator = { namespace: "cnpg-system", serviceAccount: "cloudnative-pg" } as const;
const databasePlugin = { namespace: "cnpg-system", serviceAccount: "plugin-barman-cloud" } as const;
const databaseInstances = { namespace: "tars", serviceAccount: "postgres" } as const;

/** The operator of Redis. */
const cacheOperator = { namespace: "redis-operator", serviceAccount: "redis-operator" } as const;

/** The operator of ClickHouse. */
const analyticsOperator = { namespace: "clickhouse", serviceAccount: "altinity-clickhouse-operator" } as const;

/**
 * Whose pods do not say that they want no token put in: those of charts that cannot say it, while their service account does. Who calls the API
 * asks for a token, by a projected volume.
 */
export const tokenClients = [
    {
        ...loadBalancerController,
        reason: "its chart says nothing of it in the pod; the service account refuses the token, and a volume asks for one",
    },
    {
        ...databaseOperator,
        reason: "its chart says nothing of it, and has no way to ask for another token; it calls the API server",
    },
    {
        ...databasePlugin,
        reason: "its chart says nothing of it, and has no way to ask for another token; it calls the API server",
    },
    {
        ...databaseInstances,
        reason: "the operator makes these pods, and says nothing of it; each tells the API server how it is",
    },
    {
        ...analyticsOperator,
        reason: "its chart says nothing of it, and has no way to ask for another token; it calls the API server",
    },
    {
        ...cacheOperator,
        reason: "its chart has no way to ask for another token; it calls the API server",
    },
] as const;

/** Whose pods may have a token without an audience, which is one for the Kubernetes API. */
export const apiClients = [
    {
        namespace: "cluster-autoscaler",
        serviceAccount: "cluster-autoscaler",
        reason: "asks the API server, whose own audience differs from cloud to cloud, for pods that fit nowhere",
    },
    {
        ...loadBalancerController,
        reason: "asks the API server, whose own audience differs from cloud to cloud, for Services that want a load balancer",
    },
    {
        namespace: "external-secrets",
        serviceAccount: "external-secrets",
        reason: "reads the objects of External Secrets, and makes and reads the Secrets that they name",
    },
    {
        namespace: "external-secrets",
        serviceAccount: "external-secrets-webhook",
        reason: "does not start without an API server's address and token, though it has no right to anything there",
    },
    {
        namespace: "cert-manager",
        serviceAccount: "cert-manager",
        reason: "asks the API server for certificates that are due, and keeps them in Secrets",
    },
    {
        namespace: "cert-manager",
        serviceAccount: "cert-manager-cainjector",
        reason: "tells the API server by which authority it knows cert-manager's webhook",
    },
    {
        namespace: "cert-manager",
        serviceAccount: "cert-manager-webhook",
        reason: "keeps its own authority in a Secret, and asks the API server who may approve requests",
    },
    {
        namespace: "backup",
        serviceAccount: "velero",
        reason: "reads from the API server what it backs up",
    },
    {
        namespace: "external-dns",
        serviceAccount: "external-dns",
        reason: "reads the hosts of gateways and routes, whose records it then writes",
    },
    {
        namespace: "vector-store",
        serviceAccount: "pinecone-service",
        reason: "reads the pods and services of its own namespace, as requirements/003 says (3.1)",
    },
    {
        namespace: "tars",
        serviceAccount: "postgres-pooler",
        reason: "reads its Pooler and the Secrets of PgBouncer from the API server",
    },
    {
        namespace: "kafka",
        serviceAccount: "strimzi-cluster-operator",
        reason: "asks the API server, whose own audience differs from cloud to cloud, for Kafka, and makes what it consists of",
    },
    {
        namespace: "kafka",
        serviceAccount: "kafka-kafka",
        reason: "each node of Kafka reads its certificate from a Secret, and brokers ask in which zone their node is",
    },
    {
        namespace: "kafka",
        serviceAccount: "kafka-entity-operator",
        reason: "asks the API server for topics and users, and makes the Secrets of users",
    },
    {
        namespace: "elasticsearch",
        serviceAccount: "elastic-operator",
        reason: "asks the API server, whose own audience differs from cloud to cloud, for Elasticsearch, and makes what it consists of",
    },
] as const;

/** Seconds that a token may live; also what the API takes where nothing is said (core/v1 ServiceAccountTokenProjection). */
export const longestToken = 3_600;
