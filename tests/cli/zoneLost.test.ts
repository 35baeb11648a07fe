import * as fs from "node:fs";
import { scenarios } from "../../simulator/scenarios";
import { clusterFiles } from "../../simulator/session/clusterFiles";
import type { ApiClient } from "../../simulator/session/kubernetes";
import { statePaths } from "../../simulator/session/paths";
import { scratchFolder } from "./support";

const scratch = scratchFolder();

interface Pod {
    readonly name: string;
    /** Node that it is on while all zones are there, and while zone a is lost; none when it waits. */
    readonly nodes: readonly [string, string | undefined];
    readonly claim?: string;
    /** Its controller's kind and name. */
    readonly owner?: readonly [string, string];
    readonly labels?: Readonly<Record<string, string>>;
}

interface Workload {
    readonly kind: "deployments" | "statefulsets";
    readonly name: string;
    /** Replicas while zone a is lost, of two. */
    readonly left: number;
}

/** A cluster of two zones with a node each, whose pods stand as told, as soon as the scenario asks. */
function cluster(
    name: string,
    pods: readonly Pod[],
    workloads: readonly Workload[] = [],
    services: Readonly<Record<string, Answers>> = {},
) {
    const paths = statePaths(name, scratch.path);
    const { lostZones } = clusterFiles(paths);
    const isLost = (): boolean => fs.existsSync(lostZones);
    const answers: Readonly<Record<string, () => readonly object[]>> = {
        "/api/v1/nodes": () => (isLost() ? [node("b")] : [node("a"), node("b")]),
        "/api/v1/pods": () => pods.map((pod) => podObject(pod, isLost() ? 1 : 0)),
        "/apis/apps/v1/deployments": () => workloadObjects(workloads, "deployments", isLost()),
        "/apis/apps/v1/statefulsets": () => workloadObjects(workloads, "statefulsets", isLost()),
        "/apis/discovery.k8s.io/v1/endpointslices": () =>
            Object.entries(services).map(([service, by]) => slice(service, by[isLost() ? 1 : 0])),
        "/api/v1/persistentvolumes": () => pods.flatMap(({ claim }) => (claim === undefined ? [] : disk(claim))),
    };
    const api: ApiClient = {
        server: "",
        get: (path) => Promise.resolve({ items: answers[path]?.() ?? [] }),
    };
    return { paths, api, isLost };
}

const zoneLabel = "topology.kubernetes.io/zone";

function node(zone: string): object {
    return {
        metadata: { name: `node-${zone}`, labels: { [zoneLabel]: zone } },
        status: { conditions: [{ type: "Ready", status: "True" }] },
    };
}

function workloadObjects(all: readonly Workload[], kind: Workload["kind"], isLost: boolean): readonly object[] {
    return all
        .filter((workload) => workload.kind === kind)
        .map(({ name, left }) => ({
            metadata: { name, namespace: "n" },
            spec: { replicas: 2 },
            status: { readyReplicas: isLost ? left : 2 },
        }));
}

/** Pods that answer for a Service while all zones are there, and while zone a is lost. */
type Answers = readonly [readonly string[], readonly string[]];

function slice(service: string, pods: readonly string[]): object {
    const labels = { "kubernetes.io/service-name": service };
    const endpoints = pods.map((name) => ({ conditions: { ready: true }, targetRef: { name } }));
    return { metadata: { name: `${service}-1`, namespace: "n", labels }, endpoints };
}

const hash = "5d4f";

function podObject({ name, nodes, claim, owner, labels: own }: Pod, at: 0 | 1): object {
    const nodeName = nodes[at];
    const volumes = claim === undefined ? [] : [{ persistentVolumeClaim: { claimName: claim } }];
    const condition =
        nodeName === undefined
            ? { type: "PodScheduled", status: "False", reason: "Unschedulable", message: "no node fits" }
            : { type: "Ready", status: "True" };
    const status = { phase: nodeName === undefined ? "Pending" : "Running", conditions: [condition] };
    const ownerReferences = owner === undefined ? [] : [{ kind: owner[0], name: owner[1], controller: true }];
    const labels = { "pod-template-hash": hash, ...own };
    return { metadata: { name, namespace: "n", labels, ownerReferences }, spec: { nodeName, volumes }, status };
}

function disk(claim: string): object {
    return {
        metadata: { name: `disk-of-${claim}`, labels: { [zoneLabel]: "a" } },
        spec: { claimRef: { namespace: "n", name: claim } },
        status: { phase: "Bound" },
    };
}

function play({ paths, api }: ReturnType<typeof cluster>) {
    const place = {
        paths,
        api,
        command: "tars simulate dev",
        namespaces: new Set(["n"]),
        signal: new AbortController().signal,
    };
    return scenarios["zone-lost"]?.run({ ...place, tell: () => undefined, withinMs: 600 });
}

const moves: Pod = { name: "web-1", nodes: ["node-a", "node-b"] };
const held: Pod = { name: "db-0", nodes: ["node-a", undefined], claim: "data" };

