import { z } from "zod";

/**
 * Version of what a stack exports. Adding an output keeps it; removing one, or giving one another type or meaning, raises it,
 * so that a consumer learns of it by one clear message and not by a wrong value.
 */
export const contractVersion = 2;

/** What every stack of tars-platform exports. */
export interface Contract {
    /** The contract that the stack keeps. */
    readonly contract: typeof contractVersion;
    /** Namespace that the platform runs in. */
    readonly namespace: string;
    /** UID of the kube-system namespace of the platform's cluster: by it, who deploys beside the platform knows that cluster from others. */
    readonly clusterIdentity: string;
    /** The gateway that serves `hosts`. */
    readonly gateway: {
        /** Name of the Gateway. */
        readonly name: string;
        /** Namespace of it and its pods: what pods send to `urls` goes there, and what comes from outside comes from there. */
        readonly namespace: string;
        /** Service account of its pods: who calls, to a policy of the mesh. */
        readonly serviceAccount: string;
    };
    /** What the cloud has beside the cluster; null on a cluster that is simply given. */
    readonly ground: Ground | null;
    /** Hosts that lead to the platform. */
    readonly hosts: readonly string[];
    readonly urls: {
        /** The application, for people. */
        readonly app: string;
        /** Base of the API, for programs. */
        readonly api: string;
        /** Documentation of the API. */
        readonly docs: string;
        /** Answers 200 while the application is up. */
        readonly health: string;
    };
    /** `host:port` of data services inside the namespace; the platform's network policies decide who gets through. */
    readonly endpoints: Readonly<Record<"postgres" | "redis" | "chromadb" | "ollama", string>>;
    /** How to log in to data services. */
    readonly credentials: {
        readonly postgres: { readonly database: string; readonly user: string; readonly password: SecretReference };
        readonly redis: { readonly password: SecretReference };
    };
    /** How applications call PostgreSQL, by the name of the user: the same wherever it runs. */
    readonly postgres: { readonly users: Readonly<Record<string, PostgresUser>> };
    /** How to call Kafka, by the name of the user; null where the stack has none. */
    readonly kafka: { readonly users: Readonly<Record<string, KafkaUser>> } | null;
    /** How to call topics of a cloud that speaks Kafka's protocol, by the name of the user; null where the stack has none. */
    readonly kafkaHubs: { readonly users: Readonly<Record<string, KafkaHubUser>> } | null;
    /** How to call the registry of schemas; null where the stack has none. */
    readonly schemaRegistry: SchemaRegistry | null;
    /** How to call Elasticsearch, by the name of the user; null where the stack has none. */
    readonly elasticsearch: { readonly users: Readonly<Record<string, ElasticsearchUser>> } | null;
    /** How to call ClickHouse, by the name of the user; null where the stack has none. */
    readonly clickhouse: { readonly users: Readonly<Record<string, ClickHouseUser>> } | null;
    /**
     * How to call the object store in the cluster, by the name of the user; null where the stack has none. That of a cloud is `ground.objectStores`.
     */
    readonly objects: { readonly users: Readonly<Record<string, ObjectUser>> } | null;
    /** Fewest and most pods, by workload. */
    readonly replicas: Readonly<Record<string, { readonly min: number; readonly max: number }>>;
    /** What holds data, by service. An update that would lose any of it is refused by what is written here. */
    readonly holdings: Readonly<Record<string, Holding>>;
}

/** How a service holds its data. */
export interface Holding {
    /** What it is: `kind` in the stack file, such as inCluster, cluster or managed. */
    readonly form: string;
    /** Volume of each of its pods, or disk of a server, in binary units (`10Gi`), by the part that has it. */
    readonly volumes: Readonly<Record<string, string>>;
    /** Major version of what wrote it, where a stack chooses one. */
    readonly version?: string | undefined;
    /** Parts that it is spread over, each of which has what no other has. */
    readonly shards?: number | undefined;
    /** Applications' own databases in it, and whose each is. */
    readonly databases?: Readonly<Record<string, string>> | undefined;
}

/** What a cloud has around the platform's cluster. Ids are those of the cloud itself. */
export interface Ground {
    readonly region: string;
    readonly zones: readonly string[];
    readonly network: {
        readonly id: string;
        /** Range that other networks reach; those of pods and services may exist inside the cluster only. */
        readonly cidr: string;
        readonly podCidr: string;
        readonly serviceCidr: string;
        /** Subnet ids by purpose, in the order of the zones. */
        readonly subnets: Readonly<Record<string, readonly string[]>>;
    };
    /** The API server as the cloud's own tools know it. */
    readonly api: {
        readonly name: string;
        readonly endpoint: string;
        /** OIDC issuer of service account tokens; null where identities do not go by one. */
        readonly issuer: string | null;
    };
    /** What names of images begin with. */
    readonly registry: { readonly host: string };
    readonly objectStores: Readonly<Record<"data" | "backups", { readonly name: string; readonly url: string }>>;
    /** What a reader of secrets is pointed at. */
    readonly secretStore: { readonly location: string };
    /** Id of the key that encrypts what the platform keeps in this cloud. */
    readonly encryptionKey: string;
    /** Null when names are kept elsewhere. */
    readonly dnsZone: { readonly name: string; readonly id: string } | null;
    /** Where logs and audit records go. */
    readonly logs: { readonly id: string };
    /** What pods may do in the cloud, by name of the identity. */
    readonly identities: Readonly<Record<string, WorkloadIdentity>>;
}

