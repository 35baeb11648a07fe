import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterHandle } from "../cloud/contract";
import { type ChildOptions, TarsComponent } from "../foundation/component";
import { type Demand, demandAtPeak } from "../foundation/demand";
import type { ImageSources } from "../foundation/imageSources";
import { labelsOf } from "../foundation/labels";
import type { MeshMode } from "../foundation/mesh";
import { cniAgentSize, meshAgents, ztunnelSize } from "../foundation/meshSizes";
import type { PluginFolders } from "../foundation/pluginFolders";
import { createChart } from "../kubernetes/chart";
import { istioVersion } from "../kubernetes/chartTable";
import { controlPlane, proxyMetricsPort, toControlPlane } from "../kubernetes/meshTraffic";
import { TenantNamespace } from "../kubernetes/namespace";
import { containerResources, runtimeDefault } from "../kubernetes/podParts";
import { planQuota } from "../kubernetes/quota";
import type { SystemPlace } from "../kubernetes/systemPlace";
import { fromMonitoring, planTrafficOf, type TrafficPolicy, toApiServer } from "../kubernetes/traffic";
import { istioImage, releaseIn } from "./images";
import { nodeNamespace } from "./nodes";

export interface NodeAgentsArgs {
    readonly place: SystemPlace;
    readonly mode: MeshMode;
}

/** What the mesh has on every node: the agent that leads pods' traffic into it and, in ambient mode, the proxy that carries it. */
export class NodeAgents extends TarsComponent {
    constructor(name: string, { place, mode }: NodeAgentsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("mesh", "NodeAgents", name, opts);
        const { cluster, ownership, charts: sources, imageSources } = place;
        const quota = planQuota(demandOf(mode, cluster.mostNodes), undefined);
        const nodeAgents = "Istio's agents set up the network of each pod from its node";
        const tenant = new TenantNamespace(
            name,
            { cluster, ownership, namespace: nodeNamespace, quota, nodeAgents },
            { parent: this },
        );
        const { namespace } = tenant;
        const child = { parent: this, provider: cluster.provider, dependsOn: [tenant.object] };
        const traffic = createTraffic(name, { place, mode }, namespace, child);
        const agent = createChart(
            `${name}-cni`,
            {
                chart: "istio-cni",
                release: "istio-cni",
                namespace,
                sources,
                values: planCniAgent(mode, imageSources, cluster.pluginFolders),
            },
            { ...child, dependsOn: [tenant, ...traffic] },
        );
        if (mode === "ambient") {
            createChart(
                `${name}-ztunnel`,
                { chart: "ztunnel", release: "ztunnel", namespace, sources, values: planZtunnel(imageSources) },
                { ...child, dependsOn: [tenant, ...traffic, agent] },
            );
        }
        this.registerOutputs({});
    }
}

/** One pod of each agent on every node; while they are renewed, one node at a time, two of each. */
export function demandOf(mode: MeshMode, nodes: number): Demand {
    return demandAtPeak(meshAgents[mode].map((size) => ({ ...size, replicas: { min: nodes, max: nodes }, surge: 1 })));
}

/** Values of the agent's chart. It mends pods that started before it only where they have proxies of their own; ambient mode takes pods in at any time. */
export function planCniAgent(mode: MeshMode, imageSources: ImageSources, folders: PluginFolders) {
    return {
        image: istioImage("cniAgent", imageSources),
        ambient: { enabled: mode === "ambient" },
        repair: { enabled: mode === "sidecar" },
        cniConfDir: folders.configuration,
        cniBinDir: folders.programs,
        cniNetnsDir: folders.networks,
        excludeNamespaces: ["kube-system", controlPlane.namespace, nodeNamespace],
        resources: containerResources(cniAgentSize),
        seccompProfile: runtimeDefault,
        // A field since Kubernetes 1.30; the annotation of before is on its way out.
        useAppArmorAnnotation: false,
        global: { ...releaseIn(imageSources), logAsJson: true },
    };
}

/** Values of the node proxy's chart, which knows no seccomp profile. */
export function planZtunnel(imageSources: ImageSources) {
    return {
        ...releaseIn(imageSources),
        image: istioImage("ztunnel", imageSources),
        istioNamespace: controlPlane.namespace,
        resources: containerResources(ztunnelSize),
        logAsJson: true,
    };
}

/** Labels of the agents' pods, as their charts have them. */
const podLabels = { cni: { "k8s-app": "istio-cni-node" }, ztunnel: { app: "ztunnel" } } as const;

function createTraffic(
    name: string,
    { place, mode }: NodeAgentsArgs,
    namespace: pulumi.Output<string>,
    child: ChildOptions,
): readonly NetworkPolicy[] {
    const policies = Object.entries(planTraffic(place.cluster, mode));
    return policies.map(([agent, spec]) => {
        const labels = labelsOf({ name: agent, component: "mesh", version: istioVersion }, place.ownership);
        return new NetworkPolicy(`${name}-${agent}`, { metadata: { name: agent, namespace, labels }, spec }, child);
    });
}

/** The agent reads the API, the proxy asks istiod; what the proxy carries for pods leaves from the pods' own network, under their policies. */
export function planTraffic(
    cluster: Pick<ClusterHandle, "apiRanges" | "monitoringNamespace">,
    mode: MeshMode,
): Readonly<Record<string, TrafficPolicy>> {
    const shown = (port: number) => [fromMonitoring(cluster, port)];
    const cni = planTrafficOf(podLabels.cni, { ingress: shown(15_014), egress: toApiServer(cluster) });
    if (mode === "sidecar") return { "istio-cni": cni };
    const ztunnel = planTrafficOf(podLabels.ztunnel, { ingress: shown(proxyMetricsPort), egress: [toControlPlane] });
    return { "istio-cni": cni, ztunnel };
}
