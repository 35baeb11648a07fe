import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import * as fs from "node:fs";
import * as https from "node:https";
import * as path from "node:path";
import * as k8s from "@pulumi/kubernetes";
import {
    removePool,
    type SimulatedPool,
    type StartedControlPlane,
    setAccess,
    setPool,
    startControlPlane,
    stopControlPlane,
} from "../../simulator/clouds/controlPlane";
import { answeringCluster } from "../../simulator/session/cluster";
import { clusterFiles } from "../../simulator/session/clusterFiles";
import { stopCluster } from "../../simulator/session/clusterStop";
import { type NodeStatus, readNodes, readPods } from "../../simulator/session/inventory";
import { apiClient } from "../../simulator/session/kubernetes";
import { statePaths } from "../../simulator/session/paths";
import { Scene } from "../conformance/scene";
import { removeTemporaryFolders, temporaryFolder } from "../conformance/temporary";
import { sharedCluster } from "../support/cluster";
import { processesAfter } from "../support/traces";

jest.setTimeout(5 * 60_000);

const zones = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];

function pool(name: string, desired: number, more: Partial<SimulatedPool> = {}): SimulatedPool {
    return {
        name,
        machineType: "m6i.xlarge",
        region: "eu-central-1",
        zones,
        capacity: { cpu: "4", memory: "16Gi", storage: "100Gi", pods: 58 },
        devices: {},
        allocatable: { cpu: "3920m", memory: "14Gi", storage: "90Gi" },
        nodes: { min: 0, max: 4, desired },
        labels: { "node-type": name },
        taints: [],
        ...more,
    };
}

