import { Job } from "@pulumi/kubernetes/batch/v1";
import { ConfigMap, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import type { batch } from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import { checksum } from "../../foundation/checksum";
import type { ChildOptions } from "../../foundation/component";
import {
    type ElasticsearchCluster,
    elasticAuthority,
    elasticSetup,
    elasticUrl,
    loginSecret,
    setupUser,
} from "../../foundation/elasticNames";
import { setupSize } from "../../foundation/elasticSizes";
import { labelsOf } from "../../foundation/labels";
import { annotated } from "../../kubernetes/annotated";
import { containerResources, hardenedContainer, hardenedPod } from "../../kubernetes/podParts";
import { priorityClassName } from "../../kubernetes/priorities";
import type { SystemPlace } from "../../kubernetes/systemPlace";
import type { Inside } from "../../kubernetes/trafficPolicies";
import { folders, planDocuments, setupScript } from "./lifecycle";
import { imageOf, user } from "./nodeSets";
import { planSnapshots, repositoryType, type SnapshotStore } from "./snapshots";

export interface SetupArgs {
    readonly place: SystemPlace;
    readonly asked: ElasticsearchCluster;
    readonly inside: Inside;
    /** Where snapshots go; undefined where there are none. */
    readonly snapshots: SnapshotStore | undefined;
    /** Generation of the password that it logs in with. */
    readonly generation: number;
}

/**
 * Puts streams in order once Elasticsearch is there. An object of the operator's that would do so (StackConfigPolicy) asks for an Enterprise licence.
 * What is sent is in the names, so that other documents make another Job beside the one that has done its work.
 */
export function createSetup(name: string, args: SetupArgs, child: ChildOptions): Job {
    const { place, asked, inside, snapshots, generation } = args;
    const ofSnapshots = snapshots === undefined ? {} : planSnapshots(asked, repositoryType(snapshots.store));
    const data = { ...planDocuments(asked), ...ofSnapshots };
    const unique = `${elasticSetup}-${checksum(data, setupScript, asked.version, generation).slice(0, 8)}`;
    const labels = labelsOf({ name: elasticSetup, component: "search" }, place.ownership);
    const metadata = { name: unique, namespace: inside.namespace, labels };
    const documents = new ConfigMap(`${name}-documents`, { metadata, data, immutable: true }, child);
    const account = new ServiceAccount(
        `${name}-setup-account`,
        { metadata: { ...metadata, name: elasticSetup }, automountServiceAccountToken: false },
        child,
    );
    const after = { ...child, dependsOn: [...(child.dependsOn ?? []), documents, account] };
    const plan = {
        metadata: { ...metadata, annotations: whenFailed },
        spec: { ...bounds, template: planPod(args, unique) },
    };
    return new Job(`${name}-setup`, plan, { ...after, customTimeouts: timeouts });
}

/**
 * One that has failed is made anew by the next update, which would wait for it otherwise.
 *
 * @see https://www.pulumi.com/registry/packages/kubernetes/#pulumicomreplaceunready
 */
const whenFailed = { "pulumi.com/replaceUnready": "true" } as const;

/** Longer than the job itself may take, so that it is the job that says what went wrong. */
const timeouts: pulumi.CustomTimeouts = { create: "15m", update: "15m" };

/** It is tried for ten minutes, and stays to be seen for a year: the engine would make it anew once it is gone, and it would send the same. */
const bounds = { backoffLimit: 6, activeDeadlineSeconds: 600, ttlSecondsAfterFinished: 365 * 24 * 3600 } as const;

/** In Elasticsearch's own image, which has what calls it. */
function planPod({ place, asked, snapshots }: SetupArgs, documents: string): batch.v1.JobSpec["template"] {
    const { annotations, environment } = annotated(snapshots ? { STORE_BUCKET: snapshots.store.bucket } : {});
    const { labels, tolerations } = place.cluster.nodes.general;
    const { documents: files, login, authority } = folders;
    const mounts = { documents: files, login, authority };
    const secret = (name: string, secretName: string) => ({ name, secret: { secretName, defaultMode: 0o440 } });
    return {
        metadata: { labels: labelsOf({ name: elasticSetup, component: "search" }, place.ownership), annotations },
        spec: {
            restartPolicy: "Never",
            serviceAccountName: elasticSetup,
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            priorityClassName: priorityClassName("batch"),
            securityContext: hardenedPod(user),
            nodeSelector: labels,
            tolerations: [...tolerations],
            containers: [
                {
                    name: "setup",
                    image: imageOf(place, asked),
                    command: ["/bin/bash", "-c", setupScript],
                    env: [{ name: "ELASTICSEARCH_URL", value: elasticUrl }, ...environment],
                    resources: containerResources(setupSize),
                    securityContext: hardenedContainer,
                    volumeMounts: Object.entries(mounts).map(([name, mountPath]) => ({
                        name,
                        mountPath,
                        readOnly: true,
                    })),
                },
            ],
            volumes: [
                { name: "documents", configMap: { name: documents, defaultMode: 0o440 } },
                secret("login", loginSecret(setupUser)),
                secret("authority", elasticAuthority.secret),
            ],
        },
    };
}
