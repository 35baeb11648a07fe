import type { BackupStore } from "../../cloud/contract";
import { chromadbJobs } from "../../foundation/dataBackups";
import { selectorOf } from "../../foundation/labels";
import { hbonePort, type MeshMode, waypoint } from "../../foundation/mesh";
import { credentialsAddress } from "../../foundation/ranges";
import { images } from "../../kubernetes/images";
import { planStoreCalls } from "../../kubernetes/storeTraffic";
import { inNamespace, planCalls, type TrafficPolicy, tcp } from "../../kubernetes/traffic";

export interface BackupTraffic {
    readonly mode: MeshMode;
    /** Namespace of the data services. */
    readonly applications: string;
    readonly store: Pick<BackupStore, "reach">;
}

/** What the jobs may do beside asking for names, by the name of the policy. Nobody calls them. A drill calls no data service: its server is in its own pod. */
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

/**
 * A proxy in the pod lets nothing out to hosts that it does not know. What the jobs call outside of the mesh goes past it, by TLS to names that they check:
 * the store at 443, and on AWS the agent of the node that says who they are.
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
