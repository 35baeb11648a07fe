import { elasticNamespace, elasticOperator, elasticPods, elasticPorts } from "../../foundation/elasticNames";
import type { Size } from "../../foundation/workloads";
import { charts } from "../../kubernetes/chartTable";
import { planToken, tokenMount } from "../../kubernetes/pod";
import {
    chartImage,
    chartLabels,
    containerResources,
    hardenedContainer,
    hardenedPod,
    nobody,
    runAs,
    runtimeDefault,
    systemNodes,
    topologies,
} from "../../kubernetes/podParts";
import { priorityClassName } from "../../kubernetes/priorities";
import type { SystemPlace } from "../../kubernetes/systemPlace";

/** Name of the release. What the chart makes is called after the operator, whatever the release is called. */
export const release = "eck-operator";

const { version } = charts[release];

/** Images of ECK 3.5.0 and of the stack that it runs. */
export const images = {
    operator: { repository: "docker.elastic.co/eck/eck-operator", tag: version },
    elasticsearch: "docker.elastic.co/elasticsearch/elasticsearch",
} as const;

/** Values of the chart: its keys and defaults are in deploy/eck-operator/values.yaml at v3.5.0. */
export function planValues(place: SystemPlace, size: Size) {
    const { labels, tolerations } = systemNodes(place.cluster);
    const replicas = size.replicas.min;
    return {
        nameOverride: elasticOperator,
        fullnameOverride: elasticOperator,
        installCRDs: false,
        // It sees and may change its own namespace, which has Elasticsearch and nothing else; of the whole cluster it gets no right from its chart.
        managedNamespaces: [elasticNamespace],
        createClusterScopedResources: false,
        // Both need rights over the whole cluster. An object that cannot be made the operator refuses when it sees it; a change that the webhook would refuse, it does not (docs/elasticsearch.md).
        webhook: { enabled: false },
        replicaCount: replicas,
        image: { ...chartImage(images.operator, place.imageSources), pullPolicy: "IfNotPresent" },
        resources: containerResources(size),
        podLabels: chartLabels(place.ownership),
        statefulsetLabels: chartLabels(place.ownership),
        // Its program is one file that belongs to nobody in particular: build/Dockerfile at v3.5.0.
        podSecurityContext: hardenedPod(),
        securityContext: { ...runAs(nobody), seccompProfile: runtimeDefault, ...hardenedContainer },
        priorityClassName: priorityClassName("system"),
        nodeSelector: labels,
        tolerations: [...tolerations],
        affinity: planApart(),
        podDisruptionBudget: { enabled: replicas > 1, minAvailable: replicas - 1 },
        automountServiceAccountToken: false,
        serviceAccount: { create: false, name: elasticOperator },
        volumes: [planToken()],
        volumeMounts: [tokenMount],
        telemetry: { disabled: true },
        config: {
            containerRegistry: "docker.elastic.co",
            metrics: { port: `${elasticPorts.operatorMetrics}` },
            // Pods of its making say themselves who they run as; where nothing is said, this is the same on all clouds.
            setDefaultSecurityContext: "true",
            validateStorageClass: false,
            enableLeaderElection: true,
        },
    };
}

/** Its chart knows no spread: its pods would rather be on nodes in other zones, and then on other nodes. */
function planApart() {
    const labelSelector = { matchLabels: elasticPods.operator };
    const preferred = [topologies.zone, topologies.node].map((topologyKey) => ({
        weight: 100,
        podAffinityTerm: { topologyKey, labelSelector },
    }));
    return { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred } };
}
