import type { WorkloadIdentity } from "../cloud/contract";
import { externalSecretsSizes } from "../foundation/externalSecretsSizes";
import { type ImageDigests, imageReference } from "../foundation/imageDigests";
import { platformLabels } from "../foundation/labels";
import type { Size } from "../foundation/workloads";
import { charts } from "../kubernetes/chartTable";
import { planToken, tokenMount } from "../kubernetes/pod";
import { priorityClassName } from "../kubernetes/priorities";
import type { SystemPlace } from "../kubernetes/systemPlace";
import { webhookIssuer } from "./webhookAuthority";

/** Name of the release, and so of the namespace, the service account and the objects of the controller. */
export const release = "external-secrets";

/** Where the pods of each program listen: values.yaml and the templates of the chart at 2.9.0. */
export const ports = { webhook: 10250, metrics: 8080 } as const;

/** Both programs are one image; its user is nobody (Dockerfile at v2.9.0). */
const image = {
    repository: "ghcr.io/external-secrets/external-secrets",
    tag: `v${charts[release].version}`,
    user: 65_534,
} as const;

/**
 * Until cert-manager has written the webhook's authority here, the API server refuses every store and every ExternalSecret; so the objects are waited
 * for.
 *
 * @see https://www.pulumi.com/registry/packages/kubernetes/#pulumicomwaitfor
 */
const whenTrusted = { "pulumi.com/waitFor": "jsonpath={.webhooks[0].clientConfig.caBundle}" } as const;

/** Values of the chart: its keys, types and defaults are in values.yaml and values.schema.json at the tag helm-chart-2.9.0. */
export function planValues(place: SystemPlace, identity: WorkloadIdentity | undefined) {
    const sizes = externalSecretsSizes(place.copies);
    // The chart says itself who manages its objects: Helm.
    const { "app.kubernetes.io/managed-by": _, ...commonLabels } = platformLabels(place.ownership);
    return {
        commonLabels,
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
function planPart(size: Size, { cluster: { nodes }, digests }: SystemPlace) {
    const { labels, tolerations } = nodes.system ?? nodes.general;
    return {
        replicaCount: size.replicas.min,
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: size.surge, maxUnavailable: 0 } },
        podDisruptionBudget: planBudget(size.replicas.min),
        image: { repository: image.repository, tag: lockedTag(digests), pullPolicy: "IfNotPresent" },
        resources: planResources(size),
        podSecurityContext: { enabled: true, ...planUser(), fsGroup: image.user },
        securityContext: { enabled: true, ...planUser(), ...unprivileged },
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

/** The tag as the chart puts it behind the repository, with the digest that the stack locks it to. */
function lockedTag(digests: ImageDigests): string {
    return imageReference(image, digests).slice(`${image.repository}:`.length);
}

function planResources({ requests, limits, scratch }: Size) {
    const disk = { "ephemeral-storage": scratch };
    return { requests: { ...requests, ...disk }, limits: { ...limits, ...disk } };
}

function planUser() {
    const { user } = image;
    return { runAsNonRoot: true, runAsUser: user, runAsGroup: user, seccompProfile: { type: "RuntimeDefault" } };
}

const unprivileged = {
    allowPrivilegeEscalation: false,
    privileged: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
} as const;

/** The chart adds the labels of the pods themselves. */
const spread = ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
}));

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
