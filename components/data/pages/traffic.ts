import { type Labels, selectorOf } from "../../foundation/labels";
import type { MeshMode } from "../../foundation/mesh";
import { planPorts } from "../../kubernetes/access";
import { meshTraffic } from "../../kubernetes/meshTraffic";
import { inNamespace, planTrafficOf, type TrafficPolicy } from "../../kubernetes/traffic";

/** A page that people look at: the name of its Service and pods, and the port at which it answers. */
export interface Page {
    readonly name: string;
    readonly port: number;
}

/** The gateway, as network and mesh know it. */
export interface GatewayPods {
    readonly namespace: string;
    readonly serviceAccount: string;
    readonly podLabels: Labels;
}

export interface PageTraffic {
    readonly gateway: GatewayPods;
    readonly mode: MeshMode;
    /** Whom it calls itself. */
    readonly egress: Parameters<typeof planTrafficOf>[1]["egress"];
}

/** The gateway calls it, nobody else. Its pods are in the mesh, whatever their namespace is, so that the way from the gateway is encrypted. */
export function planPageTraffic(
    { name, port }: Page,
    { gateway, mode, egress }: PageTraffic,
): Readonly<Record<string, TrafficPolicy>> {
    const { namespace, podLabels } = gateway;
    const pods = selectorOf(name);
    return {
        [name]: planTrafficOf(pods, {
            ingress: [{ from: [inNamespace(namespace, podLabels)], ports: planPorts([port], mode) }],
            egress,
        }),
        [`${name}-mesh`]: { ...meshTraffic[mode], podSelector: { matchLabels: pods } },
    };
}

/** The same for the mesh, which goes by who a caller is. */
export function planPageCallers({ name, port }: Page, { namespace, serviceAccount }: GatewayPods) {
    const source = { principals: [`cluster.local/ns/${namespace}/sa/${serviceAccount}`] };
    return {
        selector: { matchLabels: selectorOf(name) },
        action: "ALLOW",
        rules: [{ from: [{ source }], to: [{ operation: { ports: [`${port}`] } }] }],
    };
}
