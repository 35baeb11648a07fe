import type { DevicePlugin } from "../cloud/contract";

/** NVIDIA's device plugin, as its configuration file says it. */
interface PluginConfig {
    readonly version: "v1";
    readonly flags: {
        readonly migStrategy: "none" | "single" | "mixed";
        /** A node that is here for its GPUs and shows none is broken: the plugin fails, and the node is not taken for a healthy one. */
        readonly failOnInitError: true;
    };
    readonly sharing?: {
        readonly timeSlicing: {
            readonly renameByDefault: false;
            /** Two turns on one GPU are not two GPUs: who asks for more than one is refused instead of disappointed. */
            readonly failRequestsGreaterThanOne: true;
            readonly resources: readonly { readonly name: "nvidia.com/gpu"; readonly replicas: number }[];
        };
    };
}

/**
 * How the plugin offers a pool's GPUs. Slices are cut by the cloud before the plugin starts; it only finds them.
 *
 * @see https://github.com/NVIDIA/k8s-device-plugin/blob/1b826acc6af3079d8923bac395c3124b8861a9a6/README.md (configuration option details, shared access to GPUs)
 */
export function planPluginConfig({
    sharing,
    migStrategy,
}: Pick<DevicePlugin, "sharing" | "migStrategy">): PluginConfig {
    const flags = { migStrategy: sharing.kind === "mig" ? migStrategy : "none", failOnInitError: true } as const;
    if (sharing.kind !== "timeSliced") return { version: "v1", flags };
    const resources = [{ name: "nvidia.com/gpu", replicas: sharing.replicas }] as const;
    const timeSlicing = { renameByDefault: false, failRequestsGreaterThanOne: true, resources } as const;
    return { version: "v1", flags, sharing: { timeSlicing } };
}

/** The plan in a few words. It stands on the pods, so that they are replaced when it changes: the plugin reads its file only once. */
export function describePlan({ sharing, migStrategy }: Pick<DevicePlugin, "sharing" | "migStrategy">): string {
    switch (sharing.kind) {
        case "exclusive":
            return "exclusive";
        case "timeSliced":
            return `time-sliced-${sharing.replicas}`;
        case "mig":
            return `mig-${migStrategy}`;
    }
}
