/** A node pool as the simulated cluster takes it. */
export interface SimulatedPool {
    readonly name: string;
    readonly machineType: string;
    readonly region: string;
    readonly zones: readonly string[];
    readonly capacity: {
        readonly cpu: string;
        readonly memory: string;
        readonly storage: string;
        readonly pods: number;
    };
    readonly devices: Readonly<Record<string, number>>;
    readonly allocatable?: { readonly cpu: string; readonly memory: string; readonly storage: string };
    readonly nodes: { readonly min: number; readonly max: number; readonly desired: number };
    readonly labels: Readonly<Record<string, string>>;
    readonly taints: readonly { readonly key: string; readonly value: string; readonly effect: string }[];
}