const taint = { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" };
const gpu = pool("gpu", 0, { devices: { "nvidia.com/gpu": 1 }, taints: [taint] });

/** One control plane, from its start by a plugin to its end, in this order. */
describe("the control plane of a simulated cloud", () => {
    const root = temporaryFolder("clouds");
    const paths = statePaths("run", root);
    const { host, pulumi } = sharedCluster();
    const token = randomBytes(16).toString("hex");
    const run = { TARS_SIMULATOR_STATE: paths.directory, TARS_SIMULATOR_HOST: host, TARS_SIMULATOR_TOKEN: token };
    const before = { ...process.env };
    let started: StartedControlPlane;

    beforeAll(async () => {
        Object.assign(process.env, run);
        started = await startControlPlane("demo");
    });
    afterAll(async () => {
        await stopCluster(paths, host);
        process.env = before;
        removeTemporaryFolders();
    });

    const nodesOf = async (name: string): Promise<readonly NodeStatus[]> =>
        (await readNodes(apiClient(paths.kubeconfig))).filter((node) => node.pool === name);

    it("starts once, under one name, and outlives whoever started it", async () => {
        expect(await startControlPlane("demo")).toEqual(started);
        await expect(startControlPlane("other")).rejects.toThrow("has a control plane already, that of demo");
        const other = inAnotherProcess('startControlPlane("demo")', run);
        await once(other, "exit");
        expect(await answeringCluster(paths)).toMatchObject({ apiServer: started.endpoint });
    });

    it("gives each pool its nodes, spread over the zones, ready when the call returns", async () => {
        await Promise.all([setPool("demo", pool("general", 3)), setPool("demo", gpu)]);
        const nodes = await nodesOf("general");
        expect(nodes.map(({ name, zone, ready, type }) => [name, zone, ready, type])).toEqual(
            zones.map((zone, index) => [`general-${index + 1}`, zone, true, "general"]),
        );
        expect(await nodesOf("gpu")).toEqual([]);
    });

    it("tells anybody how it is, as a cloud's cluster does, and nothing else", async () => {
        expect(await statusOf(`${started.endpoint}/healthz`)).toBe(200);
        expect(await statusOf(`${started.endpoint}/api/v1/nodes`)).toBe(401);
    });

    it("brings a GPU node up for the pod that needs one", async () => {
        await create("/api/v1/namespaces/default/pods", {
            metadata: { name: "inference" },
            spec: {
                nodeSelector: { "node-type": "gpu" },
                tolerations: [{ key: taint.key, operator: "Exists" }],
                containers: [{ name: "c", image: "example.com/i:1", resources: { limits: { "nvidia.com/gpu": "1" } } }],
            },
        });
        await eventually(async () => {
            const pods = await readPods(apiClient(paths.kubeconfig));
            expect(pods.find(({ name }) => name === "inference")).toMatchObject({ node: "gpu-1", ready: true });
        });
    });

    it("lets those in who log in as the cloud's kubeconfig says, and only while they have access", async () => {
        const { kubeconfig, env } = execKubeconfig("kubelogin", ["get-token", "--server-id", "id"]);
        const whoami = (): string => kubectl(["auth", "whoami", "-o", "name"], kubeconfig, env);
        const list = (): string => kubectl(["get", "nodes", "-o", "name"], kubeconfig, env);
        expect(list()).toContain("node/general-1");
        await setAccess("demo", false);
        expect(whoami).not.toThrow();
        expect(list).toThrow(/forbidden/i);
        await setAccess("demo", true);
        expect(list()).toContain("node/general-1");
        const stranger = { ...env, TARS_SIMULATOR_TOKEN: "another" };
        expect(() => kubectl(["get", "nodes"], kubeconfig, stranger)).toThrow(/logged in|Unauthorized/);
    });

    it("serves the kubernetes plugin with an exec kubeconfig, which logs in once", async () => {
        const { kubeconfig, folder, calls } = execKubeconfig("aws", ["eks", "get-token", "--cluster-name", "demo"]);
        fs.symlinkSync(host, path.join(folder, "pulumi-resource-kubernetes"));
        const cluster = { kubeconfig: paths.kubeconfig, host, pulumi, env: run };
        const scene = new Scene("exec", { name: "own", directory: folder }, cluster);
        try {
            await scene.addNamespace();
            const names = ["a", "b", "c", "d", "e"];
            scene.write((provider) => names.map((name) => new k8s.core.v1.ConfigMap(name, {}, { provider })), {
                kubeconfig: fs.readFileSync(kubeconfig, "utf8"),
            });
            expect(await scene.up()).toMatchObject({ ok: true });
            expect(calls()).toBe(1);
        } finally {
            await scene.close();
        }
    });

    it("drains a pool that is taken away", async () => {
        await removePool("demo", "gpu");
        expect(await nodesOf("gpu")).toEqual([]);
    });

    it("comes back from a stop with its address, its authority and its nodes", async () => {
        await stopCluster(paths, host);
        expect(await startControlPlane("demo")).toEqual(started);
        await eventually(async () =>
            expect((await nodesOf("general")).map(({ ready }) => ready)).toEqual([true, true, true]),
        );
    });

    it("is gone with all its data when its cloud takes it away", async () => {
        await stopControlPlane("other");
        expect(fs.existsSync(paths.cluster)).toBe(true);
        await stopControlPlane("demo");
        expect(fs.existsSync(paths.cluster)).toBe(false);
        expect(await processesAfter(root, 1_000)).toEqual([]);
    });

    it("ends with its session unless that keeps it, however the session ends", async () => {
        for (const keeps of [false, true]) {
            const session = spawn("sleep", ["600"]);
            const owned = { ...run, TARS_SIMULATOR_OWNER: String(session.pid) };
            await once(inAnotherProcess('startControlPlane("demo")', owned), "exit");
            expect(await answeringCluster(paths)).toBeDefined();
            if (keeps) fs.writeFileSync(clusterFiles(paths).kept, "");
            session.kill("SIGKILL");
            const left = await processesAfter(root, keeps ? 3_000 : 20_000);
            expect(left.length > 0).toBe(keeps);
        }
    });

    async function create(place: string, object: object): Promise<void> {
        await apiClient(paths.kubeconfig).create(place, object);
    }

    /** A kubeconfig as a cloud's program makes it, and the program beside it that it calls. */
    function execKubeconfig(program: string, args: readonly string[]) {
        const folder = temporaryFolder("login");
        const log = path.join(folder, "calls");
        const main = path.join(__dirname, "..", "..", "simulator", "clouds", "main.js");
        const script = `#!/bin/sh\necho called >> '${log}'\nexec '${process.execPath}' '${main}' ${program} "$@"\n`;
        fs.writeFileSync(path.join(folder, program), script, { mode: 0o755 });
        const apiVersion = "client.authentication.k8s.io/v1beta1";
        const cluster = { server: started.endpoint, "certificate-authority-data": started.certificateAuthority };
        const config = {
            apiVersion: "v1",
            kind: "Config",
            clusters: [{ name: "c", cluster }],
            users: [{ name: "u", user: { exec: { apiVersion, command: program, args, interactiveMode: "Never" } } }],
            contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
            "current-context": "c",
        };
        const kubeconfig = path.join(folder, "kubeconfig");
        fs.writeFileSync(kubeconfig, JSON.stringify(config));
        const env = { ...process.env, PATH: `${folder}${path.delimiter}${process.env.PATH}` };
        const calls = (): number => fs.readFileSync(log, "utf8").trim().split("\n").length;
        return { kubeconfig, env, folder, calls };
    }

    function kubectl(args: readonly string[], kubeconfig: string, env: NodeJS.ProcessEnv): string {
        return execFileSync(host, ["kubectl", "--kubeconfig", kubeconfig, ...args], {
            env,
            encoding: "utf8",
            stdio: "pipe",
        });
    }
});

/** Runs a call of controlPlane.ts as a plugin would: in a process that ends. */
function inAnotherProcess(call: string, env: object): ChildProcess {
    const at = (...parts: string[]): string => JSON.stringify(path.join(__dirname, "..", "..", ...parts));
    const script = `require(${at("runtime", "typescript.js")});
        require(${at("simulator", "clouds", "controlPlane.ts")}).${call}.then(() => process.exit());`;
    return spawn(process.execPath, ["-e", script], { env: { ...process.env, ...env }, stdio: "inherit" });
}

/** Asks as nobody. */
function statusOf(address: string): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
        const request = https.get(address, { rejectUnauthorized: false }, (response) => {
            response.resume();
            resolve(response.statusCode);
        });
        request.on("error", reject);
    });
}

async function eventually(check: () => Promise<void>): Promise<void> {
    for (const deadline = Date.now() + 60_000; ; await new Promise((resolve) => setTimeout(resolve, 200))) {
        try {
            return await check();
        } catch (error) {
            if (Date.now() > deadline) throw error;
        }
    }
}
