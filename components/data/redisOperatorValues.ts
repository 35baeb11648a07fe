import { type Labels, platformLabels } from "../foundation/labels";
import { redisOperator } from "../foundation/redisNames";
import { redisOperatorSize } from "../foundation/redisSizes";
import { charts, manifests } from "../kubernetes/chartTable";
import {
    chartImage,
    containerResources,
    hardenedContainer,
    hardenedPod,
    systemNodes,
    topologies,
} from "../kubernetes/podParts";
import { priorityClassName } from "../kubernetes/priorities";
import type { SystemPlace } from "../kubernetes/systemPlace";

/** Name of the release, and so of the program's Deployment. */
export const release = "redis-operator";

/** Where it serves metrics: values.yaml of the chart. */
export const metricsPort = 8080;

/** User of the image: Dockerfile of OT-CONTAINER-KIT/redis-operator at v0.26.0. */
const user = 65_532;

/** The program, which also writes the configuration of each pod of Redis before that starts. */
export const operatorImage = {
    repository: "quay.io/opstree/redis-operator",
    tag: `v${manifests["redis-operator"].version}`,
} as const;

/** Version of the chart, for the labels of what stands around it. */
export const chartVersion = charts["redis-operator"].version;

export interface OperatorPlan {
    readonly place: SystemPlace;
    /** Namespace whose objects it acts on. */
    readonly watched: string;
}

/**
 * Values of the chart: its keys and defaults are in charts/redis-operator/values.yaml of OT-CONTAINER-KIT/redis-operator at 0bc34813.
 *
 * The webhook stays off. Pods of every Redis of the cluster would wait for it, and what it does, keeping a leader of a RedisCluster off the node of its
 * follower, is for a kind that the platform does not make.
 */
export function planValues({ place, watched }: OperatorPlan) {
    const size = redisOperatorSize(place.copies);
    const { labels, tolerations } = systemNodes(place.cluster);
    const { repository, tag } = chartImage(operatorImage, place.imageSources);
    return {
        redisOperator: {
            name: release,
            imageName: repository,
            imageTag: tag,
            initContainerImageTag: tag,
            imagePullPolicy: "IfNotPresent",
            strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: size.surge, maxUnavailable: 0 } },
            podAnnotations: callsOnly,
            podLabels: podLabelsOf(place),
            watchNamespace: watched,
            webhook: false,
            automountServiceAccountToken: true,
        },
        resources: containerResources(size),
        replicas: size.replicas.min,
        // components/data/redisRights.ts: less than the chart's, which are all Secrets and a shell in every pod of the cluster.
        rbac: { enabled: false },
        serviceAccountName: redisOperator.serviceAccount,
        certmanager: { enabled: false },
        priorityClassName: priorityClassName("system"),
        nodeSelector: labels,
        tolerations: [...tolerations],
        affinity: apart,
        podSecurityContext: hardenedPod(user),
        securityContext: hardenedContainer,
        // Without it the image of Redis itself would write into its own file system before it starts.
        featureGates: { GenerateConfigInInitContainer: true },
    };
}

/** The chart tells its pods apart by one label of its own. */
function podLabelsOf({ ownership }: SystemPlace): Labels {
    const { "app.kubernetes.io/managed-by": _, ...labels } = platformLabels(ownership);
    return { "app.kubernetes.io/name": release, ...labels };
}

/**
 * Its pods call as members of the mesh, and are called as if outside of it: what they serve is their health, and metrics.
 *
 * @see https://istio.io/latest/docs/reference/config/annotations/#AmbientBypassInboundCapture
 */
const callsOnly = { "ambient.istio.io/bypass-inbound-capture": "true" } as const;

/** The chart knows no spread over zones. */
const apart = {
    podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [topologies.zone, topologies.node].map((topologyKey) => ({
            weight: 100,
            podAffinityTerm: { topologyKey, labelSelector: { matchLabels: { ...redisOperator.podLabels } } },
        })),
    },
};