/** The pods that run under one service account, and what they may do in the cloud. */
export interface WorkloadIdentity {
    readonly namespace: string;
    readonly serviceAccount: string;
    /** By meaning, such as `objectStore.read`. */
    readonly permissions: readonly string[];
    readonly id: string;
    /** Annotations that the service account must carry. */
    readonly annotations: Readonly<Record<string, string>>;
    /** Labels that its pods must carry. */
    readonly podLabels: Readonly<Record<string, string>>;
}

/** How an application calls PostgreSQL. Its service account may read its Secret. */
export interface PostgresUser {
    /** `host:port`, for pods of every namespace. */
    readonly endpoint: string;
    /** Its own database first, if it has one, then those that it may read. */
    readonly databases: readonly string[];
    /** How calls are encrypted: by the server, whose certificate a client looks at or cannot, or by the mesh. */
    readonly tls: "verify-full" | "require" | "mesh";
    /** Certificate of the authority that vouches for the server; null where there is none that is known. */
    readonly authority: SecretReference | null;
    /** The Secret to log in with, and its keys. */
    readonly secret: { readonly namespace: string; readonly name: string; readonly keys: readonly string[] };
    /** User, password, host and first database as one. */
    readonly url: SecretReference;
}

/** How a user calls Kafka. Its service account may read both Secrets. */
export interface KafkaUser {
    /** `host:port` to begin with; brokers tell of each other then. */
    readonly bootstrap: string;
    /** As Kafka's clients call it: by a password, or by a certificate. */
    readonly securityProtocol: "SASL_SSL" | "SSL";
    /** Certificate of the authority that vouches for brokers. */
    readonly authority: SecretReference;
    /** The Secret to log in with, and its keys: `password` and `sasl.jaas.config`, or `user.crt` and `user.key`. */
    readonly secret: { readonly namespace: string; readonly name: string; readonly keys: readonly string[] };
}

/** How a user calls topics of a cloud that speaks Kafka's protocol, for which it shows a token. Nothing of it is secret. */
export interface KafkaHubUser {
    /** `host:port`, of all brokers that there seem to be. Its certificate is of an authority that everybody knows. */
    readonly bootstrap: string;
    readonly securityProtocol: "SASL_SSL";
    readonly mechanism: "OAUTHBEARER";
    readonly token: {
        /** URL at which its pods show the token that Kubernetes has given them, as whom, and for what; they get one for the topics. */
        readonly endpoint: string;
        readonly clientId: string;
        readonly scope: string;
        /** What its service account, and its pods, must carry to be given the first. */
        readonly annotations: Readonly<Record<string, string>>;
        readonly podLabels: Readonly<Record<string, string>>;
    };
}

/** How Kafka's users call the registry of schemas, with basic authentication over TLS. Their service accounts may read both Secrets. */
export interface SchemaRegistry {
    readonly url: string;
    /** Certificate of the authority that vouches for it. */
    readonly authority: SecretReference;
    /** The Secret to log in with and its keys, `username` and `password`, by the name of the user. */
    readonly users: Readonly<Record<string, KafkaUser["secret"]>>;
}

/** How a user calls Elasticsearch. Its service account may read both Secrets. */
export interface ElasticsearchUser {
    readonly url: string;
    /** Certificate of the authority that vouches for it. */
    readonly authority: SecretReference;
    /** The Secret to log in with, and its keys: `username` and `password`. */
    readonly secret: { readonly namespace: string; readonly name: string; readonly keys: readonly string[] };
}

/** How a user calls the object store, by S3. Its service account may read both Secrets. */
export interface ObjectUser {
    /** URL below which buckets are by their names: clients are told to use paths, not hosts of buckets. */
    readonly endpoint: string;
    /** What calls are signed with. */
    readonly region: string;
    /** Buckets that it lists and reads from. */
    readonly reads: readonly string[];
    /** Buckets that it writes to and deletes from. */
    readonly writes: readonly string[];
    /** Certificate of the authority that vouches for it. */
    readonly authority: SecretReference;
    readonly accessKey: SecretReference;
    readonly secretKey: SecretReference;
}

/** How a user calls ClickHouse. Its service account may read the Secrets. */
export interface ClickHouseUser {
    /** `host:port` for HTTPS, and for ClickHouse's own protocol in TLS. */
    readonly https: string;
    readonly native: string;
    /** Databases that it works in. */
    readonly databases: readonly string[];
    /** Certificate of the authority that vouches for servers. */
    readonly authority: SecretReference;
    readonly password: SecretReference;
    /** User, password, host and first database as one. */
    readonly url: SecretReference;
}

