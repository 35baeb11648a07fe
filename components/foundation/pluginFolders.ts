/** Where a node keeps its network plugins, which is up to the distribution of Kubernetes. */
export interface PluginFolders {
    /** Configuration that the container runtime reads. */
    readonly configuration: string;
    /** Programs that it calls. */
    readonly programs: string;
    /** Networks of the node's pods. */
    readonly networks: string;
}

/**
 * The folders of most distributions, EKS and AKS among them.
 *
 * @see https://github.com/istio/istio/blob/1.30.3/manifests/charts/istio-cni/values.yaml
 */
export const usualPluginFolders: PluginFolders = {
    configuration: "/etc/cni/net.d",
    programs: "/opt/cni/bin",
    networks: "/var/run/netns",
};
