import type { BackupStore } from "../../cloud/contract";
import { clickHousePods, clickHousePorts } from "../../foundation/clickHouseNames";
import { chromadbJobs, clickHouseJobs, elasticsearchJobs, qdrantJobs } from "../../foundation/dataBackups";
import { askedPods, type ElasticsearchCluster, elasticPorts } from "../../foundation/elasticNames";
import { selectorOf } from "../../foundation/labels";
import { hbonePort, type MeshMode, waypoint } from "../../foundation/mesh";
import { credentialsAddress } from "../../foundation/ranges";
import { vectorStore } from "../../foundation/vectors";
import { planPorts } from "../../kubernetes/access";
import { images } from "../../kubernetes/images";
import { planStoreCalls } from "../../kubernetes/storeTraffic";
import { here, inNamespace, planCalls, type TrafficPolicy, tcp } from "../../kubernetes/traffic";
import { reached, type SnapshotStore } from "../elastic/snapshots";

/** The policy by which a job calls the store that has a namespace in common with others than jobs. */
export function jobStoreCalls(job: string): string {
    return `${job}-store`;
}

export interface BackupTraffic {
    readonly mode: MeshMode;
    /** Namespace of the data services. */
    readonly applications: string;
    readonly store: Pick<BackupStore, "reach">;
}

/**
 * What the jobs may do beside asking for names, by the name of the policy. Nobody calls them. A drill calls no data service: its server is in its own
 * pod.
 */
export function planBackupTraffic({
    mode,
    applications,
    store,
}: BackupTraffic): Readonly<Record<string, TrafficPolicy>> {
    const served = inNamespace(applications, selectorOf("chromadb"));
    const way =
        mode === "ambient"
            ? { to: [inNamespace(waypoint.namespace, waypoint.podLabels)], ports: tcp(hbonePort) }
            : { to: [served], ports: tcp(...Object.values(images.chromadb.ports)) };
    return {
        [chromadbJobs.backup]: planCalls(selectorOf(chromadbJobs.backup), [way]),
        store: planStoreCalls({}, store),
    };
}

/** The same of ClickHouse's jobs, in its namespace and outside of the mesh. Other pods there call no store. */
export function planClickHouseTraffic(store: Pick<BackupStore, "reach">): Readonly<Record<string, TrafficPolicy>> {
    const { backup, drill } = clickHouseJobs;
    const servers = { to: [here(clickHousePods.servers)], ports: tcp(clickHousePorts.https) };
    return {
        [backup]: planCalls(selectorOf(backup), [servers]),
        [jobStoreCalls(backup)]: planStoreCalls(selectorOf(backup), store),
        [jobStoreCalls(drill)]: planStoreCalls(selectorOf(drill), store),
    };
}

/** The same of Qdrant's jobs, in its namespace: each of its pods is called by its own name, because each has its own parts of collections. */
export function planQdrantTraffic(
    mode: MeshMode,
    store: Pick<BackupStore, "reach">,
): Readonly<Record<string, TrafficPolicy>> {
    const { backup, drill } = qdrantJobs;
    const pods = { to: [here(selectorOf(vectorStore.store))], ports: planPorts([images.qdrant.ports.https], mode) };
    return {
        [backup]: planCalls(selectorOf(backup), [pods]),
        [jobStoreCalls(backup)]: planStoreCalls(selectorOf(backup), store),
        [jobStoreCalls(drill)]: planStoreCalls(selectorOf(drill), store),
    };
}

/** The same of Elasticsearch's jobs. The drill's own server has to change its token as well. */
export function planElasticsearchTraffic(
    asked: ElasticsearchCluster,
    { store, login }: { readonly store: Pick<BackupStore, "reach">; readonly login: SnapshotStore },
): Readonly<Record<string, TrafficPolicy>> {
    const { backup, drill } = elasticsearchJobs;
    const nodes = { to: [here(askedPods(asked))], ports: tcp(elasticPorts.http) };
    return {
        [backup]: planCalls(selectorOf(backup), [nodes]),
        [jobStoreCalls(backup)]: planStoreCalls(selectorOf(backup), store),
        [jobStoreCalls(drill)]: planStoreCalls(selectorOf(drill), reached(login)),
    };
}

/**
 * A proxy in the pod lets nothing out to hosts that it does not know. What the jobs call outside of the mesh goes past it, by TLS to names that they
 * check: the store at 443, and on AWS the agent of the node that says who they are.
 *
 * @see https://istio.io/latest/docs/reference/config/annotations/
 */
export function pastProxy(mode: MeshMode): Readonly<Record<string, string>> {
    if (mode === "ambient") return {};
    return {
        "traffic.sidecar.istio.io/excludeOutboundPorts": "443",
        "traffic.sidecar.istio.io/excludeOutboundIPRanges": credentialsAddress,
    };
}
