import type { BackupStore } from "../cloud/contract";
import type { Labels } from "../foundation/labels";
import { everywhere } from "../foundation/ranges";
import { blocks, planCalls, type TrafficPolicy, tcp, toInternet } from "./traffic";

/** The way from pods to the store of backups, and to whoever tells it who they are: the blocks of addresses that are known, and the Internet for the rest. */
export function planStoreCalls(pods: Labels, { reach }: Pick<BackupStore, "reach">): TrafficPolicy {
    const near = reach
        .map(({ ranges, port }) => ({ ranges: ranges.filter((range) => range !== everywhere), port }))
        .filter(({ ranges }) => ranges.length > 0);
    const isOutside = reach.some(({ ranges }) => ranges.includes(everywhere));
    return planCalls(pods, [
        ...near.map(({ ranges, port }) => ({ to: blocks(ranges), ports: tcp(port) })),
        ...(isOutside ? [toInternet(443)] : []),
    ]);
}