/** Where a secret value is: outputs never hold the value itself. Reading it takes a right that the platform's team gives. */
export interface SecretReference {
    readonly namespace: string;
    /** Name of the Kubernetes Secret. */
    readonly name: string;
    /** Key of the value in the Secret. */
    readonly key: string;
}

const name = z.string().min(1);
const secretReference = z.object({ namespace: name, name, key: name });
const endpoint = z.string().regex(/^[a-z0-9.-]+:[0-9]+$/, { error: "must be host:port" });
const count = z.int().min(0);

const store = z.object({ name, url: name });
const ground = z.object({
    region: name,
    zones: z.array(name).readonly(),
    network: z.object({
        id: name,
        cidr: name,
        podCidr: name,
        serviceCidr: name,
        subnets: z.record(name, z.array(name).readonly()),
    }),
    api: z.object({ name, endpoint: name, issuer: name.nullable() }),
    registry: z.object({ host: name }),
    objectStores: z.object({ data: store, backups: store }),
    secretStore: z.object({ location: name }),
    encryptionKey: name,
    dnsZone: z.object({ name, id: name }).nullable(),
    logs: z.object({ id: name }),
    identities: z.record(
        name,
        z.object({
            namespace: name,
            serviceAccount: name,
            permissions: z.array(name).readonly(),
            id: name,
            annotations: z.record(name, z.string()),
            podLabels: z.record(name, z.string()),
        }),
    ),
}) satisfies z.ZodType<Ground>;

const keyed = z.object({ namespace: name, name, keys: z.array(name).readonly() });
const postgresUser = z.object({
    endpoint,
    databases: z.array(name).readonly(),
    tls: z.enum(["verify-full", "require", "mesh"]),
    authority: secretReference.nullable(),
    secret: keyed,
    url: secretReference,
});
const kafkaUser = z.object({
    bootstrap: endpoint,
    securityProtocol: z.enum(["SASL_SSL", "SSL"]),
    authority: secretReference,
    secret: keyed,
});
const kafkaHubUser = z.object({
    bootstrap: endpoint,
    securityProtocol: z.literal("SASL_SSL"),
    mechanism: z.literal("OAUTHBEARER"),
    token: z.object({
        endpoint: z.url(),
        clientId: name,
        scope: z.url(),
        annotations: z.record(name, z.string()),
        podLabels: z.record(name, z.string()),
    }),
});
const schemaRegistry = z.object({ url: z.url(), authority: secretReference, users: z.record(name, keyed) });

const elasticsearchUser = z.object({ url: z.url(), authority: secretReference, secret: keyed });

const clickHouseUser = z.object({
    https: endpoint,
    native: endpoint,
    databases: z.array(name).readonly(),
    authority: secretReference,
    password: secretReference,
    url: secretReference,
});

const holding = z.object({
    form: name,
    volumes: z.record(name, z.string().regex(/^[0-9]+[KMGT]i$/, { error: "must be bytes such as 10Gi" })),
    version: name.optional(),
    shards: count.optional(),
    databases: z.record(name, name).optional(),
});

const objectUser = z.object({
    endpoint: z.url(),
    region: name,
    reads: z.array(name).readonly(),
    writes: z.array(name).readonly(),
    authority: secretReference,
    accessKey: secretReference,
    secretKey: secretReference,
});

/** Reads a contract; outputs that a newer platform adds are passed over. */
export const contract = z.object({
    contract: z.literal(contractVersion),
    namespace: name,
    clusterIdentity: name,
    gateway: z.object({ name, namespace: name, serviceAccount: name }),
    ground: ground.nullable(),
    hosts: z.array(name).readonly(),
    urls: z.object({ app: z.url(), api: z.url(), docs: z.url(), health: z.url() }),
    endpoints: z.object({ postgres: endpoint, redis: endpoint, chromadb: endpoint, ollama: endpoint }),
    credentials: z.object({
        postgres: z.object({ database: name, user: name, password: secretReference }),
        redis: z.object({ password: secretReference }),
    }),
    postgres: z.object({ users: z.record(name, postgresUser) }),
    kafka: z.object({ users: z.record(name, kafkaUser) }).nullable(),
    kafkaHubs: z.object({ users: z.record(name, kafkaHubUser) }).nullable(),
    schemaRegistry: schemaRegistry.nullable(),
    elasticsearch: z.object({ users: z.record(name, elasticsearchUser) }).nullable(),
    clickhouse: z.object({ users: z.record(name, clickHouseUser) }).nullable(),
    objects: z.object({ users: z.record(name, objectUser) }).nullable(),
    replicas: z.record(name, z.object({ min: count, max: count })),
    holdings: z.record(name, holding),
}) satisfies z.ZodType<Contract>;
