import type { core } from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import type { BackupStore } from "../../cloud/contract";
import { vectorStore } from "../../foundation/vectors";
import { podHost } from "../../kubernetes/certifiedNames";
import { restartingOnChange } from "../../kubernetes/freshFiles";
import { images } from "../../kubernetes/images";

/** Folder of the certificate, beside the program's own. */
export const certificateFolder = "/qdrant/tls";

/** Keys of the Secret that holds what callers show: one who may do everything, and one who may read. */
export const keyNames = { all: "api-key", readOnly: "read-only-api-key" } as const;

export interface StorePlan {
    /** Secret with both keys. */
    readonly keys: pulumi.Input<string>;
    /** Pods that have each part of a collection for which nobody says another number. */
    readonly replicationFactor: number;
    /** Where snapshots go; undefined where no store speaks S3. */
    readonly snapshots: Pick<BackupStore, "bucket" | "s3"> | undefined;
}

/**
 * Settings of Qdrant, each by its place in config/config.yaml. A write is answered when half of the pods that have the part have taken it: with three of them
 * two, so that what was answered outlives one; with two of them one, because otherwise nobody could write while the other is away.
 *
 * @see https://github.com/qdrant/qdrant/blob/v1.19.0/config/config.yaml
 * @see https://github.com/qdrant/qdrant/blob/v1.19.0/src/settings.rs (`Environment::with_prefix("QDRANT").separator("__")`)
 */
export function planEnvironment({ keys, replicationFactor, snapshots }: StorePlan): core.v1.EnvVar[] {
    const plain = {
        QDRANT__CLUSTER__ENABLED: "true",
        QDRANT__SERVICE__ENABLE_TLS: "true",
        QDRANT__TLS__CERT: `${certificateFolder}/tls.crt`,
        QDRANT__TLS__KEY: `${certificateFolder}/tls.key`,
        QDRANT__TLS__CA_CERT: `${certificateFolder}/ca.crt`,
        QDRANT__TLS__CERT_TTL: "3600",
        QDRANT__STORAGE__COLLECTION__REPLICATION_FACTOR: `${replicationFactor}`,
        QDRANT__STORAGE__COLLECTION__WRITE_CONSISTENCY_FACTOR: `${Math.ceil(replicationFactor / 2)}`,
        QDRANT__TELEMETRY_DISABLED: "true",
    };
    const secret = (key: string) => ({ valueFrom: { secretKeyRef: { name: keys, key } } });
    return [
        ...Object.entries(plain).map(([name, value]) => ({ name, value })),
        { name: "QDRANT__SERVICE__API_KEY", ...secret(keyNames.all) },
        { name: "QDRANT__SERVICE__READ_ONLY_API_KEY", ...secret(keyNames.readOnly) },
        ...planSnapshots(snapshots),
    ];
}

/**
 * Without keys: Qdrant asks whoever gives its pod credentials, EKS's agent among them. A store that locks what it has wants a checksum with each part that is
 * sent; the client takes this setting from the environment alone.
 *
 * @see https://github.com/qdrant/qdrant/blob/v1.19.0/lib/collection/src/common/snapshots_manager.rs (`AmazonS3Builder::from_env`)
 * @see https://github.com/qdrant/qdrant/blob/v1.19.0/lib/collection/src/operations/snapshot_storage_ops.rs (trim_dot_slash)
 * @see https://github.com/apache/arrow-rs-object-store/blob/v0.14.1/src/aws/builder.rs (`EKSPodCredentialProvider`, `aws_checksum_algorithm`)
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html
 */
function planSnapshots(store: StorePlan["snapshots"]): core.v1.EnvVar[] {
    if (store?.s3 === undefined) return [];
    const config = "QDRANT__STORAGE__SNAPSHOTS_CONFIG";
    return [
        { name: `${config}__SNAPSHOTS_STORAGE`, value: "s3" },
        { name: `${config}__S3_CONFIG__BUCKET`, value: store.bucket },
        { name: `${config}__S3_CONFIG__REGION`, value: store.s3.region },
        // Names in the store begin with this path, and so with the folder that the identity may write to: that of the service account.
        { name: "QDRANT__STORAGE__SNAPSHOTS_PATH", value: `/${vectorStore.store}/snapshots` },
        { name: "AWS_CHECKSUM_ALGORITHM", value: "sha256" },
    ];
}

const peer = (pod: string) => `http://${podHost(vectorStore.store, pod)}:${images.qdrant.ports.p2p}`;

/**
 * How a pod starts: it joins the first one, which takes its own name for "nobody is there yet". Over HTTP the program reads a renewed certificate itself, over
 * gRPC only when it starts. It may open as many files as its node lets it, as its makers' chart has it.
 *
 * @see https://github.com/qdrant/qdrant/blob/v1.19.0/src/main.rs (resolve_bootstrap_uri)
 * @see https://github.com/qdrant/qdrant/blob/v1.19.0/config/config.yaml (cert_ttl)
 */
export const startScript = `
ulimit -n "$(ulimit -Hn)"
${restartingOnChange([`${certificateFolder}/tls.crt`])}
exec ./entrypoint.sh --bootstrap ${peer(`${vectorStore.store}-0`)} --uri "${peer("$HOSTNAME")}"
`;
