/** Shape of one node of a cluster. */
export interface MachineShape {
    /** Cores, as Kubernetes writes them. */
    readonly cpu: string;
    /** RAM as a Kubernetes quantity. */
    readonly memory: string;
    /** Local disk as a Kubernetes quantity. */
    readonly storage: string;
    /** Most pods a kubelet accepts (Kubernetes' documented default: https://kubernetes.io/docs/setup/best-practices/cluster-large/). */
    readonly pods: number;
}

/** Shapes that the requirements name without naming a cloud's machine type. */
export const machines = {
    /** requirements/000, internal cluster: "8 cores", "32GB", "100GB SSD" a node. */
    internal: { cpu: "8", memory: "32Gi", storage: "100Gi", pods: 110 },
} as const satisfies Record<string, MachineShape>;
