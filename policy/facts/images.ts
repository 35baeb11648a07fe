// Forms of the parts of a reference to an image: github.com/distribution/reference, `regexp.go`.

export const tagForm = "\\w[\\w.-]{0,127}";
export const digestForm = "[A-Za-z][A-Za-z0-9]*(?:[+._-][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}";

/**
 * Where the platform's own images come from (components/kubernetes/images.ts), publisher by publisher: on a registry where anybody may
 * publish, the whole registry is no answer. `your-registry` is the example that stands for the owner's in the stack files. What ends with a
 * slash is everything below, what does not is one repository.
 */
export const ownRegistries = [
    "docker.io/your-registry/tars-backend",
    "docker.io/library/postgres",
    "docker.io/library/redis",
    "docker.io/ollama/ollama",
    "docker.io/curlimages/curl",
    "docker.io/envoyproxy/ratelimit",
    "docker.io/velero/",
    "ghcr.io/chroma-core/",
    "ghcr.io/nginx/",
    "ghcr.io/external-secrets/",
    "quay.io/jetstack/",
    "registry.k8s.io/",
    "nvcr.io/nvidia/",
    "public.ecr.aws/eks/",
    "registry.istio.io/release/",
    "reg.kyverno.io/kyverno/",
    "mirror.gcr.io/aquasec/",
    "quay.io/cilium/",
] as const;

/** The same of what only some stacks run: the API server takes such images where the stack does (login.ts, database.ts, cache.ts, vectors.ts, kafka.ts, elastic.ts, clickHouse.ts, objects.ts and backups.ts of components/platform). */
export const optionalRegistries = [
    "quay.io/oauth2-proxy/",
    "ghcr.io/cloudnative-pg/",
    "quay.io/opstree/redis-operator",
    "docker.io/qdrant/",
    "docker.io/your-registry/pinecone-service",
    "quay.io/strimzi/",
    "ghcr.io/aiven-open/karapace",
    "ghcr.io/kafbat/kafka-ui",
    "docker.elastic.co/eck/",
    "docker.elastic.co/elasticsearch/",
    "docker.elastic.co/kibana/kibana",
    "docker.io/altinity/clickhouse-operator",
    "docker.io/clickhouse/",
    "docker.io/chrislusf/seaweedfs",
    "docker.io/library/python",
] as const;
