import { Job } from "@pulumi/kubernetes/batch/v1";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1";
import type { batch } from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import { checksum } from "../../foundation/checksum";
import type { ChildOptions } from "../../foundation/component";
import { imageReference } from "../../foundation/imageSources";
import { labelsOf } from "../../foundation/labels";
import { type Bucket, bucketsJob, type ObjectServers } from "../../foundation/objectStore";
import { bucketsJobSize } from "../../foundation/objectStoreSizes";
import { images } from "../../kubernetes/images";
import { certificateOf } from "../../kubernetes/ownAuthority";
import type { Placement } from "../../kubernetes/placement";
import { containerResources, hardenedContainer, hardenedPod } from "../../kubernetes/podParts";
import { priorityClassName } from "../../kubernetes/priorities";
import type { Inside } from "../../kubernetes/trafficPolicies";
import { addressesOf, certificateFolder, planTransport } from "./environment";

/** How the job calls SeaweedFS' own shell, which is let in by a certificate: no key of S3 may make buckets. */
export interface ShellPlaces {
    /** The program. */
    readonly weed: string;
    /** Any of which says who leads. */
    readonly masters: string;
    /** One who knows names: a list it takes for one host. */
    readonly filer: string;
}

/** What time a bucket has, as SeaweedFS writes it; undefined where what is in it stays. */
const timeOf = ({ expireDays }: Bucket): string | undefined =>
    expireDays === undefined ? undefined : `${expireDays}d`;

const folderOf = (name: string): string => `/buckets/${name}/`;

/** Says what is to become of what is written to a bucket from now on. What was written before keeps the time that it was written with. */
function planTime([name, bucket]: readonly [string, Bucket]): string {
    const time = timeOf(bucket);
    return `fs.configure -locationPrefix=${folderOf(name)} ${time === undefined ? "-delete" : `-ttl=${time}`} -apply`;
}

/** Whether the answer of `fs.configure`, without what is only for the eye, is as it was to be. */
function checkTime([name, bucket]: readonly [string, Bucket]): string {
    const time = timeOf(bucket);
    const entry = `locationPrefix:${folderOf(name)}collection:replication:ttl:`;
    return time === undefined
        ? `case "$times" in *"${entry}"*) echo "what is in ${name} would still go"; exit 1 ;; esac`
        : `case "$times" in *"${entry}${time}disk"*) ;; *) echo "what is in ${name} would not go"; exit 1 ;; esac`;
}

/**
 * Makes buckets that are not there, and says how long what is in them stays. The shell ends well whatever became of its commands, so what came of them is read
 * back. Nothing is ever deleted: a bucket that nobody names any longer stays as it is.
 *
 * Who expires what is written is the server itself: rules of S3 (PutBucketLifecycleConfiguration) it only keeps, for a worker that would be another program.
 *
 * @see https://github.com/seaweedfs/seaweedfs/blob/cc8364a03/weed/shell/command_fs_configure.go
 * @see https://github.com/seaweedfs/seaweedfs/blob/cc8364a03/weed/s3api/s3lifecycle/DESIGN.md
 * @see https://github.com/seaweedfs/seaweedfs/blob/cc8364a03/k8s/charts/seaweedfs/templates/shared/post-install-bucket-hook.yaml
 */
export function bucketsScript(
    { buckets }: Pick<ObjectServers, "buckets">,
    { weed, masters, filer }: ShellPlaces,
): string {
    const all = Object.entries(buckets);
    return `set -eu
run() { timeout 60 ${weed} -logtostderr=true shell -master=${masters} -filer=${filer}; }
names() { echo s3.bucket.list | run | awk '{ print $1 }'; }
there="$(names)"
for bucket in ${all.map(([name]) => name).join(" ")}; do
    printf '%s\\n' "$there" | grep -Fxq "$bucket" || echo "s3.bucket.create --name $bucket" | run
done
run <<END
${all.map(planTime).join("\n")}
END
there="$(names)"
for bucket in ${all.map(([name]) => name).join(" ")}; do
    printf '%s\\n' "$there" | grep -Fxq "$bucket" || { echo "$bucket is not there"; exit 1; }
done
times="$(echo fs.configure | run | tr -d ' ",\\n')"
${all.map(checkTime).join("\n")}
echo "buckets are as they were asked for"
`;
}

