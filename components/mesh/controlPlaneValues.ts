import type { NodePool } from "../cloud/contract";
import type { ImageSources } from "../foundation/imageSources";
import type { MeshMode } from "../foundation/mesh";
import { sidecarSize } from "../foundation/meshSizes";
import type { Size } from "../foundation/workloads";
import { controlPlane } from "../kubernetes/meshTraffic";
import { containerResources, runtimeDefault, spreadOf } from "../kubernetes/podParts";
import { priorityClassName } from "../kubernetes/priorities";
import { istioImage, releaseIn } from "./images";
import { nodeNamespace } from "./nodes";
import { proxyPods } from "./proxyPods";

/** Kinds that the base chart would make from its templates, where its switch for definitions does not reach. */
const definitions = [
    "authorizationpolicies.security",
    "destinationrules.networking",
    "envoyfilters.networking",
    "gateways.networking",
    "peerauthentications.security",
    "proxyconfigs.networking",
    "requestauthentications.security",
    "serviceentries.networking",
    "sidecars.networking",
    "telemetries.telemetry",
    "trafficextensions.extensions",
    "virtualservices.networking",
    "wasmplugins.extensions",
    "workloadentries.networking",
    "workloadgroups.networking",
].map((kind) => `${kind}.istio.io`);

/**
 * Istio's objects are refused unless istiod has checked them, from the start: told so by us, istiod has no reason to change the webhook, but for
 * the certificate that it puts there.
 *
 * @see https://github.com/istio/istio/blob/1.30.3/pkg/webhooks/validation/controller/controller.go
 */
const checked = { validationFailurePolicy: "Fail" } as const;

/** Roles for other clusters of a mesh are left out: there are none. */
const alone = { enableReaderRBAC: false } as const;

export const baseValues = { base: { ...checked, excludedCRDs: definitions }, global: alone } as const;

export interface ControlPlanePlan {
    readonly mode: MeshMode;
    readonly size: Size;
    readonly imageSources: ImageSources;
    /** Nodes that it runs on. */
    readonly nodes: NodePool;
    readonly authorizers: readonly Authorizer[];
}

/** Whom policies of action CUSTOM name: a service that says whether a request may go on. */
export interface Authorizer {
    readonly name: string;
    readonly envoyExtAuthzHttp: object;
}

/** Values of istiod's chart. Its profile for ambient mode only switches that mode on. */
export function planControlPlane({ mode, size, imageSources, nodes, authorizers }: ControlPlanePlan) {
    return {
        ...(mode === "ambient" ? { profile: "ambient" } : { cni: { enabled: true } }),
        ...planPods(size),
        nodeSelector: nodes.labels,
        tolerations: [...nodes.tolerations],
        image: istioImage("controlPlane", imageSources),
        // The proxies of nodes ask for the certificates of others; only these may.
        trustedZtunnelNamespace: nodeNamespace,
        // A sidecar that starts first and ends last, also for jobs; istiod would otherwise ask each node's version for it.
        env: mode === "sidecar" ? { ENABLE_NATIVE_SIDECARS: "true" } : {},
        base: checked,
        gateways: { seccompProfile: runtimeDefault },
        ...proxyPods,
        // Beside those that Istio has by itself: https://github.com/istio/istio/blob/1.30.3/pkg/config/mesh/mesh.go (ApplyMeshConfig)
        meshConfig: authorizers.length === 0 ? meshConfig : { ...meshConfig, extensionProviders: authorizers },
        global: planGlobal(imageSources),
    };
}

function planPods(size: Size) {
    const { min, max } = size.replicas;
    return {
        autoscaleEnabled: max > min,
        autoscaleMin: min,
        autoscaleMax: max,
        replicaCount: min,
        rollingMaxSurge: size.surge,
        rollingMaxUnavailable: 0,
        resources: containerResources(size),
        seccompProfile: runtimeDefault,
        pdb: { minAvailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" },
        topologySpreadConstraints: spreadOf(controlPlane.podLabels),
    };
}

function planGlobal(imageSources: ImageSources) {
    const proxy = { image: istioImage("proxy", imageSources) };
    return {
        ...releaseIn(imageSources),
        ...alone,
        logAsJson: true,
        priorityClassName: priorityClassName("system"),
        proxy: { ...proxy, resources: containerResources(sidecarSize), seccompProfile: runtimeDefault },
        proxy_init: proxy,
        waypoint: { resources: containerResources(sidecarSize) },
    };
}

/**
 * How the mesh behaves. Nothing leaves it for hosts that it does not know; in ambient mode only network policies hold to that, because the
 * proxies of nodes let such calls through (https://github.com/istio/istio/issues/54281).
 *
 * @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig
 */
const meshConfig = {
    accessLogFile: "/dev/stdout",
    accessLogEncoding: "JSON",
    outboundTrafficPolicy: { mode: "REGISTRY_ONLY" },
    meshMTLS: { minProtocolVersion: "TLSV1_3" },
    // Of servers that take other than the mesh's own TLS: gateways, where they say nothing themselves.
    tlsDefaults: { minProtocolVersion: "TLSV1_3" },
    // A path is compared with policies as the application reads it: https://istio.io/latest/docs/ops/best-practices/security/#customize-your-system-on-path-normalization
    pathNormalization: { normalization: "MERGE_SLASHES" },
} as const;
