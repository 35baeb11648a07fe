import { kafkaOperator, kafkaPods } from "../../foundation/kafkaNames";
import type { Size } from "../../foundation/workloads";
import { charts } from "../../kubernetes/chartTable";
import {
    chartLabels,
    containerResources,
    hardenedContainer,
    hardenedPod,
    runAs,
    runtimeDefault,
    splitImage,
    spreadOf,
    systemNodes,
} from "../../kubernetes/podParts";
import { priorityClassName } from "../../kubernetes/priorities";
import type { SystemPlace } from "../../kubernetes/systemPlace";

/** Name of the release. What the chart makes is called after the operator, whatever the release is called. */
export const release = "strimzi-kafka-operator";

const { version } = charts[release];

/** User of Strimzi's images: docker-images/operator/Dockerfile and docker-images/kafka-based/kafka/Dockerfile at 1.2.0. */
export const user = 1001;

/** Images of Strimzi 1.2.0. The operator's also has the topic operator, the user operator and what brokers ask their zone with; Kafka's also has Cruise Control. */
export const images = {
    operator: { repository: "quay.io/strimzi/operator", tag: version },
    kafka: { "4.2.1": `${version}-kafka-4.2.1`, "4.3.1": `${version}-kafka-4.3.1` },
} as const;

/** Values of the chart: its keys and defaults are in packaging/helm-charts/helm3/strimzi-kafka-operator/values.yaml at 1.2.0. */
export function planValues(place: SystemPlace, size: Size) {
    const { labels, tolerations } = systemNodes(place.cluster);
    return {
        replicas: size.replicas.min,
        // The chart puts a name behind the repository, where it is given one.
        image: { ...splitImage(images.operator, place.imageSources), name: "", imagePullPolicy: "IfNotPresent" },
        labels: chartLabels(place.ownership),
        deploymentLabels: chartLabels(place.ownership),
        // It watches its own namespace, which has Kafka and nothing else.
        watchNamespaces: [],
        watchAnyNamespace: false,
        // The platform's own say who may call whom (components/data/kafka/traffic.ts): the operator's would open metrics and health to everybody.
        generateNetworkPolicy: false,
        generatePodDisruptionBudget: true,
        leaderElection: { enable: true },
        // The platform's own (components/data/kafka/operator.ts): the chart's says no namespace.
        podDisruptionBudget: { enabled: false },
        deploymentStrategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: size.surge, maxUnavailable: 0 } },
        resources: containerResources(size),
        podSecurityContext: hardenedPod(user),
        securityContext: { ...runAs(user), seccompProfile: runtimeDefault, ...hardenedContainer },
        priorityClassName: priorityClassName("system"),
        enableServiceLinks: false,
        nodeSelector: labels,
        tolerations: [...tolerations],
        topologySpreadConstraints: spreadOf({ name: kafkaOperator, ...kafkaPods.operator }),
        livenessProbe: { initialDelaySeconds: 10, periodSeconds: 30 },
        readinessProbe: { initialDelaySeconds: 10, periodSeconds: 30 },
        extraEnvs: [{ name: "STRIMZI_POD_SECURITY_PROVIDER_CLASS", value: "restricted" }],
        dashboards: { enabled: false },
        createAggregateRoles: false,
    };
}
