import { postgresOperator } from "../foundation/postgresNames";
import { postgresOperatorSizes } from "../foundation/postgresSizes";
import type { Size } from "../foundation/workloads";
import { charts, manifests } from "../kubernetes/chartTable";
import {
    chartImage,
    containerResources,
    hardenedContainer,
    hardenedPod,
    runAs,
    runtimeDefault,
    splitImage,
    spreadOf,
    systemNodes,
} from "../kubernetes/podParts";
import { priorityClassName } from "../kubernetes/priorities";
import type { SystemPlace } from "../kubernetes/systemPlace";

/** Names of the releases, and so of the programs' Deployments and service accounts. */
export const releases = { operator: postgresOperator.serviceAccount, plugin: "plugin-barman-cloud" } as const;
type Program = keyof typeof releases;

/** By what the pods of each program are told from others: templates/_helpers.tpl of both charts. */
export const podsOf = (program: Program) => ({
    "app.kubernetes.io/name": releases[program],
    "app.kubernetes.io/instance": releases[program],
});

/** Where they listen: values.yaml and templates/deployment.yaml of both charts. */
export const ports = { webhook: 9443, metrics: 8080, plugin: 9090 } as const;

/** User of both images: Dockerfile of cloudnative-pg/cloudnative-pg at v1.30.0, containers/Dockerfile.plugin of cloudnative-pg/plugin-barman-cloud at v0.13.0. */
const user = 65_532;

const pluginTag = `v${manifests["plugin-barman-cloud"].version}` as const;

const images = {
    operator: { repository: "ghcr.io/cloudnative-pg/cloudnative-pg", tag: manifests["cloudnative-pg"].version },
    plugin: { repository: "ghcr.io/cloudnative-pg/plugin-barman-cloud", tag: pluginTag },
    sidecar: { repository: "ghcr.io/cloudnative-pg/plugin-barman-cloud-sidecar", tag: pluginTag },
} as const;

/** What goes to the store and comes from there, beside each instance: drills of a restore run it too. */
export const archiverImage = images.sidecar;

/** Whose API the stack's own objects are of, and no others are listened to. */
export interface OperatorPlan {
    readonly place: SystemPlace;
    /** Namespace whose databases it runs. */
    readonly watched: string;
}

/** Values of the operator's chart: its keys and defaults are in values.yaml of charts/cloudnative-pg at cloudnative-pg-v0.29.0. */
export function planOperatorValues({ place, watched }: OperatorPlan) {
    const size = postgresOperatorSizes(place.copies).operator;
    return {
        replicaCount: size.replicas.min,
        image: { ...chartImage(images.operator, place.imageSources), pullPolicy: "IfNotPresent" },
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: size.surge, maxUnavailable: 0 } },
        ...planPod("operator", size, place),
        crds: { create: false },
        config: { create: true, clusterWide: true, data: { WATCH_NAMESPACE: watched } },
        podAnnotations: callsOnly,
        // Who may view or edit a namespace may so do with databases only where the platform says so (docs/access.md).
        rbac: { create: true, aggregateClusterRoles: false },
        serviceAccount: { create: true, name: releases.operator },
        webhook: { port: ports.webhook },
        monitoring: { podMonitorEnabled: false, grafanaDashboard: { create: false } },
    };
}

/**
 * The API server, which is in no mesh, calls the operator's webhook: so its pods call as members of the mesh, and are called as if outside of it. What they
 * serve is that, their health, and metrics.
 *
 * @see https://istio.io/latest/docs/reference/config/annotations/#AmbientBypassInboundCapture
 * @see https://github.com/istio/istio/blob/1.30.3/cni/pkg/nodeagent/net.go (getPodLevelTrafficOverrides)
 */
const callsOnly = { "ambient.istio.io/bypass-inbound-capture": "true" } as const;

/** Values of the plugin's chart: its keys and defaults are in values.yaml of charts/plugin-barman-cloud at plugin-barman-cloud-v0.7.0. */
export function planPluginValues(place: SystemPlace) {
    const size = postgresOperatorSizes(place.copies).plugin;
    return {
        replicaCount: size.replicas.min,
        image: { ...splitImage(images.plugin, place.imageSources), pullPolicy: "IfNotPresent" },
        sidecarImage: splitImage(images.sidecar, place.imageSources),
        ...planPod("plugin", size, place, movesSoon),
        crds: { create: false },
        // components/data/pluginRights.ts: less than the chart's, which are all Secrets.
        rbac: { create: false },
        serviceAccount: { create: false, name: releases.plugin },
        // The chart's sign themselves, with keys below what the platform takes.
        certificate: { createClientCertificate: false, createServerCertificate: false },
    };
}

/**
 * The plugin is one pod, without which the operator does nothing for a database: neither a failover nor a new instance. So it leaves a node that does not
 * answer after as many seconds, and not after the five minutes of others.
 */
const movesSoon = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"].map((key) => ({
    key,
    operator: "Exists",
    effect: "NoExecute",
    tolerationSeconds: 15,
}));

function planPod(program: Program, size: Size, { cluster }: SystemPlace, more: readonly object[] = []) {
    const { labels, tolerations } = systemNodes(cluster);
    return {
        resources: containerResources(size),
        podSecurityContext: hardenedPod(user),
        containerSecurityContext: { ...runAs(user), seccompProfile: runtimeDefault, ...hardenedContainer },
        priorityClassName: priorityClassName("system"),
        nodeSelector: labels,
        tolerations: [...tolerations, ...more],
        topologySpreadConstraints: spreadOf(podsOf(program)),
    };
}

/** Version of the operator's chart, for the labels of what stands around it. */
export const operatorVersion = charts["cloudnative-pg"].version;
