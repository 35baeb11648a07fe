import type * as pulumi from "@pulumi/pulumi";
import type { ChildOptions } from "../../foundation/component";
import { type Consumer, ownConsumers } from "../../foundation/consumers";
import { labelsOf, type Ownership } from "../../foundation/labels";
import { createCustomResource, type Operator } from "../../kubernetes/customResource";
import { planOutside } from "../../kubernetes/meshTraffic";

export interface Outside {
    /** What it is called. */
    readonly called: string;
    readonly hosts: readonly pulumi.Input<string>[];
    readonly port: Parameters<typeof planOutside>[1][number];
    /** Who calls there. */
    readonly users: Readonly<Record<string, Consumer>>;
    readonly ownership: Ownership;
    /** What makes the mesh's kinds known, and acts on them. */
    readonly istio: Operator;
    /** Namespace of the platform's own workloads. */
    readonly applications: pulumi.Input<string>;
}

/** Has proxies in pods, wherever users are, let calls out to hosts of the cloud. What they carry stays as it is, encrypted by its own two ends. */
export function createOutside(
    name: string,
    { called, hosts, port, users, ownership, istio, applications }: Outside,
    child: ChildOptions,
): void {
    const callers = new Set(Object.values(users).map(({ namespace }) => namespace));
    const others = [...callers].filter((namespace) => namespace !== ownConsumers);
    const plan = {
        apiVersion: "networking.istio.io/v1",
        kind: "ServiceEntry",
        name: called,
        namespace: applications,
        labels: labelsOf({ name: called, component: "mesh" }, ownership),
        spec: planOutside(hosts, [port], others),
    };
    createCustomResource(name, plan, istio, { parent: child.parent, provider: child.provider });
}
