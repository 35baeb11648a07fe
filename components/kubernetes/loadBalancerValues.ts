import type { LoadBalancerController } from "../cloud/contract";
import type { ImageSources } from "../foundation/imageSources";
import { loadBalancerSize } from "../foundation/loadBalancerSizes";
import type { Size } from "../foundation/workloads";
import { type ChartName, charts } from "./chartTable";
import { clusterWide } from "./clusterWide";
import { planToken, tokenMount } from "./pod";
import { chartImage, chartLabels, containerResources, hardenedContainer, runtimeDefault, spreadOf } from "./podParts";
import { priorityClassName } from "./priorities";
import type { SystemPlace } from "./systemPlace";

/** Name of the chart and of its release, and so of what the chart makes. */
export const release = "aws-load-balancer-controller" satisfies ChartName;

/** Port on which the API server asks the controller about its own objects (`webhookBindPort`). */
export const webhookPort = 9443;

/** Port of the metrics (`metricsBindAddr`). */
export const metricsPort = 8080;

/** Labels of the controller's pods: `selectorLabels` in templates/_helpers.tpl of the chart. */
export const pods = { "app.kubernetes.io/name": release, "app.kubernetes.io/instance": release } as const;

/** Repository of the chart's own values.yaml; the image has the version of the chart (`appVersion`). */
const image = {
    repository: "public.ecr.aws/eks/aws-load-balancer-controller",
    tag: `v${charts[release].version}`,
} as const;

/** Group that volumes belong to: `podSecurityContext.fsGroup` in the chart's own values.yaml. The user is the image's. */
const group = 65_534;

/**
 * What is off. Its Gateway API is that of 1.6, and the platform's gateways are others'; without a class of Ingresses it would take all that
 * name none, so it keeps one that no object of the platform names.
 *
 * @see https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/v3.5.0/pkg/config/feature_gates.go
 */
const servicesOnly = {
    controllerConfig: {
        featureGates: {
            NLBGatewayAPI: false,
            ALBGatewayAPI: false,
            GatewayListenerSet: false,
            ServiceTypeLoadBalancerOnly: true,
        },
    },
    ingressClass: "alb",
    createIngressClassResource: false,
    ingressClassParams: { create: false },
    webhookConfig: { disableIngressValidation: true },
    // Services say themselves whose they are; otherwise no Service could be made while the webhook does not answer.
    enableServiceMutatorWebhook: false,
    enableShield: false,
    enableWaf: false,
    enableWafv2: false,
} as const;

/** Values of the chart: its keys and defaults are in values.yaml of the chart at the version of the table; it has no schema. */
export function planValues(controller: LoadBalancerController, place: SystemPlace) {
    const size = loadBalancerSize(place.copies);
    return {
        clusterName: controller.clusterName,
        region: controller.region,
        vpcId: controller.network,
        defaultTags: controller.tags,
        // Pods have addresses of the network: no way over a node's port is needed.
        defaultTargetType: "ip",
        ...servicesOnly,
        // Helm would make the webhook's keys anew each time that the chart is rendered, and values are no place for ours.
        enableCertManager: true,
        certManager: { duration: "2160h", renewBefore: "720h" },
        webhookBindPort: webhookPort,
        serviceMonitor: { enabled: false },
        clusterSecretsPermissions: { allowAllSecrets: false },
        // Made by the platform, as the cloud gives its rights to it by name.
        serviceAccount: { create: false, name: controller.serviceAccount },
        additionalLabels: clusterWide(chartLabels(place.ownership)),
        ...planPods(controller, size, place.imageSources),
    };
}

function planPods({ nodes }: LoadBalancerController, size: Size, imageSources: ImageSources) {
    return {
        replicaCount: size.replicas.min,
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: size.surge, maxUnavailable: 0 } },
        podDisruptionBudget: { maxUnavailable: 1 },
        image: { ...chartImage(image, imageSources), pullPolicy: "IfNotPresent" },
        resources: containerResources(size),
        priorityClassName: priorityClassName("system"),
        nodeSelector: nodes.labels,
        tolerations: [...nodes.tolerations],
        configureDefaultAffinity: false,
        topologySpreadConstraints: spreadOf(pods),
        podSecurityContext: { runAsNonRoot: true, fsGroup: group, seccompProfile: runtimeDefault },
        securityContext: { runAsNonRoot: true, ...hardenedContainer },
        extraVolumes: [planToken()],
        extraVolumeMounts: [tokenMount],
    };
}
