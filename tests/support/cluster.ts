import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { createInterface } from "node:readline";
import { ensureToolchain, type Toolchain } from "../../simulator/engine";

/** A control plane with simulated nodes that the tests of one run share; each test keeps to its own namespaces. */
export interface SharedCluster {
    readonly kubeconfig: string;
    readonly host: string;
    readonly pulumi: string;
    /** For children: KUBECONFIG, and the token without which the simulator's plugins refuse to start. */
    readonly env: Readonly<Record<string, string>>;
}

/** Set by the start of the cluster for the workers, which inherit the environment of the process that started it. */
const variable = "TARS_TEST_CLUSTER";

/** What a test of the machine's size needs: three zones, as dev has them, and room for many small namespaces. */
const spec = {
    nodes: ["a", "b", "c"].map((zone) => ({
        name: `node-${zone}`,
        zone: `zone-${zone}`,
        region: "test",
        cpu: "64",
        memory: "256Gi",
        storage: "500Gi",
        pods: 250,
        labels: {},
        taints: [],
    })),
    storageClasses: [{ name: "standard", default: true }],
    ingressClasses: ["nginx"],
    podStartup: { minMs: 100, maxMs: 400 },
    serviceCidr: "10.4.0.0/14",
    podCidr: "10.0.0.0/14",
};

export function sharedCluster(): SharedCluster {
    const found = process.env[variable];
    if (found === undefined)
        throw new Error("this test belongs to the jest project `cluster`, which starts the cluster");
    return JSON.parse(found);
}

/** Builds what is missing, saying so: a first build takes minutes. */
export function toolchain(): Promise<Toolchain> {
    return ensureToolchain({
        signal: new AbortController().signal,
        report: ({ step, state, detail }) => process.stderr.write(`${step}: ${state}${detail ? ` (${detail})` : ""}\n`),
    });
}

/** Starts the cluster and publishes it to the tests; the returned function stops it and removes what it left. */
export async function startSharedCluster(): Promise<() => Promise<void>> {
    const { host, pulumi } = await toolchain();
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "tars-test-cluster-"));
    const specFile = path.join(folder, "spec.json");
    fs.writeFileSync(specFile, JSON.stringify(spec));
    const kubeconfig = path.join(folder, "kubeconfig");
    const run = [
        "cluster",
        "run",
        "--dir",
        path.join(folder, "cluster"),
        "--spec",
        specFile,
        "--kubeconfig",
        kubeconfig,
    ];
    const supervisor = spawn(host, run, { stdio: ["pipe", "pipe", "inherit"] });
    await ready(supervisor);
    const env = { KUBECONFIG: kubeconfig, TARS_SIMULATOR_TOKEN: "test" };
    process.env[variable] = JSON.stringify({ kubeconfig, host, pulumi, env } satisfies SharedCluster);
    return async () => {
        const gone = new Promise((resolve) => supervisor.once("exit", resolve));
        supervisor.kill("SIGTERM");
        await gone;
        fs.rmSync(folder, { recursive: true, force: true });
    };
}

/** Never sends `keep`: the cluster ends with the process that started it, however that ends. */
function ready(supervisor: ChildProcess): Promise<void> {
    return new Promise((resolve, reject) => {
        supervisor.once("exit", (code) => reject(new Error(`the test cluster ended with ${code}`)));
        if (supervisor.stdout === null) throw new Error("the supervisor has no standard output");
        createInterface({ input: supervisor.stdout }).on("line", (line) => {
            const event = JSON.parse(line);
            if (event.event === "ready") resolve();
            if (event.event === "failed") reject(new Error(`${event.message} (log: ${event.log})`));
        });
    });
}
