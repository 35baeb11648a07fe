/**
 * Types whose objects hold what nothing in the program can bring back: data, keys, or everything of a cluster. A pattern takes its
 * types with or without an API version.
 */
const stateful: readonly RegExp[] = [
    /^kubernetes:apps\/[^:]+:StatefulSet(Patch)?$/,
    /^kubernetes:core\/[^:]+:(PersistentVolumeClaim|PersistentVolume|Namespace)(Patch)?$/,
    // Their objects hold the custom resources of every namespace, and take them along.
    /^kubernetes:apiextensions\.k8s\.io\/[^:]+:CustomResourceDefinition(Patch)?$/,
    /^aws:(rds|elasticache|opensearch|dynamodb|efs|docdb|neptune)\//,
    /^aws:s3\/bucket(V2)?:/,
    /^aws:(kms\/key|ebs\/volume|ecr\/repository|eks\/cluster|secretsmanager\/secret|cloudwatch\/logGroup):/,
    /^eks:index:Cluster$/,
    /^azure-native:(dbforpostgresql|dbformysql|documentdb|redis|cache|sql)(\/[^:]+)?:/,
    /^azure-native:storage(\/[^:]+)?:(StorageAccount|BlobContainer|FileShare)$/,
    /^azure-native:keyvault(\/[^:]+)?:(Vault|Key|Secret)$/,
    /^azure-native:containerservice(\/[^:]+)?:ManagedCluster$/,
    /^azure-native:containerregistry(\/[^:]+)?:Registry$/,
    /^azure-native:compute(\/[^:]+)?:Disk$/,
    /^azure-native:resources(\/[^:]+)?:ResourceGroup$/,
];

/** Whether a resource of this type (`kubernetes:apps/v1:StatefulSet`) loses something when it is deleted or replaced. */
export function isStateful(type: string): boolean {
    return stateful.some((pattern) => pattern.test(type));
}
