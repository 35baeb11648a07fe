import * as fs from "node:fs";
import { parse } from "yaml";
import { Fault } from "../fault";
import { cloudCluster } from "../machines/clusters";
import { answeringCluster, startCluster } from "../session/cluster";
import { clusterFiles } from "../session/clusterFiles";
import { stopCluster } from "../session/clusterStop";
import { apiClient } from "../session/kubernetes";
import { field, listField, onDisk, readIfThere, textField, writePrivateFile } from "../system/files";
import { untilPoolIs } from "./pools";
import { type Run, runOfEnvironment } from "./run";
import { addSnapshotKinds, removeSnapshotKinds } from "./snapshotKinds";

/** A set of equal machines as a simulated cloud describes it to its cluster. */
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
    /** What pods may use. @default computed from the capacity */
    readonly allocatable?: { readonly cpu: string; readonly memory: string; readonly storage: string };
    /** `desired` to begin with; between `min` and `max` the cluster's scaler decides afterwards. */
    readonly nodes: { readonly min: number; readonly max: number; readonly desired: number };
    readonly labels: Readonly<Record<string, string>>;
    readonly taints: readonly { readonly key: string; readonly value: string; readonly effect: string }[];
}

export interface StartedControlPlane {
    /** URL of the API server. */
    readonly endpoint: string;
    /** base64 of the PEM */
    readonly certificateAuthority: string;
}

/** Who logs in with the run's token: cluster/credentials.go of the host. */
const loginGroup = "tars-simulator:logins";
const bindings = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";

/**
 * Starts the run's control plane, which outlives this process, or finds it running. It keeps its address and authority over restarts. Whoever logs
 * in with the run's token may do everything, until `setAccess` says otherwise.
 *
 * @throws Fault when the run has a control plane of another name: one cluster a stack is all that is simulated
 */
export async function startControlPlane(name: string): Promise<StartedControlPlane> {
    const run = runOfEnvironment();
    const { paths, host, token, owner } = run;
    const files = clusterFiles(paths);
    const found = readIfThere(files.name);
    if (found !== undefined && found !== name) throw otherCluster(found, name);
    if (found === undefined) await wipe(run); // what a start that was cut off left
    if ((await answeringCluster(paths)) === undefined) {
        onDisk(files.kept, () => fs.rmSync(files.kept, { force: true }));
        const cluster = await startCluster({
            host,
            paths,
            spec: cloudCluster,
            login: { token, ...(owner === undefined ? {} : { owner }) },
            signal: new AbortController().signal,
            progress: () => undefined,
        });
        cluster.keep();
    }
    if (found === undefined) {
        await grant(paths.kubeconfig);
        writePrivateFile(files.name, name); // last, so that one which has a name is whole
    }
    return addressOf(paths.kubeconfig);
}

function otherCluster(found: string, wanted: string): Fault {
    return new Fault(
        `the run has a control plane already, that of ${found}; a second one, ${wanted}, is more than the simulator runs`,
        "let the stack have one cluster; to replace it under another name, take the first one away before",
    );
}

function addressOf(kubeconfig: string): StartedControlPlane {
    const cluster = field(listField(parse(readIfThere(kubeconfig) ?? ""), "clusters")[0], "cluster");
    const endpoint = textField(cluster, "server");
    const certificateAuthority = textField(cluster, "certificate-authority-data");
    if (endpoint === undefined || certificateAuthority === undefined) throw new Error(`${kubeconfig} names no cluster`);
    return { endpoint, certificateAuthority };
}

/** Stops the control plane and wipes all its data; does nothing when there is none of this name. */
export async function stopControlPlane(name: string): Promise<void> {
    const run = runOfEnvironment();
    if (readIfThere(clusterFiles(run.paths).name) === name) await wipe(run);
}

async function wipe({ paths, host }: Run): Promise<void> {
    await stopCluster(paths, host);
    onDisk(paths.cluster, () => {
        for (const place of [paths.cluster, paths.kubeconfig, paths.clusterSpec, paths.clusterLog])
            fs.rmSync(place, { recursive: true, force: true });
    });
}

/** Adds or changes one pool and waits until its nodes are as wanted. */
export async function setPool(name: string, pool: SimulatedPool): Promise<void> {
    const run = requireControlPlane(name);
    writePrivateFile(clusterFiles(run.paths).pool(pool.name), JSON.stringify(pool, undefined, 4));
    await untilPoolIs(run.paths, pool.name, pool.nodes.desired);
}

/** Drains the nodes of a pool and waits until they are gone. */
export async function removePool(name: string, pool: string): Promise<void> {
    const { paths } = requireControlPlane(name);
    const file = clusterFiles(paths).pool(pool);
    onDisk(file, () => fs.rmSync(file, { force: true }));
    await untilPoolIs(paths, pool, undefined);
}

/** Lets those who log in with the run's token in, or answers them 403, as a cluster does before the caller's access entry or role is there. */
export async function setAccess(name: string, allowed: boolean): Promise<void> {
    const { paths } = requireControlPlane(name);
    return allowed ? grant(paths.kubeconfig) : apiClient(paths.kubeconfig).remove(`${bindings}/${loginGroup}`);
}

/** Brings the kinds of volume snapshots into the cluster, as a cloud does with its controller of them, or takes them away. */
export async function setSnapshots(name: string, there: boolean): Promise<void> {
    const { paths } = requireControlPlane(name);
    return there ? addSnapshotKinds(paths) : removeSnapshotKinds(paths);
}

async function grant(kubeconfig: string): Promise<void> {
    const group = "rbac.authorization.k8s.io";
    await apiClient(kubeconfig).create(bindings, {
        apiVersion: `${group}/v1`,
        kind: "ClusterRoleBinding",
        metadata: { name: loginGroup },
        roleRef: { apiGroup: group, kind: "ClusterRole", name: "cluster-admin" },
        subjects: [{ apiGroup: group, kind: "Group", name: loginGroup }],
    });
}

function requireControlPlane(name: string): Run {
    const run = runOfEnvironment();
    const found = readIfThere(clusterFiles(run.paths).name);
    if (found === name) return run;
    throw new Fault(`there is no control plane ${name} in this run`, "make the cluster before what belongs to it");
}
