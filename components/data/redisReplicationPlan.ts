import type * as pulumi from "@pulumi/pulumi";
import { imageReference } from "../foundation/imageSources";
import type { Labels } from "../foundation/labels";
import { redisMembers, redisPorts, redisReplication } from "../foundation/redisNames";
import type { RedisSentinel } from "../foundation/redisPlace";
import { sentinelSize } from "../foundation/redisSizes";
import type { PodSize, Size, StoredSize } from "../foundation/workloads";
import { images } from "../kubernetes/images";
import type { Placement } from "../kubernetes/placement";
import { containerResources, hardenedContainer, hardenedPod, topologies } from "../kubernetes/podParts";
import { priorityClassName } from "../kubernetes/priorities";
import { operatorImage } from "./redisOperatorValues";

/** Share of the memory limit that entries may fill: the rest is for connections, for what those that follow are behind, and for the program itself. */
const percentForEntries = 75;

/**
 * Seconds between one pod and the next in an update. A new pod is empty, and ready before it has been filled: the operator, which looks every half minute,
 * has to tell it whom to follow.
 *
 * @see https://github.com/OT-CONTAINER-KIT/redis-operator/blob/v0.26.0/internal/controller/redisreplication/redisreplication_controller.go (RequeueAfter)
 */
const secondsBetweenPods = 60;

/** Key of the Secret, and of its reference in both objects. */
export const passwordKey = "password";

/** Name that sentinels have for the pods that they watch. @see https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/ */
const group = "mymaster";

/** Says how many days data are kept. */
export const retentionDays = "tars-platform/retention-days";

/** Annotations of an object that its pods are not to have: the operator copies all others, and a changed one replaces the pods. */
const ownAnnotations = ["pulumi.com/waitFor", retentionDays];

export interface ReplicationPlan {
    readonly placement: Placement;
    readonly size: Size | StoredSize;
    readonly asked: RedisSentinel;
    readonly secret: pulumi.Input<string>;
    /** ConfigMap with the lines of redis.conf that are the platform's. */
    readonly config: pulumi.Input<string>;
}

/** Field names are those of the RedisReplication of redis-operator 0.26. @see https://github.com/OT-CONTAINER-KIT/redis-operator/blob/v0.26.0/api/redisreplication/v1beta2/redisreplication_types.go */
export function planReplication(plan: ReplicationPlan) {
    const { placement, size, asked, config } = plan;
    return {
        clusterSize: asked.replicas,
        ...planPods({ ...plan, own: size, role: "replication" }),
        redisConfig: { additionalRedisConfig: config, maxMemoryPercentOfLimit: percentForEntries },
        storage: planStorage(placement, size),
        ...planProbes(redisPorts.redis),
    };
}

/** Field names are those of the RedisSentinel of the same. @see https://github.com/OT-CONTAINER-KIT/redis-operator/blob/v0.26.0/api/redissentinel/v1beta2/redissentinel_types.go */
export function planSentinel(plan: Omit<ReplicationPlan, "config" | "size">) {
    const { asked, secret } = plan;
    const own = sentinelSize(asked.sentinels);
    return {
        clusterSize: asked.sentinels,
        ...planPods({ ...plan, own, role: "sentinel" }),
        redisSentinelConfig: {
            redisReplicationName: redisReplication,
            masterGroupName: group,
            redisPort: `${redisPorts.redis}`,
            quorum: `${asked.quorum}`,
            parallelSyncs: "1",
            downAfterMilliseconds: `${asked.downAfterSeconds * 1000}`,
            redisReplicationPassword: { secretKeyRef: { name: secret, key: passwordKey } },
        },
        // Its configuration names it as the working directory (internal/agent/bootstrap/sentinel/config.go).
        volumeMount: scratchAt("/tmp", own),
        ...planProbes(redisPorts.sentinel),
    };
}

export type Role = keyof typeof redisMembers;

interface PodsPlan extends Pick<ReplicationPlan, "placement" | "secret"> {
    readonly own: PodSize;
    readonly role: Role;
}

