import type { ApiClient } from "../../simulator/session/kubernetes";
import { statePaths } from "../../simulator/session/paths";
import { waitUntilReady } from "../../simulator/session/readiness";
import { stateFile } from "../../simulator/session/recovery";
import { stackNamespaces } from "../../simulator/session/stack";
import { writePrivateFile } from "../../simulator/system/files";
import { scratchFolder, thrownBy } from "./support";

const scratch = scratchFolder();

const pod = (namespace: string, name: string, ready: boolean) => ({
    metadata: { namespace, name },
    status: {
        phase: ready ? "Running" : "Pending",
        conditions: ready
            ? [{ type: "Ready", status: "True" }]
            : [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message: "no node fits" }],
    },
});

const deployment = (namespace: string, name: string, readyReplicas: number) => ({
    metadata: { namespace, name },
    spec: { replicas: 1 },
    status: { readyReplicas },
});

const event = (
    kind: string,
    name: string,
    reason: string,
    message: string,
    lastTimestamp: string,
    namespace = "tars",
) => ({
    type: "Warning",
    involvedObject: { kind, namespace, name },
    reason,
    message,
    lastTimestamp,
});

interface Lists {
    readonly pods: readonly object[];
    readonly deployments?: readonly object[];
    readonly events?: readonly object[];
}

function api(lists: Lists): ApiClient {
    const byName = new Map(Object.entries(lists));
    return {
        server: "https://here",
        get: async (path) => ({ items: byName.get(path.slice(path.lastIndexOf("/") + 1)) ?? [] }),
    };
}

function wait(lists: Lists) {
    return waitUntilReady(api(lists), {
        namespaces: new Set(["tars"]),
        command: "tars simulate dev",
        signal: new AbortController().signal,
        progress: () => undefined,
        withinMs: 0,
    });
}

test("what is pending in a namespace that is not the stack's keeps nobody waiting", async () => {
    const found = await wait({
        pods: [pod("tars", "backend-1", true), pod("default", "mine", false)],
        deployments: [deployment("tars", "backend", 1), deployment("default", "mine", 0)],
    });
    expect(found.pods.map(({ name }) => name)).toEqual(["backend-1"]);
    expect(found.workloads.map(({ name }) => name)).toEqual(["backend"]);
});

test("what the stack lacks is named, with the events of it and of what it made, each once and newest last", async () => {
    const fault = await thrownBy(() =>
        wait({
            pods: [pod("tars", "postgres-0", false), pod("tars", "other-0", true), pod("default", "mine", false)],
            deployments: [deployment("tars", "backend", 0)],
            events: [
                event("ReplicaSet", "backend-7d", "FailedCreate", "exceeded quota", "2026-01-01T00:00:09Z"),
                event("Pod", "postgres-0", "FailedScheduling", "0/3 nodes", "2026-01-01T00:00:05Z"),
                event("Pod", "postgres-0", "FailedScheduling", "0/2 nodes", "2026-01-01T00:00:01Z"),
                event("PersistentVolumeClaim", "data-postgres-0", "Failed", "no class", "2026-01-01T00:00:03Z"),
                event("Pod", "other-0", "Unhealthy", "was slow", "2026-01-01T00:00:02Z"),
                event("Pod", "postgres-0", "FailedScheduling", "not ours", "2026-01-01T00:00:08Z", "default"),
            ],
        }),
    );
    expect(fault).toMatchObject({
        message: [
            "not everything was ready within 0s:",
            "pod tars/postgres-0: no node fits",
            "Deployment tars/backend: 0 of 1 ready",
            "event of PersistentVolumeClaim tars/data-postgres-0: Failed: no class",
            "event of Pod tars/postgres-0: FailedScheduling: 0/3 nodes",
            "event of ReplicaSet tars/backend-7d: FailedCreate: exceeded quota",
        ].join("\n  "),
        fix: expect.stringContaining("npx tars simulate dev again"),
    });
});

test("a stack's namespaces are those it made and those of its objects, not those it only reads", () => {
    const paths = statePaths("dev", scratch.path);
    const resources = [
        { type: "pulumi:pulumi:Stack", urn: "x" },
        { type: "kubernetes:core/v1:Namespace", id: "kube-system", external: true },
        { type: "kubernetes:core/v1:Namespace", id: "tars" },
        { type: "kubernetes:apps/v1:Deployment", id: "apps/backend" },
        { type: "kubernetes:storage.k8s.io/v1:StorageClass", id: "fast" },
        { type: "random:index/randomPassword:RandomPassword", id: "no/ne" },
    ];
    writePrivateFile(stateFile(paths, "dev"), JSON.stringify({ checkpoint: { latest: { resources } } }));
    expect([...stackNamespaces(paths, "dev")].sort()).toEqual(["apps", "tars"]);
});