test("what moves and what waits for its disk is as it should be; the zone comes back", async () => {
    const world = cluster("good", [moves, held]);
    const outcome = await play(world);
    expect(outcome).toMatchObject({
        ok: true,
        measured: { zone: "a", nodesLost: 1, podsLost: 2, heldByDisks: ["Pod n/db-0"], notReady: [] },
    });
    expect(world.isLost()).toBe(false);
});

test.each([
    ["finds no place elsewhere", { name: "pinned", nodes: ["node-a", undefined] }, "Pod n/pinned: no node fits"],
    ["stays on the node that is gone", { name: "ghost", nodes: ["node-a", "node-a"] }, "Pod n/ghost: its node is gone"],
] as const)("a pod that %s fails the scenario by name, and the zone comes back all the same", async (_, pod, says) => {
    const world = cluster(pod.name, [moves, held, pod]);
    expect(await play(world)).toMatchObject({ ok: false, measured: { movedAfterMs: null, notReady: [says] } });
    expect(world.isLost()).toBe(false);
});

const setPod: Pod = { name: "tars-db-0", nodes: ["node-a", undefined], claim: "d", owner: ["StatefulSet", "tars-db"] };
const deployed: Pod = {
    name: `tars-${hash}-x`,
    nodes: ["node-a", undefined],
    claim: "d",
    owner: ["ReplicaSet", `tars-${hash}`],
};

test.each<[what: string, pod: Pod, workload: Workload]>([
    ["a StatefulSet", setPod, { kind: "statefulsets", name: "tars-db", left: 0 }],
    ["a Deployment", deployed, { kind: "deployments", name: "tars", left: 1 }],
])("%s whose own pod waits for its disk is waited for no longer", async (what, pod, workload) => {
    const world = cluster(`waits-${workload.name}`, [moves, pod], [workload]);
    const line = `${what.slice(2)} n/${workload.name}: ${workload.left} of 2 ready`;
    expect(await play(world)).toMatchObject({
        ok: true,
        measured: { heldByDisks: [`Pod n/${pod.name}`, line], notReady: [] },
    });
});

test.each<[what: string, workload: Workload, says: string]>([
    ["a Deployment", { kind: "deployments", name: "tars", left: 1 }, "Deployment n/tars: 1 of 2 ready"],
    ["a StatefulSet", { kind: "statefulsets", name: "tars", left: 1 }, "StatefulSet n/tars: 1 of 2 ready"],
    [
        "a Deployment of the set's name",
        { kind: "deployments", name: "tars-db", left: 1 },
        "Deployment n/tars-db: 1 of 2 ready",
    ],
])("a disk of StatefulSet tars-db excuses nothing of another: %s", async (_, workload, says) => {
    const world = cluster(`other-${workload.kind}-${workload.name}`, [moves, setPod], [workload]);
    expect(await play(world)).toMatchObject({ ok: false, measured: { notReady: [says] } });
});

test("a cluster in one zone has none to lose", async () => {
    const world = cluster("one", []);
    const api = { ...world.api, get: () => Promise.resolve({ items: [node("a")] }) };
    expect(await play({ ...world, api })).toMatchObject({
        ok: false,
        measured: { reason: expect.stringContaining("fewer than two zones") },
    });
});

test.each([
    ["has its majority all the time", ["node-a", "node-b", "node-b"], true, 2],
    ["is left without a majority", ["node-a", "node-a", "node-b"], false, 1],
] as const)("a service of three members %s", async (_, nodes, ok, standing) => {
    const members = nodes.map(
        (at, index): Pod => ({
            name: `db-${index}`,
            nodes: [at, at === "node-a" ? undefined : at],
            claim: `data-${index}`,
            owner: ["Cluster", "db"],
        }),
    );
    const world = cluster(`quorum-${standing}`, [moves, ...members]);
    expect(await play(world)).toMatchObject({ ok, measured: { quorums: [`Cluster n/db: ${standing} of 3`] } });
});

test("Keepers are one service, though each is made by a StatefulSet of its own", async () => {
    const members = ["node-a", "node-b", "node-b"].map(
        (at, index): Pod => ({
            name: `chk-clickhouse-main-0-${index}-0`,
            nodes: [at, at === "node-a" ? undefined : at],
            claim: `data-${index}`,
            owner: ["StatefulSet", `chk-clickhouse-main-0-${index}`],
            labels: { "clickhouse-keeper.altinity.com/chk": "clickhouse" },
        }),
    );
    expect(await play(cluster("keepers", [moves, ...members]))).toMatchObject({
        ok: true,
        measured: { quorums: ["ClickHouseKeeperInstallation n/clickhouse: 2 of 3"] },
    });
});

test.each<[what: string, answers: Answers, silent: readonly string[]]>([
    ["whose pod moved", [["web-1"], ["web-1"]], []],
    ["whose pod waits for its disk", [["db-0"], []], []],
    ["that nobody took over", [["web-1"], []], ["Service n/front: nobody answers"]],
    ["that leads to a node that is gone", [["web-1"], ["db-0"]], ["Service n/front: nobody answers"]],
    ["that nobody answered for before", [[], []], []],
])("a Service %s", async (what, answers, silent) => {
    const world = cluster(`service-${what}`, [moves, held], [], { front: answers });
    expect(await play(world)).toMatchObject({ ok: silent.length === 0, measured: { notReady: silent } });
});