/** What both kinds of pods have in common. */
function planPods({ placement, secret, own, role }: PodsPlan) {
    const { imageSources } = placement;
    const { labels, tolerations } = placement.cluster.nodes.general;
    return {
        kubernetesConfig: {
            image: imageReference(images.redis, imageSources),
            imagePullPolicy: "IfNotPresent",
            redisSecret: { name: secret, key: passwordKey },
            resources: containerResources(own),
            updateStrategy: { type: "RollingUpdate" },
            minReadySeconds: secondsBetweenPods,
            ignoreAnnotations: ownAnnotations,
            service: { serviceType: "ClusterIP" },
            ...(role === "replication" ? { persistentVolumeClaimRetentionPolicy: kept } : {}),
        },
        // At first all at once, as none of them has anything yet; in updates one after the other all the same.
        podManagementPolicy: "Parallel",
        // What writes the configuration has the security of this one, which is not made itself (internal/k8sutils/statefulset.go).
        initContainer: {
            enabled: false,
            image: imageReference(operatorImage, imageSources),
            securityContext: hardenedContainer,
        },
        // For redis-cli in the probes.
        env: [{ name: "REDISCLI_AUTH", valueFrom: { secretKeyRef: { name: secret, key: passwordKey } } }],
        podSecurityContext: hardenedPod(images.redis.uid),
        securityContext: hardenedContainer,
        serviceAccountName: accounts[role],
        priorityClassName: priorityClassName("data"),
        nodeSelector: labels,
        tolerations: [...tolerations],
        topologySpreadConstraints: planSpread(podsOf(role)),
        pdb: { enabled: true, maxUnavailable: 1 },
        terminationGracePeriodSeconds: 60,
    };
}

/** Whose certificates the mesh gives to the pods of either object. */
export const accounts = { replication: redisReplication, sentinel: redisMembers.sentinel } as const;

const kept = { whenDeleted: "Retain", whenScaled: "Retain" } as const;

/** Labels by which the operator tells the pods of either object from others: getRedisStableLabels in internal/k8sutils/labels.go. */
export function podsOf(role: Role): Labels {
    const app = role === "replication" ? redisReplication : `${redisReplication}-sentinel`;
    return { app, redis_setup_type: role, role };
}

/** Never more in a zone than in another, so that no zone takes a majority along; and apart on its nodes where there are enough. */
function planSpread(matchLabels: Labels) {
    const constraint = { maxSkew: 1, labelSelector: { matchLabels } };
    return [
        { ...constraint, topologyKey: topologies.zone, whenUnsatisfiable: "DoNotSchedule" },
        { ...constraint, topologyKey: topologies.node, whenUnsatisfiable: "DoNotSchedule" },
    ];
}

/** The folder of the entries: a volume that stays when its pod, or the object, goes; or room on the node that a pod fills when it begins to follow. */
function planStorage({ cluster }: Placement, size: Size | StoredSize) {
    if (!("storage" in size)) return { keepAfterDelete: true, volumeMount: scratchAt(dataFolder, size) };
    const resources = { requests: { storage: size.storage } };
    const spec = { accessModes: ["ReadWriteOnce"], storageClassName: cluster.storageClasses.fast, resources };
    return { keepAfterDelete: true, volumeClaimTemplate: { spec } };
}

const dataFolder = images.redis.writablePaths[0].path;

function scratchAt(mountPath: string, { scratch }: PodSize) {
    const name = "scratch";
    return { volume: [{ name, emptyDir: { sizeLimit: scratch } }], mountPath: [{ name, mountPath }] };
}

/** An error, as of a pod that is still reading its volume, is a failure; a pod that does not answer for a minute is started anew. */
function planProbes(port: number) {
    const exec = { command: ["redis-cli", "-e", "-p", `${port}`, "ping"] };
    return {
        readinessProbe: { exec, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 3 },
        livenessProbe: { exec, initialDelaySeconds: 30, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
    };
}
