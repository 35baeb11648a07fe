import { type KafkaCaller, kafkaNamespace } from "../../foundation/kafkaNames";
import { type Labels, selectorOf } from "../../foundation/labels";
import { registryName } from "../../foundation/schemaRegistry";
import { images } from "../../kubernetes/images";
import { inNamespace, planCalls, planTrafficOf, type TrafficPolicy, tcp } from "../../kubernetes/traffic";
import { toBrokers } from "../kafka/traffic";

const pods: Labels = selectorOf(registryName);
const ports = tcp(images.karapace.ports.https);

/** Pods that may call the registry. */
export type RegistryCaller = Pick<KafkaCaller, "namespace" | "serviceAccount">;

/** Who calls the registry, by the name of the policy; its pods call Kafka, and each other to have the one that writes do so. */
export function planRegistryTraffic(callers: readonly RegistryCaller[]): Readonly<Record<string, TrafficPolicy>> {
    const peers = [{ podSelector: { matchLabels: pods } }];
    const outside = callers.map(({ namespace, serviceAccount }) => inNamespace(namespace, selectorOf(serviceAccount)));
    return {
        [registryName]: planTrafficOf(pods, {
            ingress: [...outside, ...peers].map((peer) => ({ from: [peer], ports })),
            egress: [toBrokers({ login: "scram" }), { to: peers, ports }],
        }),
    };
}

/** The way from a workload of the platform's to it. */
export function planRegistryConsumer({ serviceAccount }: RegistryCaller): TrafficPolicy {
    return planCalls(selectorOf(serviceAccount), [toRegistry()]);
}

/** The same as a rule for a policy that lets pods call others too. */
export function toRegistry() {
    return { to: [inNamespace(kafkaNamespace, pods)], ports };
}
