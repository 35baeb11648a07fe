import type { FailingSample, Resource, Sample } from "../../rule";
import { cloudResource, kubernetesResource, sampleOf } from "../../samples";

type Mapping = Readonly<Record<string, unknown>>;

const velero = (spec: Mapping = {}) =>
    kubernetesResource("velero.io/v1", "BackupStorageLocation", {
        spec: { config: { region: "eu" }, objectStorage: { bucket: "backups" }, ...spec },
    });
const barman = (configuration: Mapping) =>
    kubernetesResource("barmancloud.cnpg.io/v1", "ObjectStore", { spec: { configuration } });

const part = (kind: string, inputs: Mapping = {}): Resource =>
    cloudResource(`aws:s3/${kind.charAt(0).toLowerCase()}${kind.slice(1)}:${kind}`, { bucket: "backups", ...inputs });
const closed = {
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
} as const;
const aws = {
    bucket: part("Bucket"),
    encryption: part("BucketServerSideEncryptionConfiguration", { rules: [{}] }),
    closed: part("BucketPublicAccessBlock", closed),
    versions: part("BucketVersioning", { versioningConfiguration: { status: "Enabled" } }),
    lock: part("BucketObjectLockConfiguration"),
    copy: part("BucketReplicationConfig"),
} as const;

const azurePart = (kind: string, inputs: Mapping = {}): Resource =>
    cloudResource(`azure-native:storage:${kind}`, { accountName: "store", ...inputs });
const keyed = { encryption: { keySource: "Microsoft.Keyvault" } } as const;
const azure = {
    account: azurePart("StorageAccount", { ...keyed, sku: { name: "Standard_GZRS" } }),
    container: azurePart("BlobContainer", { containerName: "backups", publicAccess: "None" }),
    versions: azurePart("BlobServiceProperties", { isVersioningEnabled: true }),
    lock: azurePart("BlobContainerImmutabilityPolicy", { containerName: "backups" }),
} as const;

const onAws = (changes: Partial<Record<keyof typeof aws, Resource | undefined>> = {}): Sample =>
    sampleOf(velero(), ...Object.values({ ...aws, ...changes }).flatMap((each) => each ?? []));
const onAzure = (changes: Partial<Record<keyof typeof azure, Resource | undefined>> = {}): Sample =>
    sampleOf(velero(), ...Object.values({ ...azure, ...changes }).flatMap((each) => each ?? []));

export const passing: readonly Sample[] = [
    onAws(),
    onAzure(),
    { ...onAws({ copy: undefined }), ...{ environment: "staging" } },
    onAws({ copy: part("BucketReplicationConfiguration") }),
    {
        ...onAzure({ account: azurePart("StorageAccount", { ...keyed, sku: { name: "Standard_ZRS" } }) }),
        ...{ environment: "staging" },
    },
    onAzure({ account: azurePart("StorageAccount", { ...keyed, sku: { name: "Standard_RAGRS" } }) }),
    sampleOf(velero()),
    sampleOf(barman({ destinationPath: "s3://elsewhere/orders" })),
];

const clear = "is in the clear";
const here = "is in the account and region of its data, and nowhere else";

export const failing: readonly FailingSample[] = [
    { sample: onAws({ encryption: undefined }), problem: "is a bucket without encryption of its own" },
    { sample: onAws({ closed: undefined }), problem: "is a bucket that may be public" },
    {
        sample: onAws({ closed: part("BucketPublicAccessBlock", { ...closed, restrictPublicBuckets: false }) }),
        problem: "is a bucket that may be public",
    },
    { sample: onAws({ versions: undefined }), problem: "is a bucket without versions" },
    { sample: onAws({ lock: undefined }), problem: "is a bucket without a lock" },
    { sample: onAws({ copy: undefined }), problem: here },
    {
        sample: sampleOf(barman({ destinationPath: "s3://backups/orders" }), aws.bucket),
        problem: "is a bucket without a lock",
    },
    {
        sample: onAzure({ account: azurePart("StorageAccount", { sku: { name: "Standard_GRS" } }) }),
        problem: "is a container without encryption of its own",
    },
    { sample: onAzure({ account: azurePart("StorageAccount", { sku: { name: "Standard_ZRS" } }) }), problem: here },
    {
        sample: onAzure({ container: azurePart("BlobContainer", { containerName: "backups", publicAccess: "Blob" }) }),
        problem: "is a container that may be public",
    },
    { sample: onAzure({ versions: undefined }), problem: "is a container without versions" },
    {
        sample: onAzure({ versions: azurePart("BlobServiceProperties", { isVersioningEnabled: false }) }),
        problem: "is a container without versions",
    },
    { sample: onAzure({ lock: undefined }), problem: "is a container without a lock" },
    { sample: sampleOf(velero({ config: { s3Url: "http://minio:9000" } })), problem: clear },
    { sample: sampleOf(barman({ destinationPath: "http://minio/backups" })), problem: clear },
    { sample: sampleOf(barman({ endpointURL: "http://minio:9000" })), problem: clear },
    { sample: sampleOf(velero({ config: { insecureSkipTLSVerify: "true" } })), problem: "trusts whoever answers" },
];
