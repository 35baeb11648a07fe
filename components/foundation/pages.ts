import type { Copies } from "./copies";
import type { Dashboard } from "./login";
import type { MeshMode } from "./mesh";
import { meshSidecars } from "./meshSizes";
import type { PodSize, Size } from "./workloads";

/** Where a dashboard leads that is a page of the platform's own, which asks nobody who they are. */
export type PagePlace = Pick<Dashboard, "namespace" | "service" | "port">;

/** Whether a dashboard leads to a page, whatever port it names. */
export function leadsTo({ namespace, service }: PagePlace, to: Pick<Dashboard, "namespace" | "service">): boolean {
    return namespace === to.namespace && service === to.service;
}

export interface PageWhere {
    readonly copies: Copies;
    readonly mode: MeshMode;
}

/** Pods of a page, with what the mesh adds to each. It keeps nothing, and people wait for it: two where a controller has more than one. */
export function pageSize(each: PodSize, { copies, mode }: PageWhere): Size {
    const sidecar = meshSidecars[mode];
    const count = Math.min(2, copies.controllers);
    return { ...each, surge: 1, replicas: { min: count, max: count }, ...(sidecar && { sidecar }) };
}
