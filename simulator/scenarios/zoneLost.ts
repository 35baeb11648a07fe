import * as fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Fault } from "../fault";
import { clusterFiles } from "../session/clusterFiles";
import {
    type NodeStatus,
    type PodStatus,
    readNodes,
    readPods,
    readVolumes,
    type VolumeStatus,
    type WorkloadStatus,
} from "../session/inventory";
import { lacks, look, readyWithinMs, waitUntilReady } from "../session/readiness";
import { onDisk, writePrivateFile } from "../system/files";
import type { Scenario, ScenarioOutcome, ScenarioPlace } from "./scenario";

const pollMs = 250;

/**
 * All machines of the zone with the most pods go at once, and none can be had there: their nodes disappear, as a cloud's controller takes those away
 * whose machines are gone. Whatever is not bound to a disk of the zone must be ready again elsewhere within the time that the system has to get
 * ready, and the rest when the zone is back. The cloud notices at once here; the 40 s for which Kubernetes leaves the pods of a missing
 * node alone are real.
 */
export const zoneLost: Scenario = {
    summary:
        "all nodes of the fullest zone go; what can move must be ready again elsewhere, the rest when the zone is back",
    async run(place) {
        const before = await survey(place);
        const zone = fullestZone(before);
        if (zone === undefined)
            return { ok: false, measured: { reason: "the cluster has fewer than two zones, so none can be lost" } };
        const { lostZones } = clusterFiles(place.paths);
        try {
            writePrivateFile(lostZones, JSON.stringify([zone]));
            const gone = await lose(place, zone, before);
            onDisk(lostZones, () => fs.rmSync(lostZones, { force: true }));
            const back = await regain(place, zone);
            return { ok: gone.ok && back.ok, measured: { zone, ...gone.measured, ...back.measured } };
        } finally {
            onDisk(lostZones, () => fs.rmSync(lostZones, { force: true }));
        }
    },
};

interface Survey {
    readonly nodes: readonly NodeStatus[];
    readonly pods: readonly PodStatus[];
    readonly volumes: readonly VolumeStatus[];
}

async function survey({ api, namespaces }: ScenarioPlace): Promise<Survey> {
    const [nodes, pods, volumes] = await Promise.all([readNodes(api), readPods(api), readVolumes(api)]);
    return { nodes, pods: pods.filter(({ namespace }) => namespaces.has(namespace)), volumes };
}

function fullestZone({ nodes, pods }: Survey): string | undefined {
    const zones = [...new Set(nodes.map(({ zone }) => zone))].sort();
    const podsIn = (zone: string): number =>
        pods.filter((pod) => nodes.some((node) => node.zone === zone && node.name === pod.node)).length;
    return zones.length < 2 ? undefined : zones.reduce((best, zone) => (podsIn(zone) > podsIn(best) ? zone : best));
}

async function lose(place: ScenarioPlace, zone: string, before: Survey): Promise<ScenarioOutcome> {
    const lost = before.nodes.filter((node) => node.zone === zone).map(({ name }) => name);
    const claims = new Set(
        before.volumes.filter((disk) => disk.zone === zone).map((disk) => key(disk.namespace, disk.claim)),
    );
    const began = Date.now();
    for (;;) {
        const now = await situation(place, claims, zone);
        place.tell(`${zone} is lost, ${now.missing.length} not ready elsewhere yet`);
        const late = Date.now() - began > (place.withinMs ?? readyWithinMs);
        if (now.missing.length === 0 || late) {
            const measured = {
                nodesLost: lost.length,
                podsLost: before.pods.filter(({ node }) => lost.includes(node)).length,
                movedAfterMs: late ? null : Date.now() - began,
                heldByDisks: now.held,
                notReady: now.missing,
            };
            return { ok: !late, measured };
        }
        await sleep(pollMs, undefined, { signal: place.signal });
    }
}

interface Situation {
    /** What waits for a disk in the lost zone. */
    readonly held: readonly string[];
    /** What should be ready and is not. */
    readonly missing: readonly string[];
}

async function situation(place: ScenarioPlace, claims: ReadonlySet<string>, zone: string): Promise<Situation> {
    const [nodes, { pods, workloads, scalers }] = await Promise.all([
        readNodes(place.api),
        look(place.api, place.namespaces),
    ]);
    const standing = new Set(nodes.filter((node) => node.zone !== zone).map(({ name }) => name));
    const isThere = (pod: PodStatus): boolean => pod.ready && (pod.node === "" || standing.has(pod.node));
    const isHeld = (pod: PodStatus): boolean => pod.claims.some((claim) => claims.has(key(pod.namespace, claim)));
    const held = pods.filter((pod) => pod.node === "" && isHeld(pod));
    // One that waits for a disk may keep the rest of its workload waiting too: a StatefulSet makes its pods in order.
    const waits = (workload: WorkloadStatus): boolean => held.some((pod) => belongsTo(pod, workload));
    const lacking = [...workloads, ...scalers].filter((workload) => lacks(workload) && !waits(workload));
    return {
        held: [
            ...held.map(({ namespace, name }) => `Pod ${namespace}/${name}`),
            ...workloads.filter((workload) => lacks(workload) && waits(workload)).map(inWords),
        ],
        missing: [
            ...pods
                .filter((pod) => !isThere(pod) && !held.includes(pod))
                .map(({ namespace, name, reason }) => `Pod ${namespace}/${name}: ${reason || "its node is gone"}`),
            ...lacking.map(inWords),
        ],
    };
}

async function regain(place: ScenarioPlace, zone: string): Promise<ScenarioOutcome> {
    const { api, namespaces, command, signal, tell, withinMs = readyWithinMs } = place;
    const began = Date.now();
    try {
        await untilStands(place, zone);
        const nodesAfterMs = Date.now() - began;
        const progress = (ready: number, pods: number): void => tell(`${zone} is back, ${ready} of ${pods} ready`);
        await waitUntilReady(api, { namespaces, command, signal, progress, withinMs });
        return { ok: true, measured: { nodesAfterMs, wholeAfterMs: Date.now() - began } };
    } catch (error) {
        if (!(error instanceof Fault)) throw error;
        return { ok: false, measured: { wholeAfterMs: null, notReady: error.message.split("\n").slice(1) } };
    }
}

/** How many nodes a zone gets back is its cloud's business: what grew elsewhere meanwhile may be enough. */
async function untilStands({ api, signal, withinMs = readyWithinMs }: ScenarioPlace, zone: string): Promise<void> {
    for (const deadline = Date.now() + withinMs; ; await sleep(pollMs, undefined, { signal })) {
        const back = (await readNodes(api)).filter((node) => node.zone === zone);
        if (back.length > 0 && back.every(({ ready }) => ready)) return;
        if (Date.now() > deadline)
            throw new Fault(`\n${zone} got no node back`, "see the log of the host's simulation");
    }
}

function key(namespace: string, claim: string): string {
    return `${namespace}/${claim}`;
}

/** By who made the pod, never by its name: db-0 of a StatefulSet `db` must not excuse a Deployment `d`, nor one called `db`. */
function belongsTo(pod: PodStatus, { kind, namespace, name, scales = `${kind}/${name}` }: WorkloadStatus): boolean {
    return pod.namespace === namespace && pod.owner === scales;
}

function inWords({ kind, namespace, name, ready, desired }: WorkloadStatus): string {
    return `${kind} ${namespace}/${name}: ${ready} of ${desired} ready`;
}
