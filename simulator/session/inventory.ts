import { field, listField, numberField, textField } from "../system/files";
import type { ApiClient } from "./kubernetes";
import { memberOf, ownerOf } from "./owners";

/** One pod, as far as somebody who waits for it cares. */
export interface PodStatus {
    readonly name: string;
    readonly namespace: string;
    readonly node: string;
    /** Workload that made it, as `Kind/name`; empty when none did. */
    readonly owner: string;
    /** What it is one of several in, as `Kind/name`; mostly its owner. */
    readonly memberOf: string;
    /** Kind of node that it asks for (`node-type`); empty when it takes any. */
    readonly nodeType: string;
    /** Volume claims that it mounts. */
    readonly claims: readonly string[];
    readonly phase: string;
    readonly ready: boolean;
    /** Why it is not ready, in Kubernetes' words; empty when it is. */
    readonly reason: string;
}

/** A Deployment, StatefulSet or DaemonSet. */
export interface WorkloadStatus {
    readonly kind: string;
    readonly name: string;
    readonly namespace: string;
    readonly ready: number;
    readonly desired: number;
    /** What an autoscaler scales, as `Kind/name`. */
    readonly scales?: string;
}

/** What the cluster says is wrong with an object. */
export interface Warning {
    readonly kind: string;
    readonly name: string;
    readonly namespace: string;
    readonly reason: string;
    readonly message: string;
}

/** A disk that belongs to a claim. */
export interface VolumeStatus {
    readonly name: string;
    /** Of the claim. */
    readonly namespace: string;
    readonly claim: string;
    /** Where it is; empty when no zone holds it fast. */
    readonly zone: string;
}

/** Who answers for a Service: names of ready pods. */
export interface ServiceStatus {
    readonly name: string;
    readonly namespace: string;
    readonly pods: readonly string[];
}

export interface NodeStatus {
    readonly name: string;
    readonly zone: string;
    /** Pool that a simulated cloud made it for; empty for a node of an embedded cluster. */
    readonly pool: string;
    /** What the platform calls its kind (`node-type`); empty where nodes are not told apart. */
    readonly type: string;
    readonly ready: boolean;
    readonly cpu: string;
    readonly memory: string;
}

const workloadPaths = [
    { kind: "Deployment", path: "/apis/apps/v1/deployments", wanted: "replicas" },
    { kind: "StatefulSet", path: "/apis/apps/v1/statefulsets", wanted: "replicas" },
    { kind: "DaemonSet", path: "/apis/apps/v1/daemonsets", wanted: "desiredNumberScheduled" },
] as const;

export async function readPods(api: ApiClient): Promise<readonly PodStatus[]> {
    return listField(await api.get("/api/v1/pods"), "items").map(podOf);
}

export async function readNodes(api: ApiClient): Promise<readonly NodeStatus[]> {
    return listField(await api.get("/api/v1/nodes"), "items").map(nodeOf);
}

/** Disks that are bound to a claim. Its label tells where one is, as that of every driver's volumes does. */
export async function readVolumes(api: ApiClient): Promise<readonly VolumeStatus[]> {
    const items = listField(await api.get("/api/v1/persistentvolumes"), "items");
    return items.flatMap((item) => {
        const claim = field(field(item, "spec"), "claimRef");
        if (textField(field(item, "status"), "phase") !== "Bound") return [];
        return {
            name: identity(item).name,
            namespace: textField(claim, "namespace") ?? "",
            claim: textField(claim, "name") ?? "",
            zone: textField(field(field(item, "metadata"), "labels"), "topology.kubernetes.io/zone") ?? "",
        };
    });
}

/** Services that somebody has answered for, by their slices of endpoints. */
export async function readServices(api: ApiClient): Promise<readonly ServiceStatus[]> {
    const slices = listField(await api.get("/apis/discovery.k8s.io/v1/endpointslices"), "items");
    const found = new Map<string, ServiceStatus>();
    for (const slice of slices) {
        const { namespace } = identity(slice);
        const name = textField(field(field(slice, "metadata"), "labels"), "kubernetes.io/service-name") ?? "";
        const ready = listField(slice, "endpoints").filter(
            (each) => field(field(each, "conditions"), "ready") === true,
        );
        const pods = ready.map((each) => textField(field(each, "targetRef"), "name") ?? "");
        const known = found.get(`${namespace}/${name}`)?.pods ?? [];
        found.set(`${namespace}/${name}`, { namespace, name, pods: [...known, ...pods] });
    }
    return [...found.values()];
}

export async function readWorkloads(api: ApiClient): Promise<readonly WorkloadStatus[]> {
    const lists = await Promise.all(
        workloadPaths.map(async ({ kind, path, wanted }) =>
            listField(await api.get(path), "items").map((item) => workloadOf(kind, wanted, item)),
        ),
    );
    return lists.flat();
}

