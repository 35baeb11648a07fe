/** A place in the image's file system that the container writes to; everything else is mounted read-only. */
export interface WritablePath {
    /** Absolute path inside the container. */
    readonly path: string;
    /** What the program keeps there, in words. */
    readonly purpose: string;
    /** `disk`: data that is large or must outlive the container; `memory`: sockets, locks and small scratch files. */
    readonly medium: "disk" | "memory";
}

/** How the image says that it is healthy. */
export type ImageProbe =
    | {
          readonly kind: "http";
          readonly path: string;
          readonly port: number;
          /** @default undefined - plain HTTP. The kubelet takes whatever certificate it is shown. */
          readonly scheme?: "HTTPS";
      }
    | { readonly kind: "tcp"; readonly port: number }
    | { readonly kind: "exec"; readonly command: readonly string[] };

/**
 * What an upstream image needs so that it runs as a non-root user, with a read-only root file system and without
 * capabilities. Mounts, ports, probes and the security context of a workload come from here and nowhere else.
 */
export interface ImageFacts {
    /** Repository with its registry. `tars-backend` has no registry of its own: the stack's settings give it. */
    readonly repository: string;
    /** An exact version, never a moving tag. */
    readonly tag: string;
    /** User the container runs as; never 0. */
    readonly uid: number;
    /** Group the container runs as and that owns its volumes (`fsGroup`); never 0. */
    readonly gid: number;
    /** Every path the program writes to. */
    readonly writablePaths: readonly WritablePath[];
    /** Container ports by name. */
    readonly ports: Readonly<Record<string, number>>;
    /** Answers once the program serves. */
    readonly probe: ImageProbe;
    /** Environment without which the image would write outside `writablePaths`. */
    readonly env?: Readonly<Record<string, string>>;
    /** The upstream files these facts were read from, with commit or tag, and what in the row is our own choice. */
    readonly source: string;
}

const vdsTars = "oceanrockr/VDS_TARS@47182b000281746209f8b2ecb63b69dd4e02876b";
const officialImages = "docker-library/official-images@37079fb336f572a88700cf32e5e1f6be54a04e8f";

