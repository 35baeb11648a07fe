import type * as pulumi from "@pulumi/pulumi";
import type { Labels } from "../foundation/labels";

/** What a cloud gives to the platform that is put on it. */
export interface CloudPlatform {
    readonly cluster: ClusterHandle;
}

/** A cluster as everything inside it sees it: no cloud's name, no cloud's SDK. */
export interface ClusterHandle {
    /** The only provider that makes objects in this cluster. */
    readonly provider: pulumi.ProviderResource;
    /** UID of the kube-system namespace: what tells this cluster from every other. */
    readonly identity: pulumi.Output<string>;
    readonly nodes: NodePools;
    readonly storageClasses: Readonly<Record<StoragePurpose, string>>;
    readonly ingress: IngressController;
    /** Namespace that metrics are scraped from. */
    readonly monitoringNamespace: string;
}

export interface NodePools {
    readonly general: NodePool;
    /** Undefined when the cluster has no GPUs: what could use one then runs on CPUs. */
    readonly gpu: GpuPool | undefined;
}

/** How a pod lands on the nodes of one role. */
export interface NodePool {
    readonly labels: Labels;
    readonly tolerations: readonly Toleration[];
}

/** A pool whose nodes have GPUs. */
export interface GpuPool extends NodePool {
    /** Extended resource that a pod asks for to get one GPU, such as `nvidia.com/gpu`. */
    readonly resource: string;
}

/** A pod's right to be scheduled on nodes that keep other pods away. */
export interface Toleration {
    readonly key: string;
    readonly operator: "Exists";
    readonly effect: "NoSchedule";
}

/** What a storage class is for, whatever the cluster calls it. */
export type StoragePurpose = "standard";

export interface IngressController {
    readonly className: string;
    /** Namespace that its pods call the platform's services from. */
    readonly namespace: string;
}