/** What a HorizontalPodAutoscaler has of the replicas it must have at least. */
export async function readAutoscalers(api: ApiClient): Promise<readonly WorkloadStatus[]> {
    const kind = "HorizontalPodAutoscaler";
    return listField(await api.get("/apis/autoscaling/v2/horizontalpodautoscalers"), "items").map((item) => ({
        kind,
        ...identity(item),
        ready: numberField(field(item, "status"), "currentReplicas") ?? 0,
        desired: numberField(field(item, "spec"), "minReplicas") ?? 1,
        scales: scaledBy(field(field(item, "spec"), "scaleTargetRef")),
    }));
}

/** Warning events, oldest first; of several for one object and reason, the last. */
export async function readWarnings(api: ApiClient): Promise<readonly Warning[]> {
    const events = listField(await api.get("/api/v1/events"), "items");
    const byTime = events.map((event) => ({ event, at: timeOf(event) })).sort((a, b) => (a.at < b.at ? -1 : 1));
    const last = new Map<string, Warning>();
    for (const { event } of byTime) {
        if (textField(event, "type") !== "Warning") continue;
        const warning = warningOf(event);
        const key = [warning.kind, warning.namespace, warning.name, warning.reason].join(" ");
        last.delete(key); // so that it takes its place at the end
        last.set(key, warning);
    }
    return [...last.values()];
}

/** Host names that the cluster's routes answer to, sorted, each once. */
export async function readHosts(api: ApiClient): Promise<readonly string[]> {
    const routes = listField(await api.get("/apis/gateway.networking.k8s.io/v1/httproutes"), "items");
    const hosts = routes
        .flatMap((item) => listField(field(item, "spec"), "hostnames"))
        .flatMap((host) => (typeof host === "string" ? [host] : []));
    return [...new Set(hosts)].sort();
}

function scaledBy(target: unknown): string {
    return `${textField(target, "kind") ?? ""}/${textField(target, "name") ?? ""}`;
}

function warningOf(event: unknown): Warning {
    const about = field(event, "involvedObject");
    return {
        kind: textField(about, "kind") ?? "",
        name: textField(about, "name") ?? "",
        namespace: textField(about, "namespace") ?? "",
        reason: textField(event, "reason") ?? "",
        message: (textField(event, "message") ?? "").trim(),
    };
}

/** When it happened last, in RFC 3339: which of the fields is filled depends on the component that tells. */
function timeOf(event: unknown): string {
    return (
        textField(field(event, "series"), "lastObservedTime") ??
        textField(event, "lastTimestamp") ??
        textField(event, "eventTime") ??
        textField(field(event, "metadata"), "creationTimestamp") ??
        ""
    );
}

function podOf(item: unknown): PodStatus {
    const status = field(item, "status");
    const phase = textField(status, "phase") ?? "Unknown";
    const conditions = listField(status, "conditions");
    const ready = phase === "Succeeded" || condition(conditions, "Ready") === "True";
    const failing = conditions.find(
        (entry) => textField(entry, "status") !== "True" && textField(entry, "reason") !== undefined,
    );
    const reason = ready ? "" : (textField(failing, "message") ?? textField(failing, "reason") ?? phase);
    const spec = field(item, "spec");
    return {
        ...identity(item),
        node: textField(spec, "nodeName") ?? "",
        owner: ownerOf(item),
        memberOf: memberOf(item),
        nodeType: textField(field(spec, "nodeSelector"), "node-type") ?? "",
        claims: listField(spec, "volumes").flatMap(
            (volume) => textField(field(volume, "persistentVolumeClaim"), "claimName") ?? [],
        ),
        phase,
        ready,
        reason,
    };
}

function nodeOf(item: unknown): NodeStatus {
    const status = field(item, "status");
    const capacity = field(status, "capacity");
    const labels = field(field(item, "metadata"), "labels");
    return {
        name: identity(item).name,
        zone: textField(labels, "topology.kubernetes.io/zone") ?? "",
        pool: textField(labels, "simulator.tars-platform/pool") ?? "",
        type: textField(labels, "node-type") ?? "",
        ready: condition(listField(status, "conditions"), "Ready") === "True",
        cpu: textField(capacity, "cpu") ?? "",
        memory: textField(capacity, "memory") ?? "",
    };
}

function workloadOf(kind: string, wanted: string, item: unknown): WorkloadStatus {
    const status = field(item, "status");
    const desired = kind === "DaemonSet" ? numberField(status, wanted) : numberField(field(item, "spec"), wanted);
    const ready = numberField(status, kind === "DaemonSet" ? "numberReady" : "readyReplicas");
    return { kind, ...identity(item), ready: ready ?? 0, desired: desired ?? 1 };
}

function identity(item: unknown): { readonly name: string; readonly namespace: string } {
    const metadata = field(item, "metadata");
    return { name: textField(metadata, "name") ?? "", namespace: textField(metadata, "namespace") ?? "" };
}

function condition(conditions: readonly unknown[], type: string): string | undefined {
    return textField(
        conditions.find((entry) => textField(entry, "type") === type),
        "status",
    );
}