/** One row an image; docs/images.md has the same facts in prose with the reasons. */
export const images = {
    tarsBackend: {
        repository: "tars-backend",
        tag: "0.3.0-alpha",
        uid: 999,
        gid: 999,
        writablePaths: [
            { path: "/data", purpose: "model cache and home directory", medium: "disk" },
            { path: "/var/log/tars", purpose: "analytics log (ANALYTICS_LOG_PATH)", medium: "disk" },
            { path: "/tmp", purpose: "uploaded documents while they are parsed, up to 50 MB each", medium: "disk" },
        ],
        ports: { http: 8000 },
        probe: { kind: "http", path: "/health", port: 8000 },
        env: { HOME: "/data", HF_HOME: "/data/cache/huggingface", ANALYTICS_LOG_PATH: "/var/log/tars/analytics.log" },
        source:
            `${vdsTars}: docker/backend/Dockerfile (port 8000, /data, system user tars without a fixed number), ` +
            "backend/app/main.py (/health, /ready), k8s/backend-deployment.yaml (/var/log/tars), " +
            "backend/app/core/config.py (MAX_FILE_SIZE_MB 50, ANALYTICS_LOG_PATH); tag from requirements/001, step 3. " +
            "Our choice: the number 999 (what Debian's useradd -r gives first), HOME and HF_HOME",
    },
    postgres: {
        repository: "docker.io/library/postgres",
        tag: "18.6-bookworm",
        uid: 999,
        gid: 999,
        writablePaths: [
            { path: "/var/lib/postgresql", purpose: "database files; PGDATA is 18/docker below it", medium: "disk" },
            { path: "/var/run/postgresql", purpose: "Unix socket and its lock", medium: "memory" },
            { path: "/tmp", purpose: "scratch files of the entrypoint's shell", medium: "memory" },
        ],
        ports: { postgres: 5432 },
        // Over TCP on purpose: while the entrypoint initialises the database, its server answers on the socket only.
        probe: { kind: "exec", command: ["pg_isready", "--host=127.0.0.1", "--port=5432"] },
        env: { PGDATA: "/var/lib/postgresql/18/docker" },
        source:
            "docker-library/postgres@e00e1bd34ec5c8a8e7ad89b273b3d42efaf6d5bc: 18/bookworm/Dockerfile (uid and gid 999, " +
            "PGDATA, volume, /var/run/postgresql, port 5432); docker-library/postgres@" +
            "6edb0a8c4def40c371514b34aef9037ec82d9110: docker-entrypoint.sh (start as any user); " +
            `${officialImages}: library/postgres (tag)`,
    },
    redis: {
        repository: "docker.io/library/redis",
        tag: "7.2.16-bookworm",
        uid: 999,
        gid: 999,
        writablePaths: [
            { path: "/data", purpose: "working directory: snapshot and append-only files", medium: "disk" },
        ],
        ports: { redis: 6379 },
        // -e makes an error reply (no password, loading) a failure; the password comes from REDISCLI_AUTH.
        probe: { kind: "exec", command: ["redis-cli", "-e", "ping"] },
        source:
            "redis/docker-library-redis@09aa4e1a1bb278b1ad77bdeb43bde981fad64e49: debian/Dockerfile (uid and gid 999, " +
            `/data, port 6379, protected mode off); ${officialImages}: library/redis (tag)`,
    },
    chromadb: {
        repository: "ghcr.io/chroma-core/chroma",
        tag: "1.5.3",
        uid: 1000,
        gid: 1000,
        writablePaths: [
            { path: "/chroma/chroma", purpose: "collections: SQLite file and vector segments", medium: "disk" },
            { path: "/tmp", purpose: "temporary files of SQLite", medium: "memory" },
        ],
        ports: { http: 8000 },
        probe: { kind: "http", path: "/api/v2/heartbeat", port: 8000 },
        env: { CHROMA_PERSIST_PATH: "/chroma/chroma" },
        source:
            "chroma-core/chroma@1.5.3 (aaa751c299081adbb44fa433553015991b30afcb): rust/Dockerfile, stage cli (port, no " +
            "user: root by default), rust/frontend/sample_configs/docker_single_node.yaml (persist_path /data), " +
            "rust/frontend/src/config.rs (CHROMA_ variables override it), rust/frontend/src/server.rs (heartbeat), " +
            ".github/workflows/_build_release_container.yml (repository). /chroma/chroma is the path of " +
            "requirements/001 (backup). Our choice: the number 1000",
    },
    ollama: {
        repository: "docker.io/ollama/ollama",
        tag: "0.32.15",
        uid: 1000,
        gid: 1000,
        writablePaths: [
            { path: "/var/lib/ollama", purpose: "models, and the key pair made on first start", medium: "disk" },
            { path: "/tmp", purpose: "temporary files while a model is created", medium: "disk" },
        ],
        ports: { http: 11434 },
        probe: { kind: "http", path: "/", port: 11434 },
        env: { HOME: "/var/lib/ollama", OLLAMA_MODELS: "/var/lib/ollama/models", OLLAMA_HOST: "0.0.0.0:11434" },
        source:
            "ollama/ollama@v0.32.15 (b7871fc0d1d82fe109536efa3e0e8e411c766c75): Dockerfile (port, OLLAMA_HOST, no user: " +
            "root by default), cmd/cmd.go (key pair in $HOME/.ollama), envconfig/config.go (OLLAMA_MODELS), " +
            "server/routes.go (/ answers 200). Our choice: the number 1000 and the directory",
    },
    rateLimit: {
        repository: "docker.io/envoyproxy/ratelimit",
        tag: "30a4ce1a",
        uid: 65_532,
        gid: 65_532,
        writablePaths: [],
        ports: { grpc: 8081, http: 8080 },
        probe: { kind: "http", path: "/healthcheck", port: 8080 },
        // Profiles of the process are for itself only; nobody fetches its figures, which Envoy counts too.
        env: { DEBUG_HOST: "127.0.0.1", DISABLE_STATS: "true", LOG_FORMAT: "json" },
        source:
            "istio/istio@1.30.3: samples/ratelimit/rate-limit-service.yaml (repository, tag); envoyproxy/ratelimit@" +
            "30a4ce1af92e248e44b9c71fe7dc401ff0d33d5a: Dockerfile (no user: root by default; no entry point), src/settings/settings.go " +
            "(ports, variables), src/server/server_impl.go (/healthcheck). Our choice: the user 65532; the program writes no file",
    },
    oauth2Proxy: {
        repository: "quay.io/oauth2-proxy/oauth2-proxy",
        tag: "v7.15.3",
        uid: 65_532,
        gid: 65_532,
        writablePaths: [],
        ports: { http: 4180 },
        // Whoever asks for its health is let in anywhere else: below its own prefix nothing else is (components/edge/login/filters.ts).
        probe: { kind: "http", path: "/oauth2/ping", port: 4180 },
        env: {
            OAUTH2_PROXY_HTTP_ADDRESS: "0.0.0.0:4180",
            OAUTH2_PROXY_PING_PATH: "/oauth2/ping",
            OAUTH2_PROXY_READY_PATH: "/oauth2/ready",
        },
        source:
            "oauth2-proxy/oauth2-proxy@v7.15.3 (66b3a17db09f0b51a4bc3159d4c7fe3fbeca1288): Makefile (repository, tag, " +
            "gcr.io/distroless/static:nonroot), Dockerfile (entry point), docs/docs/configuration/overview.md (port, variables), " +
            "pkg/middleware/healthcheck.go (ping), pkg/middleware/readynesscheck.go (ready). distroless/static:nonroot runs as " +
            "65532:65532. Our choice: the two paths; with sessions in cookies the program writes no file",
    },
    qdrant: {
        repository: "docker.io/qdrant/qdrant",
        tag: "v1.19.0-unprivileged",
        uid: 1000,
        gid: 1000,
        writablePaths: [
            { path: "/qdrant/storage", purpose: "collections, and snapshots while they are made", medium: "disk" },
            {
                path: "/qdrant/snapshots",
                purpose: "snapshots that go to no store, and those that come in",
                medium: "disk",
            },
            { path: "/qdrant/init", purpose: "mark that it has started (QDRANT_INIT_FILE_PATH)", medium: "memory" },
        ],
        ports: { https: 6333, grpc: 6334, p2p: 6335 },
        probe: { kind: "http", path: "/livez", port: 6333, scheme: "HTTPS" },
        env: { QDRANT_INIT_FILE_PATH: "/qdrant/init/.qdrant-initialized" },
        source:
            "qdrant/qdrant@v1.19.0 (74f3e85b9473c62560006c043e13737ce6b48412): Dockerfile and .github/workflows/docker-image.yml " +
            "(user and group 1000 of the unprivileged image, /qdrant), config/config.yaml (ports, paths), src/actix/mod.rs (/livez " +
            "and /readyz without a key), tools/entrypoint.sh (the mark); qdrant/qdrant-helm@qdrant-1.19.0: " +
            "charts/qdrant/templates/statefulset.yaml (/qdrant/init, which the chart mounts too)",
    },
    pineconeService: {
        repository: "pinecone-service",
        tag: "1.0.0",
        uid: 65_532,
        gid: 65_532,
        writablePaths: [{ path: "/tmp", purpose: "scratch files, should it write any", medium: "memory" }],
        ports: { http: 8080 },
        probe: { kind: "tcp", port: 8080 },
        source:
            "requirements/003, 3.2 (port 8080). No image of it is published: this row says what the platform gives to the owner's own, and so " +
            "what that has to do with (docs/vectors.md)",
    },
    karapace: {
        repository: "ghcr.io/aiven-open/karapace",
        tag: "6.2.0",
        uid: 65_532,
        gid: 65_532,
        writablePaths: [{ path: "/tmp", purpose: "scratch files, should Python want any", medium: "memory" }],
        ports: { https: 8081 },
        // Its health is Kafka's as well (readiness): while that is away, a restart would mend nothing.
        probe: { kind: "tcp", port: 8081 },
        source:
            "Aiven-Open/karapace@6.2.0: container/Dockerfile (python:3.12-bookworm without an entry point, user karapace without a fixed " +
            "number), .github/workflows/container.yml (repository, tag), src/karapace/core/config.py (port), container/compose.yml (python3 -m " +
            "karapace), src/karapace/api/routers/health.py (/_health, without a password). Our choice: the user 65532; as a registry the program " +
            "writes no file",
    },
    kafkaUi: {
        repository: "ghcr.io/kafbat/kafka-ui",
        tag: "v1.5.0",
        uid: 65_532,
        gid: 65_532,
        writablePaths: [
            {
                path: "/tmp",
                purpose: "native libraries of codecs, which Java unpacks, and whom it trusts",
                medium: "disk",
            },
        ],
        ports: { http: 8080 },
        probe: { kind: "http", path: "/actuator/health", port: 8080 },
        source:
            "kafbat/kafka-ui@v1.5.0: api/Dockerfile (azul/zulu-openjdk-alpine, /api.jar, user kafkaui without a fixed number, port), " +
            ".github/workflows/docker_publish.yml (repository, tag), api/src/main/resources/application.yml (/actuator/health). Our choice: the " +
            "user 65532 and /tmp",
    },
    seaweedfs: {
        repository: "docker.io/chrislusf/seaweedfs",
        tag: "4.44",
        uid: 1000,
        gid: 1000,
        writablePaths: [
            { path: "/data", purpose: "objects, their names, and what masters agreed on", medium: "disk" },
            { path: "/tmp", purpose: "sockets by which parts of one process call each other", medium: "memory" },
        ],
        ports: {
            https: 8333,
            "s3-grpc": 18_333,
            master: 9333,
            "master-grpc": 19_333,
            volume: 8080,
            "volume-grpc": 18_080,
            filer: 8888,
            "filer-grpc": 18_888,
        },
        probe: { kind: "http", path: "/healthz", port: 8333, scheme: "HTTPS" },
        source:
            "seaweedfs/seaweedfs@cc8364a03ebf5cf9f8eab3315ded2000cd07fff6 (weed/util/version/constants.go says 4.44): docker/Dockerfile.go_build (uid and " +
            "gid 1000, /data, ports), docker/entrypoint.sh (runs weed as it is when it is not root), weed/command/server.go (ports, sockets in /tmp, " +
            "10000 above for gRPC), weed/s3api/s3api_server.go (/healthz), k8s/charts/seaweedfs/values.yaml and Chart.yaml (repository, tag)",
    },
    kibana: {
        repository: "docker.elastic.co/kibana/kibana",
        tag: "9.4.3",
        uid: 1000,
        gid: 1000,
        writablePaths: [
            { path: "/usr/share/kibana/data", purpose: "who this pod is, and scratch files", medium: "disk" },
            {
                path: "/usr/share/kibana/logs",
                purpose: "reports of a crash; its log goes to its output",
                medium: "disk",
            },
            { path: "/tmp", purpose: "scratch files of Node.js", medium: "disk" },
        ],
        ports: { http: 5601 },
        // Its health is Elasticsearch's as well (readiness): while that is away, a restart would mend nothing.
        probe: { kind: "tcp", port: 5601 },
        source:
            "elastic/kibana@00016fb3aaa3840f7740c4561805ce8c0a510d01: src/dev/build/tasks/os_packages/docker_generator/templates/base/Dockerfile " +
            "(user and group 1000, port, entry point tini), the same folder's resources/base/bin/kibana-docker (what it starts); elastic/" +
            "cloud-on-k8s@v3.5.0: pkg/controller/kibana/pod.go and volume/volume.go (folders, /api/status without a login from 8.16), " +
            "securitycontext.go (user and group, a root file system that is only read). The tag is Elasticsearch's",
    },
    python: {
        repository: "docker.io/library/python",
        tag: "3.13.9-slim-bookworm",
        uid: 65_532,
        gid: 65_532,
        writablePaths: [{ path: "/tmp", purpose: "scratch files, should a program write any", medium: "memory" }],
        ports: {},
        probe: { kind: "exec", command: ["python3", "--version"] },
        // The programs come from a ConfigMap, which nothing can be written beside.
        env: { PYTHONDONTWRITEBYTECODE: "1", PYTHONUNBUFFERED: "1" },
        source:
            "docker-library/official-images@01732a42e52ea2aca4809bd272fc38002f19006a: library/python (tag); docker-library/python@" +
            "00bfe6f247945a371ca25a63f0a50e370aa6efad: 3.13/slim-bookworm/Dockerfile (no user: root by default, ca-certificates, " +
            "CMD python3). Our choice: the user 65532 and the variables. It runs jobs, which end, so nobody asks its probe",
    },
    clusterAutoscaler: {
        repository: "registry.k8s.io/autoscaling/cluster-autoscaler",
        tag: "v1.36.1",
        uid: 65_532,
        gid: 65_532,
        writablePaths: [],
        ports: { http: 8085 },
        probe: { kind: "http", path: "/health-check", port: 8085 },
        source:
            "kubernetes/autoscaler@25913ca0538c2207cbdb1b987d597ffd4d11c641: cluster-autoscaler/charts/cluster-autoscaler (port 8085, " +
            "/health-check), release notes of cluster-autoscaler-1.36.1 (the image). The tag is the one of the cluster's own version: the " +
            "cloud's folder says which. Our choice: the user 65532; the program writes no file",
    },
} as const satisfies Record<string, ImageFacts>;
