/**
 * Types whose objects hold what nothing in the program can bring back: data, keys without which data cannot be read, and what everything else
 * stands in. A cloud that is added brings its own.
 */
const stateful: readonly RegExp[] = [
    /^kubernetes:apps\/[^:]+:StatefulSet(Patch)?$/,
    /^kubernetes:core\/[^:]+:(PersistentVolumeClaim|PersistentVolume|Namespace)(Patch)?$/,
    // Its operator deletes the claims with it.
    /^kubernetes:postgresql\.cnpg\.io\/[^:]+:Cluster(Patch)?$/,
    // Entries, topics and what is in them go with theirs.
    /^kubernetes:kafka\.strimzi\.io\/[^:]+:Kafka(NodePool|Topic)?(Patch)?$/,
    // Its nodes go with it, and their volumes keep what no other object finds.
    /^kubernetes:elasticsearch\.k8s\.elastic\.co\/[^:]+:Elasticsearch(Patch)?$/,
    /^kubernetes:redis\.redis\.opstreelabs\.in\/[^:]+:Redis(Cluster|Replication)?(Patch)?$/,
    /^kubernetes:redis\.redis\.opstreelabs\.in\/[^:]+:RedisReplication(Patch)?$/,
    // Their operator deletes what no label keeps: the claims that are to stay are told from others in it alone.
    /^kubernetes:clickhouse(-keeper)?\.altinity\.com\/[^:]+:ClickHouse(Keeper)?Installation(Patch)?$/,
    // Their objects hold the custom resources of every namespace, and take them along.
    /^kubernetes:apiextensions\.k8s\.io\/[^:]+:CustomResourceDefinition(Patch)?$/,
];

const statefulInClouds: ReadonlySet<string> = new Set([
    "eks:index:Cluster",
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:ec2/vpc:Vpc",
    "aws:ecr/repository:Repository",
    "aws:eks/cluster:Cluster",
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "aws:kms/key:Key",
    "aws:msk/cluster:Cluster",
    "aws:msk/topic:Topic",
    "aws:rds/instance:Instance",
    "aws:route53/zone:Zone",
    "aws:s3/bucket:Bucket",
    "azure-native:compute:DiskEncryptionSet",
    "azure-native:containerregistry:Registry",
    "azure-native:containerservice:ManagedCluster",
    "azure-native:dbforpostgresql:Server",
    "azure-native:dns:Zone",
    "azure-native:eventhub:EventHub",
    "azure-native:eventhub:Namespace",
    "azure-native:keyvault:Key",
    "azure-native:keyvault:Vault",
    "azure-native:network:VirtualNetwork",
    "azure-native:operationalinsights:Workspace",
    "azure-native:resources:ResourceGroup",
    "azure-native:storage:BlobContainer",
    "azure-native:storage:StorageAccount",
]);

/** Whether a resource of this type (`kubernetes:apps/v1:StatefulSet`) loses something when it is deleted or replaced. */
export function isStateful(type: string): boolean {
    return statefulInClouds.has(type) || stateful.some((pattern) => pattern.test(type));
}
