import { Deployment } from "@pulumi/kubernetes/apps/v1";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1";
import { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from "@pulumi/kubernetes/rbac/v1";
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterHandle, NodeScaler } from "../cloud/contract";
import { type ChildOptions, TarsComponent } from "../foundation/component";
import { peakDemand } from "../foundation/demand";
import type { ImageSources } from "../foundation/imageSources";
import { type Labels, labelsOf, type Ownership, selectorOf } from "../foundation/labels";
import type { Size } from "../foundation/workloads";
import { clusterWide } from "./clusterWide";
import { images } from "./images";
import { TenantNamespace } from "./namespace";
import { clusterRules, namespaceRules } from "./nodeScalerRules";
import { planPodTemplate } from "./pod";
import { planQuota } from "./quota";
import { blocks, planCalls, tcp, toCredentials } from "./traffic";
import { createTraffic } from "./trafficPolicies";

export interface ClusterAutoscalerArgs {
    readonly cluster: ClusterHandle;
    readonly ownership: Ownership;
    readonly imageSources: ImageSources;
    readonly scaler: NodeScaler;
}

/** Two pods, of which one leads: nodes are added while the other's node goes. Requests are those of the upstream example, its memory doubled. */
const size: Size = {
    replicas: { min: 2, max: 2 },
    surge: 1,
    requests: { cpu: "100m", memory: "600Mi" },
    limits: { cpu: "500m", memory: "600Mi" },
    scratch: "64Mi",
};

/** Adds nodes for pods that fit nowhere and takes empty ones away, within the bounds of each pool: the Kubernetes cluster autoscaler. */
export class ClusterAutoscaler extends TarsComponent {
    constructor(name: string, args: ClusterAutoscalerArgs, opts?: pulumi.ComponentResourceOptions) {
        super("kubernetes", "ClusterAutoscaler", name, opts);
        const { cluster, ownership, scaler, imageSources } = args;
        const labels = labelsOf({ name: "cluster-autoscaler", component: "nodes", version: scaler.version }, ownership);
        const quota = planQuota(peakDemand(size), undefined);
        const tenant = new TenantNamespace(
            name,
            { cluster, ownership, namespace: scaler.namespace, quota },
            { parent: this },
        );
        const place = { name: scaler.serviceAccount, namespace: tenant.namespace, labels };
        const child = { parent: this, provider: cluster.provider, dependsOn: [tenant.object] };
        const access = createAccess(name, place, child);
        createTraffic(name, planTraffic(scaler), place, child);
        createPods(name, { scaler, imageSources }, place, { ...child, dependsOn: [tenant, ...access] });
        this.registerOutputs({});
    }
}

interface Place {
    readonly name: string;
    readonly namespace: pulumi.Output<string>;
    readonly labels: Labels;
}

function createAccess(name: string, place: Place, child: ChildOptions): pulumi.Resource[] {
    const { labels } = place;
    const subjects = [{ kind: "ServiceAccount", name: place.name, namespace: place.namespace }];
    const ref = (kind: string) => ({ apiGroup: "rbac.authorization.k8s.io", kind, name: place.name });
    const wide = { name: place.name, labels: clusterWide(labels) };
    return [
        new ServiceAccount(`${name}-account`, { metadata: place, automountServiceAccountToken: false }, child),
        new ClusterRole(`${name}-cluster-role`, { metadata: wide, rules: [...clusterRules] }, child),
        new ClusterRoleBinding(
            `${name}-cluster-role`,
            { metadata: wide, roleRef: ref("ClusterRole"), subjects },
            child,
        ),
        new Role(`${name}-role`, { metadata: place, rules: [...namespaceRules] }, child),
        new RoleBinding(`${name}-role`, { metadata: place, roleRef: ref("Role"), subjects }, child),
    ];
}

/** It calls the API server and the cloud's own APIs, both over TLS and within the network. */
function planTraffic({ apiRanges }: NodeScaler) {
    const apis = { to: blocks(apiRanges), ports: tcp(443) };
    return { apis: planCalls(selectorOf("cluster-autoscaler"), [apis, toCredentials]) };
}

type Scaled = Pick<ClusterAutoscalerArgs, "scaler" | "imageSources">;

function createPods(name: string, { scaler, imageSources }: Scaled, place: Place, child: ChildOptions): void {
    const selector = { matchLabels: selectorOf("cluster-autoscaler") };
    const template = planPodTemplate({
        name: place.name,
        labels: place.labels,
        image: { ...images.clusterAutoscaler, tag: scaler.version },
        imageSources,
        priority: "system",
        size,
        nodes: scaler.nodes,
        devices: {},
        arguments: [...scaler.arguments, `--namespace=${scaler.namespace}`],
        environment: Object.entries(scaler.environment).map(([key, value]) => ({ name: key, value })),
        environmentFrom: [],
        secretFolders: {},
        secretKeys: {},
        configFolders: {},
        annotations: {},
        claimPath: undefined,
        readiness: images.clusterAutoscaler.probe,
        afterStart: [],
        startupSeconds: 60,
        stopSeconds: 25,
        callsApi: true,
    });
    const spec = { replicas: size.replicas.min, selector, template };
    new Deployment(name, { metadata: place, spec }, child);
    new PodDisruptionBudget(`${name}-disruption`, { metadata: place, spec: { maxUnavailable: 1, selector } }, child);
}
