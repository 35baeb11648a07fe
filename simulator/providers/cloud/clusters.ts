import { join } from "node:path";
import { readJsonIfThere, writePrivateFile } from "../../system/files";
import { cloudFolder } from "./store";

/** What `simulator/clouds/controlPlane.ts` does for a cloud that has clusters. */
export interface Clusters {
    startControlPlane(name: string): Promise<StartedControlPlane>;
    stopControlPlane(name: string): Promise<void>;
    setPool(name: string, pool: SimulatedPool): Promise<void>;
    removePool(name: string, pool: string): Promise<void>;
    setAccess(name: string, allowed: boolean): Promise<void>;
}

export interface StartedControlPlane {
    readonly endpoint: string;
    /** base64 of the PEM */
    readonly certificateAuthority: string;
}

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
    /** Extended resources such as { "nvidia.com/gpu": 4 }. */
    readonly devices: Readonly<Record<string, number>>;
    readonly allocatable?: { readonly cpu: string; readonly memory: string; readonly storage: string };
    readonly nodes: { readonly min: number; readonly max: number; readonly desired: number };
    readonly labels: Readonly<Record<string, string>>;
    readonly taints: readonly { readonly key: string; readonly value: string; readonly effect: string }[];
}

/**
 * The run's clusters. Where `TARS_SIMULATOR_CLUSTERS` is `recorded`, as in tests of a cloud alone, none is started: what is asked for is
 * written down in `clusters.json` beside the clouds.
 */
export function clusters(): Clusters {
    if (process.env.TARS_SIMULATOR_CLUSTERS === "recorded") return recorded(join(cloudFolder(), "clusters.json"));
    // Loaded when it is needed: most plugins of most runs start no cluster.
    return require("../../clouds/controlPlane");
}

interface Recorded {
    readonly pools: Readonly<Record<string, SimulatedPool>>;
    readonly access: boolean;
}

function recorded(file: string): Clusters {
    const read = (): Record<string, Recorded> => Object(readJsonIfThere(file));
    const write = (all: Readonly<Record<string, Recorded>>) => writePrivateFile(file, JSON.stringify(all));
    const change = async (name: string, work: (cluster: Recorded) => Recorded) => {
        const cluster = read()[name];
        if (cluster === undefined) throw new Error(`there is no control plane ${name}`);
        write({ ...read(), [name]: work(cluster) });
    };
    return {
        startControlPlane: async (name) => {
            write({ ...read(), [name]: read()[name] ?? { pools: {}, access: true } });
            return { endpoint: "https://127.0.0.1:1", certificateAuthority: "cmVjb3JkZWQ=" };
        },
        stopControlPlane: async (name) => {
            const { [name]: _, ...others } = read();
            write(others);
        },
        setPool: (name, pool) =>
            change(name, (cluster) => ({ ...cluster, pools: { ...cluster.pools, [pool.name]: pool } })),
        removePool: (name, pool) =>
            change(name, (cluster) => {
                const { [pool]: _, ...pools } = cluster.pools;
                return { ...cluster, pools };
            }),
        setAccess: (name, access) => change(name, (cluster) => ({ ...cluster, access })),
    };
}
