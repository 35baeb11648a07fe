import type { core } from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import type { BackupStore, TokenLogin } from "../../cloud/contract";
import type { BackupPlan } from "../../foundation/dataBackups";
import { type ElasticsearchCluster, elasticPods } from "../../foundation/elasticNames";
import { snapshotFolder, snapshotPolicy, snapshotRepository } from "../../foundation/elasticSnapshots";
import { annotated } from "../../kubernetes/annotated";
import { planStoreCalls } from "../../kubernetes/storeTraffic";
import type { TrafficPolicy } from "../../kubernetes/traffic";
import { patternsOf } from "./roles";

/** Where snapshots go, and how Elasticsearch logs in there. */
export interface SnapshotStore {
    readonly store: BackupStore;
    readonly token: TokenLogin;
}

/**
 * How Elasticsearch reaches a store of a kind. Its modules read the one file that their entitlements name, below its folder of configuration, and no
 * other of the pod: the token of the pod's account is put there.
 *
 * @see https://www.elastic.co/docs/deploy-manage/tools/snapshot-and-restore/cloud-on-k8s
 * @see https://github.com/elastic/elasticsearch/blob/main/modules/repository-s3/src/main/plugin-metadata/entitlement-policy.yaml
 * @see https://github.com/elastic/elasticsearch/blob/main/modules/repository-azure/src/main/plugin-metadata/entitlement-policy.yaml
 */
const modules = {
    s3: { folder: "repository-s3", file: "aws-web-identity-token-file", variable: "AWS_WEB_IDENTITY_TOKEN_FILE" },
    blob: { folder: "storage-azure", file: "azure-federated-token", variable: "AZURE_FEDERATED_TOKEN_FILE" },
} as const;

/** What Elasticsearch calls a repository in such a store: of one that does not speak S3 it has the name that Velero has. */
export function repositoryType({ s3, provider }: Pick<BackupStore, "s3" | "provider">): string {
    return s3 === undefined ? provider : "s3";
}

/** What a container of Elasticsearch, and its pod, have beside so that it logs in at the store. */
export interface LoginParts {
    readonly annotations: Readonly<Record<string, pulumi.Input<string>>>;
    readonly env: core.v1.EnvVar[];
    readonly volumes: core.v1.Volume[];
    readonly volumeMounts: core.v1.VolumeMount[];
}

const tokenVolume = "store-token";

/** @param configuration folder of Elasticsearch's configuration in that container */
export function planLogin({ store, token }: SnapshotStore, configuration: string): LoginParts {
    const { folder, file, variable } = modules[store.s3 === undefined ? "blob" : "s3"];
    const { annotations, environment } = annotated(token.environment);
    const mountPath = `${configuration}/${folder}`;
    const source = { audience: token.audience, expirationSeconds: 3600, path: file };
    return {
        annotations,
        env: [...environment, { name: variable, value: `${mountPath}/${file}` }],
        volumes: [{ name: tokenVolume, projected: { defaultMode: 0o440, sources: [{ serviceAccountToken: source }] } }],
        volumeMounts: [{ name: tokenVolume, mountPath, readOnly: true }],
    };
}

/**
 * What stands in a node's configuration of its client.
 *
 * @see https://www.elastic.co/docs/deploy-manage/tools/snapshot-and-restore/s3-repository#repository-s3-client
 */
export function planClient({ s3 }: BackupStore): Readonly<Record<string, string>> {
    return s3 === undefined ? {} : { "s3.client.default.region": s3.region };
}

/** What Elasticsearch takes from its keystore alone: on Azure the name of the account, which is no secret. Undefined where that is nothing. */
export function keystoreOf({ s3, config }: BackupStore): Readonly<Record<string, pulumi.Input<string>>> | undefined {
    const { storageAccount } = config;
    return s3 !== undefined || storageAccount === undefined
        ? undefined
        : { "azure.client.default.account": storageAccount };
}

/** Stands in the repository for the name of the bucket or container, which the store's own variable has: nobody knows it before the store is made. */
export const bucketMark = "@bucket@";

/** Uploads that were broken off are left to the bucket's own rule, which ends them after a week: listing them is a right of the whole bucket. */
function planRepository(type: string) {
    const settings = { base_path: snapshotFolder };
    return type === "s3"
        ? { type, settings: { ...settings, bucket: bucketMark, max_multipart_upload_cleanup_size: 0 } }
        : { type, settings: { ...settings, container: bucketMark } };
}

/**
 * A snapshot of all streams, or none: one that lacks a part fails. What is new is written alone, whatever is kept. What nobody keeps for longer than
 * that Elasticsearch deletes, once a day.
 *
 * @see https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-slm-put-lifecycle
 */
function planSchedule({ streams }: Pick<ElasticsearchCluster, "streams">, { everyHours, keepDays }: BackupPlan) {
    return {
        schedule: `0 45 ${everyHours === 24 ? "1" : `*/${everyHours}`} * * ?`,
        name: `<${snapshotPolicy}-{now/m{yyyyMMdd.HHmm}}>`,
        repository: snapshotRepository,
        config: {
            indices: Object.keys(streams).flatMap(patternsOf),
            // A stream begins when somebody writes to it.
            ignore_unavailable: true,
            include_global_state: false,
            feature_states: ["none"],
            partial: false,
        },
        retention: { expire_after: `${keepDays}d`, min_count: 1 },
    };
}

/** What is sent to Elasticsearch so that it takes snapshots, by the name of the file. */
export function planSnapshots(asked: ElasticsearchCluster, type: string): Readonly<Record<string, string>> {
    const { snapshots } = asked;
    if (snapshots === undefined) return {};
    return {
        [`repository.${snapshotRepository}.json`]: JSON.stringify(planRepository(type)),
        [`schedule.${snapshotPolicy}.json`]: JSON.stringify(planSchedule(asked, snapshots)),
    };
}

/** The nodes' way to the store. Those that keep what is written copy it there, and the one that leads writes what there is. */
export function planSnapshotTraffic({ store, token }: SnapshotStore): Readonly<Record<string, TrafficPolicy>> {
    return { [nodesToStore]: planStoreCalls(elasticPods.nodes, reached({ store, token })) };
}

export function reached({ store, token }: SnapshotStore): Pick<BackupStore, "reach"> {
    return { reach: [...token.reach, ...store.reach] };
}

export const nodesToStore = "nodes-store";
