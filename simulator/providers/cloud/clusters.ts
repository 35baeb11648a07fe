import { join } from "node:path";
import * as controlPlane from "../../clouds/controlPlane";
import { readJsonIfThere, writePrivateFile } from "../../system/files";
import { cloudFolder } from "./store";

export type { SimulatedPool } from "../../clouds/controlPlane";

/** What a cloud that has clusters asks of them. */
export type Clusters = Pick<
    typeof controlPlane,
    "startControlPlane" | "stopControlPlane" | "setPool" | "removePool" | "setAccess" | "setSnapshots"
>;

/**
 * The run's clusters. Where `TARS_SIMULATOR_CLUSTERS` is `recorded`, as in tests of a cloud alone, none is started: what is asked for is
 * written down in `clusters.json` beside the clouds.
 */
export function clusters(): Clusters {
    if (process.env.TARS_SIMULATOR_CLUSTERS === "recorded") return recorded(join(cloudFolder(), "clusters.json"));
    return controlPlane;
}

interface Recorded {
    readonly pools: Readonly<Record<string, controlPlane.SimulatedPool>>;
    readonly access: boolean;
    /** Whether the kinds of volume snapshots are there; absent while nobody has brought them. */
    readonly snapshots?: boolean;
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
        setSnapshots: (name, snapshots) => change(name, (cluster) => ({ ...cluster, snapshots })),
    };
}
