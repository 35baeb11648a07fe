import * as path from "node:path";

/** Root of the project: where Pulumi.yaml is. */
export const projectRoot = path.resolve(__dirname, "..", "..");

/** Where one stack's simulated run keeps everything; all of it may be deleted once the run is down. */
export interface StatePaths {
    readonly directory: string;
    /** etcd data, certificates and logs of the control plane. */
    readonly cluster: string;
    readonly clusterSpec: string;
    /** What simulated clouds hold, a JSON file a cloud, for their plugins of later engine runs. */
    readonly clouds: string;
    readonly kubeconfig: string;
    /** Pulumi file backend. */
    readonly backend: string;
    readonly pulumiHome: string;
    readonly plugins: string;
    readonly passphrase: string;
    /** Folder that the engine runs in: leads to the program, and holds a copy of the stack file with this backend's salt as its secrets provider. */
    readonly workspace: string;
    /** What the engine printed, for when it fails. */
    readonly engineLog: string;
    readonly clusterLog: string;
    /** What stands in for charts, manifests and operators in this run. */
    readonly standins: string;
    readonly lock: string;
    /** Token and plugin choice of the running session. */
    readonly session: string;
    /** There while an update is under way, and left behind by one that was cut off. */
    readonly updateMarker: string;
}

/** Folder of all simulated runs: TARS_STATE_DIR, or `.tars` in the project. */
export function stateRoot(): string {
    return path.resolve(projectRoot, process.env.TARS_STATE_DIR || ".tars");
}

/** @param run name of the run: the stack's name, or one derived from it */
export function statePaths(run: string, root: string = stateRoot()): StatePaths {
    const directory = path.join(root, run);
    const at = (...parts: string[]): string => path.join(directory, ...parts);
    return {
        directory,
        cluster: at("cluster"),
        clusterSpec: at("cluster-spec.json"),
        clouds: at("clouds"),
        kubeconfig: at("kubeconfig"),
        backend: at("backend"),
        pulumiHome: at("pulumi-home"),
        plugins: at("plugins"),
        passphrase: at("passphrase"),
        workspace: at("workspace"),
        engineLog: at("engine.log"),
        clusterLog: at("cluster.log"),
        standins: at("standins.json"),
        lock: at("lock"),
        session: at("session.json"),
        updateMarker: at("update.json"),
    };
}
