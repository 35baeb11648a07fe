import * as fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Fault } from "../fault";
import { clusterFiles } from "../session/clusterFiles";
import {
    type NodeStatus,
    type PodStatus,
    readNodes,
    readPods,
    readServices,
    readVolumes,
    type ServiceStatus,
    type VolumeStatus,
    type WorkloadStatus,
} from "../session/inventory";
import { lacks, look, readyWithinMs, waitUntilReady } from "../session/readiness";
import { onDisk, writePrivateFile } from "../system/files";
import { isKept, quorumsOf, withStanding } from "./quorum";
import type { Scenario, ScenarioOutcome, ScenarioPlace } from "./scenario";

const pollMs = 250;

/**
 * All machines of the zone with the most pods go at once, and none can be had there: their nodes disappear, as a cloud's controller takes those away
 * whose machines are gone. Whatever is not bound to a disk of the zone must be ready again elsewhere within the time that the system has to get
 * ready, and the rest when the zone is back; a service whose members need a majority must have it all the time, and each Service somebody who answers. The cloud notices at once here;
 * the 40 s for which Kubernetes leaves the pods of a missing node alone are real.
 */
export const zoneLost: Scenario = {
    summary:
        "all nodes of the fullest zone go; what can move must be ready again elsewhere, the rest when the zone is back, and no quorum is lost",
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
    /** Those that somebody answers for. */
    readonly services: readonly ServiceStatus[];
}

async function survey({ api, namespaces }: ScenarioPlace): Promise<Survey> {
    const [nodes, pods, volumes, services] = await Promise.all([
        readNodes(api),
        readPods(api),
        readVolumes(api),
        readServices(api),
    ]);
    const isOurs = ({ namespace }: { readonly namespace: string }): boolean => namespaces.has(namespace);
    const answered = services.filter((service) => isOurs(service) && service.pods.length > 0);
    return { nodes, pods: pods.filter(isOurs), volumes, services: answered };
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
    for (let quorums = quorumsOf(before.pods); ; ) {
        const now = await situation(place, { claims, zone, services: before.services });
        quorums = withStanding(quorums, now.standing);
        place.tell(`${zone} is lost, ${now.missing.length} not ready elsewhere yet`);
        const late = Date.now() - began > (place.withinMs ?? readyWithinMs);
        if (now.missing.length === 0 || late) {
            const measured = {
                nodesLost: lost.length,
                podsLost: before.pods.filter(({ node }) => lost.includes(node)).length,
                movedAfterMs: late ? null : Date.now() - began,
                heldByDisks: now.held,
                notReady: now.missing,
                quorums: quorums.map(({ service, members, standing }) => `${service}: ${standing} of ${members}`),
            };
            return { ok: !late && quorums.every(isKept), measured };
        }
        await sleep(pollMs, undefined, { signal: place.signal });
    }
}

interface Situation {
    /** What is ready where a node still is. */
    readonly standing: readonly PodStatus[];
    /** What waits for a disk in the lost zone. */
    readonly held: readonly string[];
    /** What should be ready and is not. */
    readonly missing: readonly string[];
}

interface Lost {
    readonly zone: string;
    /** Claims whose disks are there. */
    readonly claims: ReadonlySet<string>;
    /** What somebody answered for before. */
    readonly services: readonly ServiceStatus[];
}

async function situation(place: ScenarioPlace, { claims, zone, services }: Lost): Promise<Situation> {
    const [nodes, { pods, workloads, scalers }, answering] = await Promise.all([
        readNodes(place.api),
        look(place.api, place.namespaces),
        readServices(place.api),
    ]);
    const onNode = new Set(nodes.filter((node) => node.zone !== zone).map(({ name }) => name));
    const isThere = (pod: PodStatus): boolean => pod.ready && (pod.node === "" || onNode.has(pod.node));
    const isHeld = (pod: PodStatus): boolean => pod.claims.some((claim) => claims.has(key(pod.namespace, claim)));
    const held = pods.filter((pod) => pod.node === "" && isHeld(pod));
    // One that waits for a disk may keep the rest of its workload waiting too: a StatefulSet makes its pods in order.
    const waits = (workload: WorkloadStatus): boolean => held.some((pod) => belongsTo(pod, workload));
    const reached = new Set(
        answering.flatMap((service) => (service.pods.some(isOnNode(service, pods, onNode)) ? [keyOf(service)] : [])),
    );
    const silent = services.filter((service) => !reached.has(keyOf(service)) && !waitsForDisk(service, held));
    const lacking = [...workloads, ...scalers].filter((workload) => lacks(workload) && !waits(workload));
    return {
        standing: pods.filter(isThere),
        held: [
            ...held.map(({ namespace, name }) => `Pod ${namespace}/${name}`),
            ...workloads.filter((workload) => lacks(workload) && waits(workload)).map(inWords),
        ],
        missing: [
            ...pods
                .filter((pod) => !isThere(pod) && !held.includes(pod))
                .map(({ namespace, name, reason }) => `Pod ${namespace}/${name}: ${reason || "its node is gone"}`),
            ...lacking.map(inWords),
            ...silent.map(({ namespace, name }) => `Service ${namespace}/${name}: nobody answers`),
        ],
    };
}

function isOnNode({ namespace }: ServiceStatus, pods: readonly PodStatus[], nodes: ReadonlySet<string>) {
    const standing = pods.filter((pod) => pod.namespace === namespace && nodes.has(pod.node));
    return (name: string): boolean => standing.some((pod) => pod.name === name);
}

function keyOf({ namespace, name }: ServiceStatus): string {
    return key(namespace, name);
}

/** Whoever answered for it waits for a disk. */
function waitsForDisk({ namespace, pods }: ServiceStatus, held: readonly PodStatus[]): boolean {
    return pods.some((name) => held.some((pod) => pod.namespace === namespace && pod.name === name));
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
