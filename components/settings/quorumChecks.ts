import type { Issues } from "../foundation/issues";
import type { NodePoolPlan, NodeRole } from "../foundation/pools";
import type { Settings, StackSettings } from "./schema";

/** What is asked of a store of several pods: the stack file's own words, what came of them, and the nodes that are there for it. */
export interface AskedStack {
    readonly common: StackSettings;
    readonly settings: Settings;
    readonly pools: readonly NodePoolPlan[];
}

/** Adds an even number of those that agree by a majority: it bears no more losses than one less does. */
export function checkOdd(key: string, count: number, issues: Issues): void {
    if (count % 2 === 1) return;
    const words = `is ${count}: half of them are no majority, so one more would be lost for nothing`;
    issues.add(key, words, `set ${count - 1} or ${count + 1}`);
}

/** Adds more of them than there are zones, for two would be in one. */
export function checkZones(key: string, count: number, zones: number, issues: Issues): void {
    if (count <= zones) return;
    const words = `is ${count}, more than the ${zones} zones of the nodes: two would be lost with one`;
    issues.add(key, words, `set at most ${zones}, or give the nodes more zones`);
}

/** Zones of the nodes that pods may land on; 1 where the cluster has no nodes of these roles, which others refuse. */
export function zonesOf(pools: readonly NodePoolPlan[], roles: readonly NodeRole[]): number {
    return Math.max(1, ...pools.filter(({ role }) => roles.includes(role)).map(({ zones }) => zones));
}
