import type { WorkloadIdentity } from "../cloud/contract";
import { externalSecretsSizes } from "../foundation/externalSecretsSizes";
import type { Size } from "../foundation/workloads";
import { charts } from "../kubernetes/chartTable";
import { planToken, tokenMount } from "../kubernetes/pod";
import {
    chartImage,
    chartLabels,
    containerResources,
    hardenedContainer,
    hardenedPod,
    nobody,
    runAs,
    runtimeDefault,
    spread,
    systemNodes,
    whenTrusted,
} from "../kubernetes/podParts";
import { priorityClassName } from "../kubernetes/priorities";
import type { SystemPlace } from "../kubernetes/systemPlace";
import { webhookIssuer } from "../kubernetes/webhookAuthority";

/** Name of the release, and so of the namespace, the service account and the objects of the controller. */
export const release = "external-secrets";

/** Where the pods of each program listen: values.yaml and the templates of the chart at 2.9.0. */
export const ports = { webhook: 10250, metrics: 8080 } as const;

/** Both programs are one image; its user is nobody (Dockerfile at v2.9.0). */
const image = {
    repository: "ghcr.io/external-secrets/external-secrets",
    tag: `v${charts[release].version}`,
    user: nobody,
} as const;

/** Values of the chart: its keys, types and defaults are in values.yaml and values.schema.json at the tag helm-chart-2.9.0. */
export function planValues(place: SystemPlace, identity: WorkloadIdentity | undefined) {
    const sizes = externalSecretsSizes(place.copies);
    return {
        commonLabels: chartLabels(place.ownership),
        installCRDs: false,
        ...features,
        ...planPart(sizes.controller, place),
        leaderElect: true,
        // Made by the platform: what it must carry is known only once the cloud has made the identity.
        serviceAccount: { create: false, name: release, automount: false },
        podLabels: { ...identity?.podLabels },
        podSpecExtra: { enableServiceLinks: false },
        rbac,
        webhook: {
            create: true,
            ...planPart(sizes.webhook, place),
            serviceAccount: { create: true, name: `${release}-webhook`, automount: false },
            port: ports.webhook,
            failurePolicy: "Fail",
            annotations: whenTrusted,
            certManager: { enabled: true, addInjectorAnnotations: true, cert: planCertificate() },
        },
        // It reads every Secret of the cluster for the sake of one, which cert-manager makes here.
        certController: { create: false },
        serviceMonitor: { enabled: false },
    };
}

/**
 * What it does, and so may do, is less than it could: stores of the whole cluster only, whose conditions say who may use them, and no object that
 * makes others in namespaces of its choice.
 *
 * @see https://github.com/external-secrets/external-secrets/blob/v2.9.0/docs/guides/security-best-practices.md
 */
const features = {
    processClusterStore: true,
    processPushSecret: true,
    processSecretStore: false,
    processClusterExternalSecret: false,
    processClusterPushSecret: false,
    processClusterGenerator: false,
    openshiftFinalizers: false,
} as const;

/**
 * It logs in to the store as itself, so it makes no tokens of others. Whoever may view a namespace sees its objects, which hold no values; whoever
 * may edit one makes none, or each of them could have whatever the store holds.
 */
const rbac = {
    create: true,
    serviceAccountTokenCreate: false,
    aggregateToView: true,
    aggregateToEdit: false,
    aggregateToAdmin: false,
    servicebindings: { create: false },
} as const;

/** What both programs have in common, each at its own place in the values. */
function planPart(size: Size, { cluster, imageSources }: SystemPlace) {
    const { labels, tolerations } = systemNodes(cluster);
    return {
        replicaCount: size.replicas.min,
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: size.surge, maxUnavailable: 0 } },
        podDisruptionBudget: planBudget(size.replicas.min),
        image: { ...chartImage(image, imageSources), pullPolicy: "IfNotPresent" },
        resources: containerResources(size),
        podSecurityContext: { enabled: true, ...hardenedPod(image.user) },
        securityContext: { enabled: true, ...runAs(image.user), seccompProfile: runtimeDefault, ...hardenedContainer },
        priorityClassName: priorityClassName("system"),
        nodeSelector: labels,
        tolerations: [...tolerations],
        topologySpreadConstraints: spread,
        livenessProbe: { enabled: true },
        readinessProbe: { enabled: true },
        extraVolumes: [planToken()],
        extraVolumeMounts: [tokenMount],
    };
}

/** One pod at a time may be taken from its node; a pod that is alone has nothing to keep back. */
function planBudget(pods: number) {
    return pods > 1 ? { enabled: true, minAvailable: pods - 1 } : { enabled: false };
}

/** Of the webhook; 90 days are the most that the policy pack lets one live. */
function planCertificate() {
    return {
        create: true,
        issuerRef: webhookIssuer,
        duration: "2160h0m0s",
        renewBefore: "720h0m0s",
        privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
    };
}
