import type { Consumer } from "../../foundation/consumers";
import { kafkaNamespace } from "../../foundation/kafkaNames";
import { type Labels, selectorOf } from "../../foundation/labels";
import { registryName } from "../../foundation/schemaRegistry";
import { podsOf } from "../../kubernetes/consumers";
import { images } from "../../kubernetes/images";
import { here, inNamespace, planTrafficOf, type TrafficPolicy, tcp } from "../../kubernetes/traffic";
import { toBrokers } from "../kafka/traffic";

const pods: Labels = selectorOf(registryName);
const ports = tcp(images.karapace.ports.https);

/** Who calls the registry, by the name of the policy; its pods call Kafka, and each other to have the one that writes do so. */
export function planRegistryTraffic(callers: readonly Consumer[]): Readonly<Record<string, TrafficPolicy>> {
    const peers = [here(pods)];
    const outside = callers.map(podsOf);
    return {
        [registryName]: planTrafficOf(pods, {
            ingress: [...outside, ...peers].map((peer) => ({ from: [peer], ports })),
            egress: [toBrokers({ login: "scram" }), { to: peers, ports }],
        }),
    };
}

/** The way to it. */
export function toRegistry() {
    return { to: [inNamespace(kafkaNamespace, pods)], ports };
}