export interface BucketsArgs {
    readonly placement: Placement;
    readonly asked: ObjectServers;
    readonly inside: Inside;
}

/** Puts buckets in order once the store is there. What is done is in the name, so that other buckets make another Job beside the one that has done its work. */
export function createBuckets(name: string, args: BucketsArgs, child: ChildOptions): readonly pulumi.Resource[] {
    const { asked, placement, inside } = args;
    if (Object.keys(asked.buckets).length === 0) return [];
    const script = bucketsScript(asked, { weed: "/usr/bin/weed", ...addressesOf(asked) });
    const labels = labelsOf({ name: bucketsJob, component: "object-store" }, placement.ownership);
    const { namespace } = inside;
    const account = new ServiceAccount(
        `${name}-buckets-account`,
        { metadata: { namespace, labels, name: bucketsJob }, automountServiceAccountToken: false },
        child,
    );
    const unique = `${bucketsJob}-${checksum(script, images.seaweedfs.tag).slice(0, 8)}`;
    const metadata = { namespace, labels, name: unique, annotations: whenFailed };
    const spec = { ...bounds, template: planPod(args, script) };
    const after = { ...child, dependsOn: [...(child.dependsOn ?? []), account] };
    return [new Job(`${name}-buckets`, { metadata, spec }, { ...after, customTimeouts: timeouts })];
}

/** One that has failed is made anew by the next update, which would wait for it otherwise. @see https://www.pulumi.com/registry/packages/kubernetes/#pulumicomreplaceunready */
const whenFailed = { "pulumi.com/replaceUnready": "true" } as const;

/** Longer than the job itself may take, so that it is the job that says what went wrong. */
const timeouts: pulumi.CustomTimeouts = { create: "15m", update: "15m" };

/** It is tried for ten minutes, and stays to be seen for a year: the engine would make it anew once it is gone, and it would find all as it was. */
const bounds = { backoffLimit: 6, activeDeadlineSeconds: 600, ttlSecondsAfterFinished: 365 * 24 * 3600 } as const;

/** In SeaweedFS' own image, which has the shell that calls it. */
function planPod({ placement }: BucketsArgs, script: string): batch.v1.JobSpec["template"] {
    const { cluster, ownership, imageSources } = placement;
    const { labels, tolerations } = cluster.nodes.general;
    const env = Object.entries(planTransport(certificateFolder)).map(([name, value]) => ({ name, value }));
    return {
        metadata: { labels: labelsOf({ name: bucketsJob, component: "object-store" }, ownership) },
        spec: {
            restartPolicy: "Never",
            serviceAccountName: bucketsJob,
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            priorityClassName: priorityClassName("batch"),
            securityContext: hardenedPod(images.seaweedfs.uid),
            nodeSelector: labels,
            tolerations: [...tolerations],
            containers: [
                {
                    name: "buckets",
                    image: imageReference(images.seaweedfs, imageSources),
                    // Without the image's own start, which takes what it is given apart at every space.
                    command: ["/bin/sh", "-c", script],
                    env,
                    resources: containerResources(bucketsJobSize),
                    securityContext: hardenedContainer,
                    volumeMounts: [
                        { name: "certificate", mountPath: certificateFolder, readOnly: true },
                        { name: "scratch", mountPath: "/tmp" },
                    ],
                },
            ],
            volumes: [
                { name: "certificate", secret: { secretName: certificateOf("object-store"), defaultMode: 0o440 } },
                { name: "scratch", emptyDir: { medium: "Memory", sizeLimit: "16Mi" } },
            ],
        },
    };
}
