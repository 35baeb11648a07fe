import type * as pulumi from "@pulumi/pulumi";
import type { Ground, WorkloadIdentity } from "../cloud/contract";
import type { ChromaDb } from "../data/chromadb";
import type { ClickHouse } from "../data/clickhouse/cluster";
import type { Elasticsearch } from "../data/elastic/cluster";
import type { Kafka } from "../data/kafka/cluster";
import type { KafkaHubs } from "../data/kafka/hubs";
import type { PostgresLogins } from "../data/logins/logins";
import type { ObjectStore } from "../data/objects/objectStore";
import type { Postgres } from "../data/postgres";
import type { Redis } from "../data/redis";
import type { SchemaRegistry } from "../data/schemaRegistry/schemaRegistry";
import { gatewayOf } from "../edge/identity";
import type { Holdings } from "../foundation/holdings";
import { database } from "../foundation/postgresNames";
import type { Ollama } from "../inference/ollama";
import type { Placement, SecretReference } from "../kubernetes/placement";
import { inCluster } from "../settings/data";
import { holdingsOf } from "../settings/holdings";
import { certifiedHosts } from "../settings/hosts";
import type { Settings } from "../settings/schema";
import type { PlatformArgs } from "./args";

/** What a person or another stack needs to know about a platform that runs: the contract that outputs/ reads. */
export interface PlatformOutputs {
    /** Version of this contract; a test holds it to that of outputs/contract.ts. */
    readonly contract: 2;
    readonly namespace: pulumi.Output<string>;
    /** UID of the kube-system namespace of the cluster that the platform runs on. */
    readonly clusterIdentity: pulumi.Output<string>;
    /** The gateway that callers from outside come through. */
    readonly gateway: Readonly<Record<"name" | "namespace" | "serviceAccount", string>>;
    /** What the cloud has beside the cluster; null on a cluster that is simply given. */
    readonly ground: GroundOutputs | null;
    /** Hosts that must lead to the gateway's address. */
    readonly hosts: readonly string[];
    /** What to open or call from outside, by purpose. */
    readonly urls: Readonly<Record<"app" | "api" | "docs" | "health", string>>;
    /** Host and port inside the namespace, by service. */
    readonly endpoints: Readonly<Record<"postgres" | "redis" | "chromadb" | "ollama", pulumi.Output<string>>>;
    /** How to log in to data services: where the secret values are, never the values. */
    readonly credentials: {
        readonly postgres: { readonly database: string; readonly user: string; readonly password: SecretReference };
        readonly redis: { readonly password: SecretReference };
    };
    /** How applications call PostgreSQL, by user. */
    readonly postgres: Pick<PostgresLogins, "users">;
    /** How to call Kafka, by user; null where there is none. */
    readonly kafka: Pick<Kafka, "users"> | null;
    /** How to call topics of a cloud that speaks Kafka's protocol, by user; null where there are none. */
    readonly kafkaHubs: Pick<KafkaHubs, "users"> | null;
    /** How to call the registry of schemas; null where there is none. */
    readonly schemaRegistry: Pick<SchemaRegistry, "url" | "authority" | "users"> | null;
    /** How to call Elasticsearch, by user; null where there is none. */
    readonly elasticsearch: Pick<Elasticsearch, "users"> | null;
    /** How to call ClickHouse, by user; null where there is none. */
    readonly clickhouse: Pick<ClickHouse, "users"> | null;
    /** How to call the object store in the cluster, by user; null where there is none. */
    readonly objects: Pick<ObjectStore, "users"> | null;
    /** Fewest and most pods, by workload that runs in the cluster. */
    readonly replicas: Readonly<Record<string, Settings["sizes"]["redis"]["replicas"]>>;
    /** What holds data, as the next update will find it. */
    readonly holdings: Holdings;
}

/** The parts that say how they are called. */
interface Described {
    readonly postgres: Pick<Postgres, "endpoint" | "password">;
    readonly redis: Pick<Redis, "endpoint" | "password">;
    readonly chromadb: Pick<ChromaDb, "endpoint">;
    readonly ollama: Pick<Ollama, "endpoint">;
    readonly logins: PostgresLogins | undefined;
    readonly kafka: Pick<Kafka, "users"> | undefined;
    readonly hubs: KafkaHubs | undefined;
    readonly registry: SchemaRegistry | undefined;
    readonly elasticsearch: Elasticsearch | undefined;
    readonly clickHouse: ClickHouse | undefined;
    readonly objects: ObjectStore | undefined;
}

/** The outputs of a platform; what is known to be absent is null there, as an undefined output would not be there at all. */
export function describePlatform(
    { settings, cluster, ground }: PlatformArgs,
    { namespace }: Placement,
    services: Described,
): PlatformOutputs {
    const { edge, sizes } = settings;
    const gateway = gatewayOf(edge.controller);
    const [app, api] = [`https://${edge.host}`, `https://${edge.apiHost}`];
    return {
        contract: 2,
        namespace,
        clusterIdentity: cluster.identity,
        gateway: { name: gateway.name, namespace: gateway.namespace, serviceAccount: gateway.serviceAccount },
        ground: ground === undefined ? null : describeGround(ground),
        hosts: certifiedHosts(edge),
        urls: { app, api, docs: `${app}/docs`, health: `${app}/health` },
        endpoints: {
            postgres: services.postgres.endpoint,
            redis: services.redis.endpoint,
            chromadb: services.chromadb.endpoint,
            ollama: services.ollama.endpoint,
        },
        credentials: {
            postgres: { database: database.name, user: database.user, password: services.postgres.password },
            redis: { password: services.redis.password },
        },
        postgres: { users: services.logins?.users ?? {} },
        kafka: services.kafka === undefined ? null : { users: services.kafka.users },
        kafkaHubs: services.hubs === undefined ? null : { users: services.hubs.users },
        schemaRegistry: services.registry === undefined ? null : describeRegistry(services.registry),
        elasticsearch: services.elasticsearch === undefined ? null : { users: services.elasticsearch.users },
        clickhouse: services.clickHouse === undefined ? null : { users: services.clickHouse.users },
        objects: services.objects === undefined ? null : { users: services.objects.users },
        replicas: Object.fromEntries(inCluster(settings).map((name) => [name, sizes[name].replicas])),
        holdings: holdingsOf(settings),
    };
}

function describeRegistry({ url, authority, users }: SchemaRegistry) {
    return { url, authority, users };
}

/** How a program of the platform's own logs in is nobody else's affair. */
function withoutToken([name, { token, ...identity }]: readonly [string, WorkloadIdentity]) {
    return [name, identity] as const;
}

function describeGround(ground: Ground) {
    return {
        ...ground,
        identities: Object.fromEntries(Object.entries(ground.identities).map(withoutToken)),
        api: { ...ground.api, issuer: ground.api.issuer ?? null },
        dnsZone: ground.dnsZone === undefined ? null : { name: ground.dnsZone.name, id: ground.dnsZone.id },
    };
}

type GroundOutputs = ReturnType<typeof describeGround>;
