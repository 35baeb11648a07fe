import type { BackupStore } from "../../cloud/contract";
import { type Labels, selectorOf } from "../../foundation/labels";
import type { MeshMode } from "../../foundation/mesh";
import { vectorStore } from "../../foundation/vectors";
import { planPorts } from "../../kubernetes/access";
import { images } from "../../kubernetes/images";
import { planStoreCalls } from "../../kubernetes/storeTraffic";
import { planTrafficOf, type TrafficPolicy } from "../../kubernetes/traffic";

const { https, grpc, p2p } = images.qdrant.ports;

/** Ports at which its pods call each other: to agree, and to copy a part of a collection. */
const between = [p2p, https];

/** Ports for whoever asks for vectors. */
const callersPorts = [https, grpc];

/** Port for whoever backs it up. */
const keepersPorts = [https];

export interface StoreTraffic {
    readonly mode: MeshMode;
    /** Labels of the pods of this namespace that may ask for vectors. */
    readonly callers: Labels;
    /** Labels of the pods that back it up, and bring it back; undefined where nobody does. */
    readonly keepers: Labels | undefined;
    /** Where snapshots go; undefined where they go nowhere. */
    readonly snapshots: Pick<BackupStore, "reach"> | undefined;
}

/** What its pods may do beside asking for names, by the name of the policy. */
export function planStoreTraffic({
    mode,
    callers,
    keepers,
    snapshots,
}: StoreTraffic): Readonly<Record<string, TrafficPolicy>> {
    const pods = selectorOf(vectorStore.store);
    const peers = [{ podSelector: { matchLabels: pods } }];
    return {
        [vectorStore.store]: planTrafficOf(pods, {
            ingress: [
                { from: [{ podSelector: { matchLabels: callers } }], ports: planPorts(callersPorts, mode) },
                { from: peers, ports: planPorts(between, mode) },
                ...(keepers
                    ? [{ from: [{ podSelector: { matchLabels: keepers } }], ports: planPorts(keepersPorts, mode) }]
                    : []),
            ],
            egress: [{ to: peers, ports: planPorts(between, mode) }],
        }),
        ...(snapshots && { [`${vectorStore.store}-snapshots`]: planStoreCalls(pods, snapshots) }),
    };
}

/** The same for the mesh, which goes by who a caller is. */
export function planStoreCallers(account: string, keeper: string | undefined) {
    const principal = (name: string) => `cluster.local/ns/${vectorStore.namespace}/sa/${name}`;
    const rule = (name: string, ports: readonly number[]) => ({
        from: [{ source: { principals: [principal(name)] } }],
        to: [{ operation: { ports: ports.map(String) } }],
    });
    return {
        selector: { matchLabels: selectorOf(vectorStore.store) },
        action: "ALLOW",
        rules: [
            rule(account, callersPorts),
            rule(vectorStore.store, between),
            ...(keeper === undefined ? [] : [rule(keeper, keepersPorts)]),
        ],
    };
}
