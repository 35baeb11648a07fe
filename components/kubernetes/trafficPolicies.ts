import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import type * as pulumi from "@pulumi/pulumi";
import type { ChildOptions } from "../foundation/component";
import type { Labels } from "../foundation/labels";
import type { TrafficPolicy } from "./traffic";

/** What the objects of one namespace have in common. */
export interface Inside {
    readonly namespace: pulumi.Input<string>;
    readonly labels: Labels;
}

/**
 * Makes the policies by their names.
 *
 * @returns what pods have to wait for that call somebody as soon as they run
 */
export function createTraffic(
    name: string,
    policies: Readonly<Record<string, TrafficPolicy>>,
    inside: Inside,
    child: ChildOptions,
): NetworkPolicy[] {
    return Object.entries(policies).map(
        ([policy, spec]) =>
            new NetworkPolicy(`${name}-${policy}`, { metadata: { ...inside, name: policy }, spec }, child),
    );
}
