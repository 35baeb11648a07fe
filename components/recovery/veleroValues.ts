import { type BackupStore, backupOperator, type WorkloadIdentity } from "../cloud/contract";
import { veleroPluginSize, veleroSize } from "../foundation/veleroSize";
import { manifests } from "../kubernetes/chartTable";
import { planToken, tokenMount } from "../kubernetes/pod";
import {
    chartImage,
    chartLabels,
    containerResources,
    hardenedContainer,
    hardenedPod,
    runAs,
    systemNodes,
} from "../kubernetes/podParts";
import { priorityClassName } from "../kubernetes/priorities";
import type { SystemPlace } from "../kubernetes/systemPlace";

/** Name of the release, and so of the Deployment, its Service and its service account. */
export const release = "velero";

/** Where the server shows its metrics, and by that its health: `--metrics-address`, pkg/cmd/server/config/config.go at v1.18.1. */
export const metricsPort = 8085;

/** What its pods are told from others by: templates/deployment.yaml of the chart. */
export const pods = { "app.kubernetes.io/name": release, "app.kubernetes.io/instance": release } as const;

/** User of the plugins' images (Dockerfile of both at v1.14.0-rc.1); Velero's own names its user, `cnb`, without a number, and asks for none. */
const user = 65_532;

const image = { repository: "docker.io/velero/velero", tag: `v${manifests[release].version}` } as const;

/**
 * What writes to the store, by Velero's name for it. A plugin's minor version belongs to one of Velero's; 1.14 was made for 1.18.
 *
 * @see https://github.com/velero-io/velero-plugin-for-aws/pull/286
 */
const plugins = {
    aws: { repository: "docker.io/velero/velero-plugin-for-aws", tag: "v1.14.2" },
    azure: { repository: "docker.io/velero/velero-plugin-for-microsoft-azure", tag: "v1.14.2" },
} as const satisfies Readonly<Record<BackupStore["provider"], unknown>>;

/** That of the chart, which knows no other sign of life than the metrics. */
const probe = {
    httpGet: { path: "/metrics", port: "http-monitoring", scheme: "HTTP" },
    initialDelaySeconds: 10,
    periodSeconds: 30,
    timeoutSeconds: 5,
    successThreshold: 1,
} as const;

export interface ValuesPlan {
    readonly place: SystemPlace;
    readonly provider: BackupStore["provider"];
    readonly identity: WorkloadIdentity;
    /** How long a backup is kept, as Velero says it: `720h`. */
    readonly kept: string;
}

/** Values of the chart: its keys, types and defaults are in charts/velero/values.yaml of vmware-tanzu/helm-charts at chart version 12.1.0. */
export function planValues({ place, provider, identity, kept }: ValuesPlan) {
    return {
        labels: chartLabels(place.ownership),
        podLabels: { ...identity.podLabels },
        image: { ...chartImage(image, place.imageSources), pullPolicy: "IfNotPresent" },
        initContainers: [planPlugin(place, provider)],
        ...planPod(place),
        // Both ask the same: one that is busy is left alone sooner than it is started anew.
        livenessProbe: { ...probe, failureThreshold: 10 },
        readinessProbe: { ...probe, failureThreshold: 3 },
        // Definitions are a step of their own; what Helm would do before an upgrade and after a removal, nobody does here.
        upgradeCRDs: false,
        cleanUpCRDs: false,
        // Objects of the platform's, beside the chart: their kinds are known and their store is there before they are.
        backupsEnabled: false,
        snapshotsEnabled: false,
        configuration: {
            defaultBackupTTL: kept,
            logFormat: "json",
            // Without it Velero passes volumes of CSI drivers over, and calls the backup complete (pkg/backup/item_backupper.go at v1.18.1).
            features: "EnableCSI",
        },
        // Volumes are copied by their CSI drivers; nothing on nodes reads files out of them.
        deployNodeAgent: false,
        // It is who it is by its service account.
        credentials: { useSecret: false },
        serviceAccount: {
            server: { create: false, name: backupOperator.serviceAccount, automountServiceAccountToken: false },
        },
        // The chart would let it do everything, everywhere, at all times.
        rbac: { create: false, clusterAdministrator: false },
        metrics: { enabled: true, serviceMonitor: { enabled: false, autodetect: false } },
    };
}

/** The plugin's image is its program and what copies it to the volume that Velero starts plugins from. */
function planPlugin({ imageSources }: SystemPlace, provider: BackupStore["provider"]) {
    const { repository, tag } = chartImage(plugins[provider], imageSources);
    return {
        name: "plugin",
        image: `${repository}:${tag}`,
        imagePullPolicy: "IfNotPresent",
        resources: containerResources(veleroPluginSize),
        securityContext: { ...runAs(user), ...hardenedContainer },
        volumeMounts: [{ name: "plugins", mountPath: "/target" }],
    };
}

function planPod({ cluster }: SystemPlace) {
    const { labels, tolerations } = systemNodes(cluster);
    return {
        resources: containerResources(veleroSize),
        podSecurityContext: hardenedPod(user),
        containerSecurityContext: { ...runAs(user), ...hardenedContainer },
        priorityClassName: priorityClassName("system"),
        nodeSelector: labels,
        tolerations: [...tolerations],
        // Longer than the chart's probes wait for an answer; a backup goes on where it was only if the pod that was at it ended it.
        terminationGracePeriodSeconds: 300,
        extraVolumes: [planToken()],
        extraVolumeMounts: [tokenMount],
    };
}
