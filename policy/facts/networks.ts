/** Where machines of AWS and Azure get their credentials and settings: the metadata services, and Azure's host agent. */
export const metadataAddresses = ["169.254.169.254", "fd00:ec2::254", "168.63.129.16"] as const;

export const dnsPort = 53;
/** Names that containers give to a port for names. */
export const dnsPortNames = ["dns", "dns-tcp", "domain"] as const;

/** Why jobs and nodes that keep backups in S3 may call any address. */
const objectStore =
    "S3 answers at addresses of AWS that change without a word, also where an endpoint of the network leads to it";

const publicApi =
    "an API server that is public, as that of AKS may be, answers at an address that nobody knows before it is there";

/**
 * Network policies that let pods call the Internet, whose addresses nobody can name beforehand. Such a policy is taken for these ports alone, and
 * only where it excepts every block that is not the Internet.
 */
export const internetCallers = [
    { namespace: "backup", name: "api-server", reason: publicApi },
    { namespace: "cert-manager", name: "api-server", reason: publicApi },
    { namespace: "external-dns", name: "api-server", reason: publicApi },
    { namespace: "external-secrets", name: "api-server", reason: publicApi },
    { namespace: "istio-nodes", name: "istio-cni", reason: publicApi },
    { namespace: "istio-system", name: "istiod", reason: publicApi },
    { namespace: "kyverno", name: "api-server", reason: publicApi },
    { namespace: "nginx-gateway", name: "api-server", reason: publicApi },
    { namespace: "trivy-system", name: "api-server", reason: publicApi },
    { namespace: "backup", name: "store", reason: objectStore },
    {
        namespace: "cert-manager",
        name: "acme",
        reason: "Let's Encrypt and the clouds' name services say that their addresses change without a word",
    },
    {
        namespace: "external-dns",
        name: "name-service",
        reason: "Route 53 and Azure's resource manager answer at addresses that change without a word",
    },
    {
        namespace: "istio-system",
        name: "token-keys",
        reason: "whoever signs callers' tokens is named by the stack, by a host whose addresses are not the platform's to know",
    },
    {
        namespace: "kyverno",
        name: "registries",
        reason: "signatures are beside images, on registries whose addresses are those of their makers' networks of caches",
    },
    {
        namespace: "trivy-system",
        name: "registries",
        reason: "images and databases of vulnerabilities are on registries whose addresses are those of networks of caches",
    },
] as const;

/** The same of what only some stacks run: the API server takes such a policy where the stack does (components/platform/login.ts). */
export const optionalInternetCallers = [
    { namespace: "vector-store", name: "pinecone-service-api-server", reason: publicApi },
    { namespace: "vector-store", name: "qdrant-snapshots", reason: objectStore },
    { namespace: "vector-store", name: "vectors-backup-store", reason: objectStore },
    { namespace: "vector-store", name: "vectors-drill-store", reason: objectStore },
    { namespace: "data-backups", name: "store", reason: objectStore },
    { namespace: "data-backups", name: "postgres-drill-store", reason: objectStore },
    { namespace: "tars", name: "postgres-manifest-store", reason: objectStore },
    {
        namespace: "kafka",
        name: "api-server",
        reason: publicApi,
    },
    {
        namespace: "kafka",
        name: "operator-api-server",
        reason: publicApi,
    },
    {
        namespace: "elasticsearch",
        name: "api-server",
        reason: publicApi,
    },
    {
        namespace: "clickhouse",
        name: "api-server",
        reason: publicApi,
    },
    ...["clickhouse-backup-store", "clickhouse-drill-store"].map((name) => ({
        namespace: "clickhouse",
        name,
        reason: objectStore,
    })),
    ...["nodes-store", "elasticsearch-manifest-store", "elasticsearch-drill-store"].map((name) => ({
        namespace: "elasticsearch",
        name,
        reason: objectStore,
    })),
    {
        namespace: "cnpg-system",
        name: "api-server",
        reason: publicApi,
    },
    {
        namespace: "tars",
        name: "postgres-api-server",
        reason: publicApi,
    },
    {
        namespace: "tars",
        name: "postgres-pooler-api-server",
        reason: publicApi,
    },
    { namespace: "tars", name: "postgres-store", reason: objectStore },
    {
        namespace: "redis-operator",
        name: "api-server",
        reason: publicApi,
    },
    {
        namespace: "oauth2-proxy",
        name: "issuer",
        reason: "whoever logs people in is named by the stack, by hosts whose addresses are not the platform's to know",
    },
] as const;

/** Private networks, addresses shared behind carriers, and those that only a machine itself sees. */
export const notTheInternet = [
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "100.64.0.0/10",
    "169.254.0.0/16",
    "168.63.129.16/32",
] as const;
/** What the Gateway API labels the pods of a Gateway with. @see https://gateway-api.sigs.k8s.io/geps/gep-1762/#resource-attachment */
export const gatewayLabel = "gateway.networking.k8s.io/gateway-name";

/** Ports of the web: those at which a gateway takes requests from anywhere, and those at which pods call the Internet. */
export const webPorts = [80, 443] as const;

/** Blocks with a shorter prefix hold more than the largest private network: 10.0.0.0/8 (RFC 1918) and fc00::/7 (RFC 4193). */
export const widestPrefixes = { ipv4: 8, ipv6: 7 } as const;
