import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import type * as pulumi from "@pulumi/pulumi";
import type { ChildOptions } from "../foundation/component";
import { type Consumer, ownConsumers } from "../foundation/consumers";
import { labelsOf, type Ownership, selectorOf } from "../foundation/labels";
import { createRights, subjectOf } from "./rights";
import { inNamespace, planCalls, type TrafficPolicy } from "./traffic";
import type { Inside } from "./trafficPolicies";

/** A consumer's pods, as policies of the service name them. */
export function podsOf({ namespace, serviceAccount }: Consumer) {
    return inNamespace(namespace, selectorOf(serviceAccount));
}

/** The way from a workload of the platform's to a service. Pods of other teams have what their namespace gives them. */
export function planConsumer({ serviceAccount }: Consumer, ...ways: Parameters<typeof planCalls>[1]): TrafficPolicy {
    return planCalls(selectorOf(serviceAccount), ways);
}

export interface ConsumerRight {
    /** Namespace of the service, and labels of what is made there. */
    readonly inside: Inside;
    readonly user: string;
    readonly consumer: Consumer;
    /** Name of the role. @default consumer-USER */
    readonly called?: string;
    /** Its own login, and whom to believe. */
    readonly secrets: readonly string[];
}

/** Lets a consumer read some Secrets by name, and nothing else of the namespace. */
export function createConsumerRight(
    name: string,
    { inside, user, consumer, called = `consumer-${user}`, secrets }: ConsumerRight,
    child: ChildOptions,
): void {
    const rules = [{ apiGroups: [""], resources: ["secrets"], resourceNames: [...secrets], verbs: ["get", "watch"] }];
    const right = { ...inside, name: called, rules, subjects: [subjectOf(consumer)] };
    createRights(`${name}-consumer-${user}`, right, child);
}

export interface ConsumerWay {
    /** What the policy is called, before the user. */
    readonly service: string;
    readonly user: string;
    readonly consumer: Consumer;
    readonly ownership: Ownership;
    /** Namespace of the platform's own workloads, as others wait for it. */
    readonly applications: pulumi.Input<string>;
    readonly spec: TrafficPolicy;
}

/** Lets a workload of the platform's call a service; nothing for pods of other teams, whose policies are theirs. */
export function createConsumerWay(
    name: string,
    { service, user, consumer, ownership, applications, spec }: ConsumerWay,
    child: ChildOptions,
): void {
    if (consumer.namespace !== ownConsumers) return;
    const labels = labelsOf({ name: consumer.serviceAccount, component: "access" }, ownership);
    const metadata = { name: `${service}-${user}`, namespace: applications, labels };
    new NetworkPolicy(`${name}-way-${user}`, { metadata, spec }, child);
}
