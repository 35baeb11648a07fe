import { DaemonSet } from "@pulumi/kubernetes/apps/v1";
import { ConfigMap, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import type { core } from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterHandle, DevicePlugin, GpuPool } from "../cloud/contract";
import { type ChildOptions, TarsComponent } from "../foundation/component";
import { peakDemand } from "../foundation/demand";
import { devicePluginSize } from "../foundation/devicePlugin";
import { type ImageSources, imageReference } from "../foundation/imageSources";
import { type Labels, labelsOf, type Ownership, selectorOf } from "../foundation/labels";
import { describePlan, planPluginConfig } from "./devicePluginConfig";
import { TenantNamespace } from "./namespace";
import { containerResources, hardenedContainer, runtimeDefault } from "./podParts";
import { planQuota } from "./quota";

export interface NvidiaDevicePluginArgs {
    readonly cluster: ClusterHandle;
    readonly ownership: Ownership;
    readonly imageSources: ImageSources;
    readonly pool: GpuPool;
    readonly plugin: DevicePlugin;
}

/**
 * Image and settings are those of upstream's own manifest, which Microsoft's documentation has too.
 *
 * @see https://github.com/NVIDIA/k8s-device-plugin/blob/1b826acc6af3079d8923bac395c3124b8861a9a6/deployments/static/nvidia-device-plugin.yml
 * @see https://github.com/MicrosoftDocs/azure-aks-docs/blob/04921f5f14a6783d2038303b37d25f760e786488/articles/aks/use-nvidia-gpu.md
 */
const image = { repository: "nvcr.io/nvidia/k8s-device-plugin", tag: "v0.20.0" } as const;

/** Where the kubelet listens for device plugins, and calls them back. */
const socketFolder = "/var/lib/kubelet/device-plugins";

const configFolder = "/etc/nvidia-device-plugin";

/** The policy pack knows the plugin by these two names; docs/adr/0009-nvidia-device-plugin.md has the reasons. */
const namespaceName = "gpu-resources";
const workloadName = "nvidia-device-plugin";

/** Tells the kubelets of a pool which GPUs, or shares of them, their nodes have: NVIDIA's device plugin, where the node image brings none. */
export class NvidiaDevicePlugin extends TarsComponent {
    constructor(name: string, args: NvidiaDevicePluginArgs, opts?: pulumi.ComponentResourceOptions) {
        super("kubernetes", "NvidiaDevicePlugin", name, opts);
        const { cluster, ownership, plugin, pool, imageSources } = args;
        const labels = labelsOf({ name: workloadName, component: "nodes", version: image.tag }, ownership);
        const size = { ...devicePluginSize, replicas: { min: plugin.nodes, max: plugin.nodes }, surge: 0 };
        const quota = planQuota(peakDemand(size), undefined);
        const nodeAgents = "NVIDIA's device plugin registers with the kubelet through a folder of the node";
        const tenant = new TenantNamespace(
            name,
            { cluster, ownership, namespace: namespaceName, quota, nodeAgents },
            { parent: this },
        );
        const place = { name: workloadName, namespace: tenant.namespace, labels };
        const child = { parent: this, provider: cluster.provider, dependsOn: [tenant.object] };
        const configuration = createConfiguration(name, plugin, place, child);
        createPods(name, { plugin, pool, imageSources }, place, { ...child, dependsOn: [tenant, ...configuration] });
        this.registerOutputs({});
    }
}

interface Place {
    readonly name: string;
    readonly namespace: pulumi.Output<string>;
    readonly labels: Labels;
}

function createConfiguration(name: string, plugin: DevicePlugin, place: Place, child: ChildOptions): pulumi.Resource[] {
    const data = { "config.yaml": JSON.stringify(planPluginConfig(plugin), undefined, 2) };
    return [
        new ServiceAccount(`${name}-account`, { metadata: place, automountServiceAccountToken: false }, child),
        new ConfigMap(`${name}-config`, { metadata: place, data }, child),
    ];
}

type Served = Pick<NvidiaDevicePluginArgs, "plugin" | "pool" | "imageSources">;

function createPods(name: string, served: Served, place: Place, child: ChildOptions): void {
    const selector = { matchLabels: selectorOf(workloadName) };
    const template = {
        metadata: { labels: place.labels, annotations: { "tars-platform/gpu-sharing": describePlan(served.plugin) } },
        spec: planPod(served),
    };
    // Nodes with GPUs come and go; whether one of them is ready just now says nothing about this change.
    const metadata = { ...place, annotations: { "pulumi.com/skipAwait": "true" } };
    new DaemonSet(name, { metadata, spec: { selector, template, updateStrategy: { type: "RollingUpdate" } } }, child);
}

function planPod({ plugin, pool, imageSources }: Served): core.v1.PodSpec {
    return {
        serviceAccountName: workloadName,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        // Before everything else on its node: nothing there gets a GPU without it.
        priorityClassName: "system-node-critical",
        nodeSelector: pool.labels,
        tolerations: [...pool.tolerations],
        // The kubelet's folder belongs to root. Without capabilities root may do here what an owner may, and no more.
        securityContext: {
            runAsNonRoot: false,
            runAsUser: 0,
            runAsGroup: 0,
            seccompProfile: runtimeDefault,
        },
        containers: [planContainer(plugin, imageSources)],
        volumes: [
            { name: "sockets", hostPath: { path: socketFolder, type: "Directory" } },
            { name: "config", configMap: { name: workloadName, defaultMode: 0o444 } },
        ],
    };
}

function planContainer({ sharing }: DevicePlugin, imageSources: ImageSources): core.v1.Container {
    const slices = sharing.kind === "mig";
    return {
        name: workloadName,
        image: imageReference(image, imageSources),
        args: [`--config-file=${configFolder}/config.yaml`],
        // Slices are watched through a device that NVIDIA's runtime gives only to containers with SYS_ADMIN; upstream's chart adds both too.
        env: slices ? [{ name: "NVIDIA_MIG_MONITOR_DEVICES", value: "all" }] : [],
        resources: containerResources(devicePluginSize),
        securityContext: {
            ...hardenedContainer,
            capabilities: { ...hardenedContainer.capabilities, ...(slices ? { add: ["SYS_ADMIN"] } : {}) },
        },
        volumeMounts: [
            { name: "sockets", mountPath: socketFolder },
            { name: "config", mountPath: configFolder, readOnly: true },
        ],
    };
}
