/**
 * What a service has, and where that is seen: `STACK KIND NAME`, an object of that stack's golden graph by the end of its type and its name there,
 * and then JSON pointers into its inputs with what they must hold (`/spec/instances=3`). Or why it has none.
 */
export type Cell = { readonly says: string; readonly seen: readonly string[] } | { readonly lacks: string };

export const columns = [
    "High availability",
    "TLS",
    "Authentication",
    "Backup",
    "Point in time",
    "Restore drill",
    "Managed",
    "Network access",
    "Docs",
] as const;
export type Column = (typeof columns)[number];
export type Row = Readonly<Record<Column, Cell>>;

const meshTls: Cell = {
    says: "the mesh's: members alone, each with a certificate",
    seen: ["prod-aws PeerAuthentication istio-mutual-tls /spec/mtls/mode=STRICT"],
};
const isCache: Cell = { lacks: "a cache: what is in it can be computed again" };
const accessTo = (name: string): Cell => ({
    says: "the backend and the stack's callers",
    seen: [`prod-aws NetworkPolicy access-${name}`, `prod-aws AuthorizationPolicy access-${name}-callers`],
});

/** Every data service that a stack has. Whoever adds one, or takes a reason away, writes it here; docs/data-services.md is made of it. */
export const services: Readonly<Record<string, Row>> = {
    PostgreSQL: {
        "High availability": {
            says: "prod-aws: three instances in three zones behind two poolers, and what is written counts when two instances have it; staging: a server in two zones",
            seen: [
                "prod-aws Cluster postgres-cluster /spec/instances=3 /spec/postgresql/synchronous/number=1",
                "prod-aws Pooler postgres-pooler /spec/instances=2",
                "staging Instance postgres-server /multiAz=true",
            ],
        },
        TLS: {
            says: "its own, and the backend knows whom it calls",
            seen: ["prod-aws", "staging"].map(
                (stack) => `${stack} ConfigMap tars-rag-config /data/PGSSLMODE=verify-full`,
            ),
        },
        Authentication: {
            says: "a generated password, as SCRAM-SHA-256",
            seen: [
                "prod-aws Secret postgres-password /type=kubernetes.io/basic-auth",
                "prod-aws Cluster postgres-cluster /spec/postgresql/parameters/password_encryption=scram-sha-256",
            ],
        },
        Backup: {
            says: "prod-aws: each night, in the locked store; staging: the cloud's",
            seen: [
                "prod-aws ScheduledBackup postgres-schedule /spec/method=plugin",
                "prod-aws BucketObjectLockConfiguration stores-backups-lock",
                "staging Instance postgres-server /backupRetentionPeriod=7",
            ],
        },
        "Point in time": {
            says: "prod-aws: any second of 30 days, by its log; staging: of 7",
            seen: [
                "prod-aws Cluster postgres-cluster /spec/plugins/0/isWALArchiver=true",
                "prod-aws ObjectStore postgres-store /spec/retentionPolicy=30d",
                "staging Instance postgres-server /backupRetentionPeriod=7",
            ],
        },
        "Restore drill": {
            says: "prod-aws: each night, the newest backup and its log, to a place of which a manifest says what every table held; staging: the cloud's, by hand",
            seen: [
                "prod-aws CronJob postgres-drill-manifest /spec/concurrencyPolicy=Forbid",
                "prod-aws CronJob postgres-drill-drill /spec/concurrencyPolicy=Forbid",
            ],
        },
        Managed: {
            says: "RDS (staging), Flexible Server",
            seen: ["staging Instance postgres-server /engine=postgres"],
        },
        "Network access": accessTo("postgres"),
        Docs: { says: "[data.md](data.md)", seen: [] },
    },
    Redis: {
        "High availability": {
            says: "prod-aws: three pods in three zones, and three sentinels that choose which of them writes; staging: machines in two zones",
            seen: [
                "staging ReplicationGroup redis-server /multiAzEnabled=true /automaticFailoverEnabled=true",
                "prod-aws RedisReplication redis-replication /spec/clusterSize=3",
                "prod-aws RedisSentinel redis-sentinel /spec/redisSentinelConfig/quorum=2",
            ],
        },
        TLS: {
            says: "the mesh's: between pods, and to a cloud's cache, which takes nothing else",
            seen: [
                "prod-aws PeerAuthentication istio-mutual-tls /spec/mtls/mode=STRICT",
                "staging DestinationRule redis-outside-tls /spec/trafficPolicy/tls/mode=SIMPLE",
                "staging ReplicationGroup redis-server /transitEncryptionMode=required",
            ],
        },
        Authentication: {
            says: "a generated password",
            seen: ["prod-aws Secret redis-config", "staging ReplicationGroup redis-server /authToken=[secret]"],
        },
        Backup: isCache,
        "Point in time": isCache,
        "Restore drill": isCache,
        Managed: {
            says: "ElastiCache (staging); Azure's takes no password that is not of its own making",
            seen: ["staging ReplicationGroup redis-server /engine=valkey"],
        },
        "Network access": accessTo("redis"),
        Docs: { says: "[redis.md](redis.md)", seen: [] },
    },
    ChromaDB: {
        "High availability": { lacks: "one pod: Chroma of one node copies its data to no other" },
        TLS: meshTls,
        Authentication: {
            says: "the mesh's: by service account",
            seen: ["prod-aws AuthorizationPolicy access-chromadb-callers"],
        },
        Backup: {
            says: "every 6 hours, every record, in the locked store; and its volume, with the cluster's",
            seen: ["prod-aws", "prod-azure", "staging"].flatMap((stack) => [
                `${stack} CronJob chromadb-backups-backup /spec/concurrencyPolicy=Forbid`,
                `${stack} Schedule backup-schedule`,
            ]),
        },
        "Point in time": { lacks: "it keeps no log that could be replayed" },
        "Restore drill": {
            says: "each night, the newest backup, within the hour that it may take",
            seen: ["prod-aws", "prod-azure", "staging"].map(
                (stack) => `${stack} CronJob chromadb-backups-drill /spec/jobTemplate/spec/activeDeadlineSeconds=3600`,
            ),
        },
        Managed: { lacks: "no cloud has it" },
        "Network access": accessTo("chromadb"),
        Docs: { says: "[backups.md](backups.md#chromadb)", seen: [] },
    },
    Qdrant: {
        "High availability": {
            says: "three pods in three zones, which agree by a majority; two have each part of a collection",
            seen: [
                "prod-aws StatefulSet qdrant /spec/replicas=3",
                "prod-azure StatefulSet qdrant /spec/replicas=3",
                "prod-aws PodDisruptionBudget qdrant-disruption /spec/maxUnavailable=1",
            ],
        },
        TLS: {
            says: "its own for callers, the mesh's between its pods",
            seen: [
                "prod-aws Certificate qdrant-certificate /spec/secretName=qdrant-tls",
                "prod-aws PeerAuthentication istio-mutual-tls /spec/mtls/mode=STRICT",
            ],
        },
        Authentication: {
            says: "generated keys, one of which may only read",
            seen: ["prod-aws Secret qdrant-keys", "prod-aws RandomPassword secrets-vectors-read-key"],
        },
        Backup: {
            says: "each day, a snapshot of every part, in the locked store; and its volumes, with the cluster's, every 6 hours",
            seen: ["prod-aws", "prod-azure", "staging"].flatMap((stack) => [
                `${stack} CronJob vectors-backups-backup /spec/concurrencyPolicy=Forbid`,
                `${stack} Schedule backup-schedule`,
            ]),
        },
        "Point in time": { lacks: "it keeps no log that could be replayed" },
        "Restore drill": {
            says: "each week, the newest backup, within the four hours that it may take",
            seen: ["prod-aws", "prod-azure", "staging"].map(
                (stack) => `${stack} CronJob vectors-backups-drill /spec/jobTemplate/spec/activeDeadlineSeconds=14400`,
            ),
        },
        Managed: { lacks: "no cloud has it" },
        "Network access": {
            says: "pinecone-service alone, and that for the stack's clients",
            seen: [
                "prod-aws NetworkPolicy qdrant-qdrant",
                "prod-aws AuthorizationPolicy qdrant-callers",
                "prod-aws NetworkPolicy pinecone-service-pinecone-service",
            ],
        },
        Docs: { says: "[vectors.md](vectors.md)", seen: [] },
    },
    Kafka: {
        "High availability": {
            says: "production: three controllers and three brokers in three zones, and what is written counts when two have it",
            seen: ["prod-aws", "prod-azure"].flatMap((stack) => [
                `${stack} KafkaNodePool kafka-controller /spec/replicas=3`,
                `${stack} KafkaNodePool kafka-broker /spec/replicas=3`,
                `${stack} Kafka kafka-cluster /spec/kafka/config/min.insync.replicas=2`,
            ]),
        },
        TLS: {
            says: "its own, on every connection",
            seen: [
                "prod-aws Kafka kafka-cluster /spec/kafka/listeners/0/tls=true /spec/kafka/config/ssl.enabled.protocols=TLSv1.3",
            ],
        },
        Authentication: {
            says: "a password that its operator makes, as SCRAM-SHA-512, or a certificate; nobody may do what no user is named for",
            seen: [
                "prod-aws Kafka kafka-cluster /spec/kafka/listeners/0/authentication/type=scram-sha-512 /spec/kafka/authorization/type=simple",
                "prod-aws KafkaUser kafka-user-backend",
            ],
        },
        Backup: {
            lacks: "copies of several brokers' volumes are of no one moment; what must not be lost is written elsewhere",
        },
        "Point in time": {
            lacks: "as long as a topic keeps it, it can be read again from any moment on; after that it is gone",
        },
        "Restore drill": { lacks: "it has no backup of its own" },
        Managed: { lacks: "no committed stack has it; by switch it is MSK on AWS, and Event Hubs on Azure" },
        "Network access": {
            says: "users that the stack file names",
            seen: ["prod-aws NetworkPolicy kafka-operator-consumers", "prod-aws NetworkPolicy kafka-way-backend"],
        },
        Docs: { says: "[kafka.md](kafka.md)", seen: [] },
    },
    "Schema registry": {
        "High availability": {
            says: "production: two pods over zones, one of which writes; what they keep is in Kafka, in three copies",
            seen: ["prod-aws", "prod-azure"].flatMap((stack) => [
                `${stack} StatefulSet schema-registry /spec/replicas=2`,
                `${stack} PodDisruptionBudget schema-registry-disruption /spec/maxUnavailable=1`,
                `${stack} KafkaTopic schema-registry-topic /spec/topicName=_schemas /spec/replicas=3`,
            ]),
        },
        TLS: {
            says: "its own, for callers and between its pods",
            seen: ["prod-aws Certificate schema-registry-certificate /spec/secretName=schema-registry-tls"],
        },
        Authentication: {
            says: "generated passwords, of which it has hashes; rights by subject, and at Kafka for its own topic",
            seen: [
                "prod-aws Secret schema-registry-logins",
                "prod-aws RandomPassword secrets-registry-backend",
                "prod-aws KafkaUser schema-registry-user /spec/authorization/type=simple",
            ],
        },
        Backup: {
            lacks: "its topic is Kafka's, of which there is none; schemas are in their programs' repositories too",
        },
        "Point in time": { lacks: "its topic keeps the newest of each version of a schema, and never changes one" },
        "Restore drill": { lacks: "it has no backup of its own" },
        Managed: { lacks: "not built yet" },
        "Network access": {
            says: "users of Kafka that the stack file names, and Kafka UI where it is",
            seen: [
                "prod-aws NetworkPolicy schema-registry-schema-registry",
                "prod-aws NetworkPolicy schema-registry-way-backend",
            ],
        },
        Docs: { says: "[schema-registry.md](schema-registry.md)", seen: [] },
    },
    Elasticsearch: {
        "High availability": {
            says: "production: three nodes that vote and three that keep in three zones, with a copy of each part on another",
            seen: ["prod-aws", "prod-azure"].map(
                (stack) =>
                    `${stack} Elasticsearch elasticsearch-cluster /spec/nodeSets/0/name=master /spec/nodeSets/0/count=3 /spec/nodeSets/1/name=hot /spec/nodeSets/1/count=3`,
            ),
        },
        TLS: {
            says: "its own, on every connection",
            seen: [
                "prod-aws Elasticsearch elasticsearch-cluster /spec/nodeSets/0/config/xpack.security.http.ssl.supported_protocols/0=TLSv1.3",
            ],
        },
        Authentication: {
            says: "generated passwords; nobody may do what no user is named for",
            seen: [
                "prod-aws Secret elasticsearch-login-backend /type=kubernetes.io/basic-auth",
                "prod-aws RandomPassword secrets-elasticsearch-backend",
            ],
        },
        Backup: {
            says: "snapshots of all streams each six hours, of what is new alone, and its volumes with the cluster's",
            seen: [
                ...["prod-aws", "prod-azure"].flatMap((stack) => [
                    `${stack} Job elasticsearch-setup /spec/backoffLimit=6`,
                    `${stack} NetworkPolicy elastic-operator-nodes-store`,
                    `${stack} Schedule backup-schedule`,
                ]),
                "prod-azure Elasticsearch elasticsearch-cluster /spec/secureSettings/0/secretName=elasticsearch-snapshots",
            ],
        },
        "Point in time": { lacks: "it keeps no log that could be replayed" },
        "Restore drill": {
            says: "each week, a snapshot of that hour, index after index, within the four hours that it may take",
            seen: ["prod-aws", "prod-azure"].map(
                (stack) =>
                    `${stack} CronJob elasticsearch-backups-drill /spec/jobTemplate/spec/activeDeadlineSeconds=14400`,
            ),
        },
        Managed: { lacks: "not built yet" },
        "Network access": {
            says: "users that the stack file names",
            seen: [
                "prod-aws NetworkPolicy elastic-operator-consumers",
                "prod-aws NetworkPolicy elasticsearch-way-backend",
            ],
        },
        Docs: { says: "[elasticsearch.md](elasticsearch.md)", seen: [] },
    },
    ClickHouse: {
        "High availability": {
            says: "production: two copies of each shard in two zones, and three Keepers in three, which agree by a majority",
            seen: ["prod-aws", "prod-azure"].flatMap((stack) => [
                `${stack} ClickHouseInstallation clickhouse-servers /spec/configuration/clusters/0/layout/replicasCount=2`,
                `${stack} ClickHouseKeeperInstallation clickhouse-keepers /spec/configuration/clusters/0/layout/replicasCount=3`,
            ]),
        },
        TLS: {
            says: "its own, on every connection, at Keeper from both sides",
            seen: [
                "prod-aws ClickHouseInstallation clickhouse-servers /spec/configuration/clusters/0/secure=yes /spec/configuration/clusters/0/insecure=no",
                "prod-aws ClickHouseKeeperInstallation clickhouse-keepers /spec/configuration/settings/keeper_server~1raft_configuration~1secure=true",
            ],
        },
        Authentication: {
            says: "generated passwords, of which servers have hashes; at Keeper a certificate",
            seen: [
                "prod-aws Secret clickhouse-operator-passwords",
                "prod-aws ClickHouseKeeperInstallation clickhouse-keepers /spec/configuration/settings/openSSL~1server~1verificationMode=strict",
            ],
        },
        Backup: {
            says: "each day, every row, in the locked store; and its volumes, with the cluster's, every 6 hours",
            seen: ["prod-aws", "prod-azure", "staging"].flatMap((stack) => [
                `${stack} CronJob clickhouse-backups-backup /spec/concurrencyPolicy=Forbid`,
                `${stack} Schedule backup-schedule`,
            ]),
        },
        "Point in time": { lacks: "it keeps no log that could be replayed" },
        "Restore drill": {
            says: "each week, the newest backup, within the four hours that it may take",
            seen: ["prod-aws", "prod-azure", "staging"].map(
                (stack) =>
                    `${stack} CronJob clickhouse-backups-drill /spec/jobTemplate/spec/activeDeadlineSeconds=14400`,
            ),
        },
        Managed: { lacks: "no cloud of the platform has it" },
        "Network access": {
            says: "users that the stack file names",
            seen: [
                "prod-aws NetworkPolicy clickhouse-operator-consumers",
                "prod-aws NetworkPolicy clickhouse-way-backend",
            ],
        },
        Docs: { says: "[clickhouse.md](clickhouse.md)", seen: [] },
    },
    "Object storage": {
        "High availability": { says: "the cloud's, over zones", seen: ["prod-aws Bucket stores-data"] },
        TLS: { says: "asked for by the bucket's policy", seen: ["prod-aws BucketPolicy stores-data-tls"] },
        Authentication: {
            says: "workload identity, no keys",
            seen: ["prod-azure StorageAccount storage-account /allowSharedKeyAccess=false"],
        },
        Backup: {
            says: "versions; that of backups is copied to another region",
            seen: [
                "prod-aws BucketVersioning stores-data-versions",
                "prod-aws BucketReplicationConfig backup-copy-rule",
            ],
        },
        "Point in time": { lacks: "by the versions of each object alone" },
        "Restore drill": {
            lacks: "a version that is overwritten or deleted is still there; nobody brings one back on a schedule",
        },
        Managed: { says: "S3, Blob", seen: ["prod-aws Bucket stores-data", "prod-azure BlobContainer storage-data"] },
        "Network access": {
            says: "identities that the stack file names",
            seen: ["prod-aws BucketPublicAccessBlock stores-data-private /blockPublicPolicy=true"],
        },
        Docs: { says: "[storage.md](storage.md)", seen: [] },
    },
    "Object storage in the cluster": {
        "High availability": {
            lacks: "dev has one server; three in three zones, with two copies, where a production stack asks for it (tests/program/objects.test.ts)",
        },
        TLS: {
            says: "its own, on every port; between its parts with certificates from both sides",
            seen: ["dev Certificate object-store-certificate /spec/secretName=object-store-tls"],
        },
        Authentication: {
            says: "generated keys, with rights by bucket; parts by certificate",
            seen: ["dev Secret object-store-identities", "dev RandomPassword secrets-objects-backend-secret"],
        },
        Backup: { lacks: "its volumes, with the cluster's; dev's cluster is given, and has nowhere to copy them to" },
        "Point in time": { lacks: "it keeps no log that could be replayed" },
        "Restore drill": { lacks: "no script restores it yet" },
        Managed: { says: "a stack in a cloud has the cloud's", seen: ["prod-aws Bucket stores-data"] },
        "Network access": {
            says: "users that the stack file names",
            seen: ["dev NetworkPolicy object-store-consumers", "dev NetworkPolicy object-store-way-backend"],
        },
        Docs: { says: "[object-store.md](object-store.md)", seen: [] },
    },
};
