/**
 * Types whose objects hold what nothing in the program can bring back. A cloud that is added brings its own: databases, buckets, keys,
 * registries, clusters.
 */
const stateful: readonly RegExp[] = [
    /^kubernetes:apps\/[^:]+:StatefulSet(Patch)?$/,
    /^kubernetes:core\/[^:]+:(PersistentVolumeClaim|PersistentVolume|Namespace)(Patch)?$/,
    // Their objects hold the custom resources of every namespace, and take them along.
    /^kubernetes:apiextensions\.k8s\.io\/[^:]+:CustomResourceDefinition(Patch)?$/,
];

/** Whether a resource of this type (`kubernetes:apps/v1:StatefulSet`) loses something when it is deleted or replaced. */
export function isStateful(type: string): boolean {
    return stateful.some((pattern) => pattern.test(type));
}
