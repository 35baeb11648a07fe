import type { WorkloadIdentity } from "../../cloud/contract";
import { type CertManagerPart, certManagerSizes } from "../../foundation/certManagerSizes";
import { type ImageSources, imageReference, repositoryIn } from "../../foundation/imageSources";
import type { Labels } from "../../foundation/labels";
import type { Size } from "../../foundation/workloads";
import { charts } from "../../kubernetes/chartTable";
import { planToken, tokenMount } from "../../kubernetes/pod";
import {
    chartLabels,
    containerResources,
    hardenedContainer,
    hardenedPod,
    splitRepository,
    spreadOf,
    systemNodes,
    whenTrusted,
} from "../../kubernetes/podParts";
import { priorityClassName } from "../../kubernetes/priorities";
import type { SystemPlace } from "../../kubernetes/systemPlace";

/** Name of the release, and so of the namespace, the service account and the objects of the controller. */
export const release = "cert-manager";

/** Port on which the webhook answers the API server (`webhook.securePort`). */
export const webhookPort = 10250;

/** Port of the metrics of each part: templates/deployment.yaml of the chart, where it is fixed. */
export const metricsPort = 9402;

/** Where cert-manager's maker publishes its images; each has the version of the chart (`appVersion`). */
const images = { repository: "quay.io/jetstack", tag: charts[release].version } as const;

/** User of the images, whose base is distroless `static:nonroot` (hack/latest-base-images.sh of cert-manager at v1.21.1). */
const user = 65_532;

export interface ValuesPlan {
    readonly place: SystemPlace;
    /** Who the controller is in the cloud; undefined where it needs nothing there. */
    readonly identity: WorkloadIdentity | undefined;
    /** True to answer ACME servers by routes of the Gateway API, whose definitions must then be there before the controller starts. */
    readonly routes: boolean;
}

/** Values of the chart: its keys, types and defaults are in values.yaml and values.schema.json of the chart at the version of the table. */
export function planValues({ place, identity, routes }: ValuesPlan) {
    const sizes = certManagerSizes(place.copies);
    const { cainjector, webhook } = {
        cainjector: planPart("cainjector", sizes.cainjector, place),
        webhook: planPart("webhook", sizes.webhook, place),
    };
    return {
        global: planGlobal(place),
        crds: { enabled: false },
        ...planRegistry(place.imageSources),
        ...planPart("controller", sizes.controller, place),
        // Made by the platform: what it must carry is known only once the cloud has made the identity.
        serviceAccount: { create: false, name: release },
        podLabels: { ...identity?.podLabels },
        config: planConfig(routes),
        // Whether a proof can be seen is asked of the cluster's name service, and of no other.
        dns01RecursiveNameserversOnly: true,
        acmesolver: { image: planImage("cert-manager-acmesolver", place.imageSources) },
        prometheus: { enabled: true, servicemonitor: { enabled: false }, podmonitor: { enabled: false } },
        startupapicheck: { enabled: false },
        cainjector: { enabled: true, ...cainjector, serviceAccount: ownAccount },
        webhook: {
            ...webhook,
            serviceAccount: ownAccount,
            securePort: webhookPort,
            hostNetwork: false,
            mutatingWebhookConfigurationAnnotations: whenTrusted,
            validatingWebhookConfigurationAnnotations: whenTrusted,
            // The chart's own waits 60 s: a start that long would need a probe of its own.
            livenessProbe: { initialDelaySeconds: 30, periodSeconds: 10, timeoutSeconds: 1, failureThreshold: 6 },
        },
    };
}

const ownAccount = { create: true, automountServiceAccountToken: false } as const;

function planGlobal({ ownership, cluster }: SystemPlace) {
    return {
        commonLabels: chartLabels(ownership),
        priorityClassName: priorityClassName("system"),
        nodeSelector: systemNodes(cluster).labels,
        // By default in kube-system, where nobody but the cloud should be.
        leaderElection: { namespace: release },
        // Otherwise whoever may edit a namespace may have certificates issued there for any host.
        rbac: { create: true, aggregateClusterRoles: false },
    };
}

/** @see https://cert-manager.io/docs/reference/api-docs/ (pkg/apis/config/controller/v1alpha1/types.go at v1.21.1) */
function planConfig(routes: boolean) {
    return {
        apiVersion: "controller.config.cert-manager.io/v1alpha1",
        kind: "ControllerConfiguration",
        gatewayAPI: { enabled: routes },
    };
}

/** What the three programs have in common, each at its own place in the values. */
function planPart(part: CertManagerPart, size: Size, { cluster, imageSources }: SystemPlace) {
    return {
        replicaCount: size.replicas.min,
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: size.surge, maxUnavailable: 0 } },
        podDisruptionBudget: { enabled: true, maxUnavailable: 1 },
        image: planImage(`cert-manager-${part}`, imageSources),
        resources: containerResources(size),
        securityContext: hardenedPod(user),
        containerSecurityContext: hardenedContainer,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        volumes: [planToken()],
        volumeMounts: [tokenMount],
        tolerations: [...systemNodes(cluster).tolerations],
        topologySpreadConstraints: spreadOf(podsOf(part)),
    };
}

function planRegistry(imageSources: ImageSources) {
    const { registry, repository } = splitRepository(repositoryIn(imageSources, images.repository));
    return { imageRegistry: registry, imageNamespace: repository };
}

function planImage(name: string, imageSources: ImageSources) {
    const whole = imageReference({ repository: `${images.repository}/${name}`, tag: images.tag }, imageSources);
    const [, digest] = whole.split("@");
    return { name, tag: images.tag, ...(digest === undefined ? {} : { digest }), pullPolicy: "IfNotPresent" };
}

/** The labels by which one part's pods are found: templates/_helpers.tpl of the chart. */
export function podsOf(part: CertManagerPart): Labels {
    return { "app.kubernetes.io/instance": release, "app.kubernetes.io/component": part };
}
