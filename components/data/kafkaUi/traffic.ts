import { kafkaUiName } from "../../foundation/kafkaUi";
import { type Labels, selectorOf } from "../../foundation/labels";
import type { MeshMode } from "../../foundation/mesh";
import { planPorts } from "../../kubernetes/access";
import { images } from "../../kubernetes/images";
import { meshTraffic } from "../../kubernetes/meshTraffic";
import { inNamespace, planTrafficOf, type TrafficPolicy } from "../../kubernetes/traffic";
import { toBrokers } from "../kafka/traffic";
import { toRegistry } from "../schemaRegistry/traffic";

const pods: Labels = selectorOf(kafkaUiName);
const { http } = images.kafkaUi.ports;

/** The gateway, as network and mesh know it. */
export interface GatewayPods {
    readonly namespace: string;
    readonly serviceAccount: string;
    readonly podLabels: Labels;
}

export interface UiTraffic {
    readonly gateway: GatewayPods;
    readonly mode: MeshMode;
    readonly hasRegistry: boolean;
}

/** The gateway calls it, nobody else; it calls Kafka and the registry. Its pods are in the mesh, so that the way from the gateway is encrypted. */
export function planUiTraffic({ gateway, mode, hasRegistry }: UiTraffic): Readonly<Record<string, TrafficPolicy>> {
    const { namespace, podLabels } = gateway;
    return {
        [kafkaUiName]: planTrafficOf(pods, {
            ingress: [{ from: [inNamespace(namespace, podLabels)], ports: planPorts([http], mode) }],
            egress: [toBrokers({ login: "scram" }), ...(hasRegistry ? [toRegistry()] : [])],
        }),
        [`${kafkaUiName}-mesh`]: { ...meshTraffic[mode], podSelector: { matchLabels: pods } },
    };
}

/** The same for the mesh, which goes by who a caller is. */
export function planUiCallers({ namespace, serviceAccount }: GatewayPods) {
    const source = { principals: [`cluster.local/ns/${namespace}/sa/${serviceAccount}`] };
    return {
        selector: { matchLabels: pods },
        action: "ALLOW",
        rules: [{ from: [{ source }], to: [{ operation: { ports: [`${http}`] } }] }],
    };
}
