import { DaemonSet } from "@pulumi/kubernetes/apps/v1";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1";
import type { core } from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import type { NodePool } from "../cloud/contract";
import { TarsComponent } from "../foundation/component";
import { peakDemand } from "../foundation/demand";
import { imagePuller } from "../foundation/imagePuller";
import { type ImageSources, imageReference } from "../foundation/imageSources";
import { labelsOf, selectorOf } from "../foundation/labels";
import { images } from "../kubernetes/images";
import { TenantNamespace } from "../kubernetes/namespace";
import { containerResources, hardenedContainer, hardenedPod } from "../kubernetes/podParts";
import { priorityClassName } from "../kubernetes/priorities";
import { mostNodes, planQuota } from "../kubernetes/quota";
import type { SystemPlace } from "../kubernetes/systemPlace";
import { planAccelerator } from "./ollama";

export interface ImagePullArgs {
    readonly place: SystemPlace;
}

const { name: workload } = imagePuller;
const image = images.ollama;

/**
 * Has every node of inference fetch the image of its model server beforehand: a pod that does nothing runs it there, so the kubelet neither waits for
 * it nor cleans it up. An update reaches the nodes here first, and pods that serve are replaced only then.
 */
export class ImagePull extends TarsComponent {
    constructor(name: string, { place }: ImagePullArgs, opts?: pulumi.ComponentResourceOptions) {
        super("inference", "ImagePull", name, opts);
        const { cluster, ownership, imageSources } = place;
        const labels = labelsOf({ name: workload, component: "inference", version: image.tag }, ownership);
        const size = { ...imagePuller, replicas: { min: mostNodes, max: mostNodes }, surge: 0 };
        const quota = planQuota(peakDemand(size), undefined);
        const tenant = new TenantNamespace(name, { cluster, ownership, namespace: workload, quota }, { parent: this });
        const child = { parent: this, provider: cluster.provider, dependsOn: [tenant.object] };
        const metadata = { name: workload, namespace: tenant.namespace, labels };
        const account = new ServiceAccount(`${name}-account`, { metadata, automountServiceAccountToken: false }, child);
        const { nodes } = planAccelerator(cluster.nodes);
        const spec = {
            selector: { matchLabels: selectorOf(workload) },
            template: { metadata: { labels }, spec: planPod(nodes, imageSources) },
            updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "50%" } },
        };
        new DaemonSet(name, { metadata, spec }, { ...child, dependsOn: [tenant, account] });
        this.registerOutputs({});
    }
}

function planPod(nodes: NodePool, imageSources: ImageSources): core.v1.PodSpec {
    return {
        serviceAccountName: workload,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        priorityClassName: priorityClassName("batch"),
        nodeSelector: nodes.labels,
        tolerations: [...nodes.tolerations],
        terminationGracePeriodSeconds: 1,
        securityContext: hardenedPod(),
        containers: [
            {
                name: workload,
                image: imageReference(image, imageSources),
                // Of coreutils, which the image's Ubuntu has: Dockerfile of ollama/ollama at v0.32.15.
                command: ["sleep", "infinity"],
                resources: containerResources(imagePuller),
                securityContext: hardenedContainer,
            },
        ],
    };
}
