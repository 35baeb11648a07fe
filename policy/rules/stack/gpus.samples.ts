import type { Resource } from "../../rule";
import { cloudResource, kubernetesResource, podOf } from "../../samples";

type Mapping = Readonly<Record<string, unknown>>;

export const gpu = "nvidia.com/gpu";
export const toleration = { key: gpu, operator: "Equal", value: "present", effect: "NoSchedule" } as const;

interface Situation {
    readonly limits?: Readonly<Record<string, string | number>>;
    /** @default what the limits say */
    readonly requests?: Readonly<Record<string, string | number>>;
    /** More of the pod's spec. */
    readonly pod?: Mapping;
    /** @default shop */
    readonly namespace?: string;
}

/** A Deployment whose one container asks for devices. */
export function asking({ limits = {}, requests = limits, pod = {}, namespace = "shop" }: Situation): Resource {
    const containers = [{ name: "model", image: "registry.example/model:1.0.0", resources: { limits, requests } }];
    const spec = podOf({ kind: "pod", set: { containers, ...pod } });
    return kubernetesResource("apps/v1", "Deployment", {
        metadata: { name: "model", namespace },
        spec: { template: { metadata: {}, spec } },
    });
}

/** A pod that asks for one GPU and goes where they are. */
export const placed = asking({
    limits: { [gpu]: "1" },
    pod: { nodeSelector: { "node-type": "gpu" }, tolerations: [toleration] },
});

export function awsPool(inputs: Mapping = {}): Resource {
    return cloudResource(
        "aws:eks/nodeGroup:NodeGroup",
        {
            instanceTypes: ["g5.2xlarge"],
            labels: { "node-type": "gpu" },
            taints: [{ key: gpu, value: "present", effect: "NO_SCHEDULE" }],
            ...inputs,
        },
        "gpu",
    );
}

export function azurePool(inputs: Mapping = {}): Resource {
    return cloudResource(
        "azure-native:containerservice:AgentPool",
        {
            vmSize: "Standard_NV36ads_A10_v5",
            nodeLabels: { "node-type": "gpu" },
            nodeTaints: [`${gpu}=present:NoSchedule`],
            ...inputs,
        },
        "gpu",
    );
}

/** The file of NVIDIA's device plugin. */
export function pluginConfig(config: Mapping): Resource {
    const data = { "config.yaml": JSON.stringify({ version: "v1", flags: { migStrategy: "none" }, ...config }) };
    return kubernetesResource("core/v1", "ConfigMap", {
        metadata: { name: "nvidia-device-plugin", namespace: "gpu-resources" },
        data,
    });
}
