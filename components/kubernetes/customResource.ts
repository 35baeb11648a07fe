import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import type * as pulumi from "@pulumi/pulumi";
import type { ChildOptions } from "../foundation/component";
import type { Labels } from "../foundation/labels";

/** An object of a kind that an operator brings, with the shape of its `spec` known to the compiler. */
export interface CustomResourcePlan<Spec extends object> {
    /** Group and version, such as `postgresql.cnpg.io/v1`. */
    readonly apiVersion: string;
    readonly kind: string;
    readonly name: string;
    /** @default undefined - the kind belongs to the whole cluster */
    readonly namespace?: pulumi.Input<string>;
    readonly labels: Labels;
    /** @default undefined - none */
    readonly annotations?: Readonly<Record<string, pulumi.Input<string>>>;
    readonly spec: Spec;
}

/** What must be there before the API server knows the kind and somebody acts on it. */
export interface Operator {
    /** Makes the custom resource definition. */
    readonly definitions: pulumi.Resource;
    /** Runs the controller. It must outlive the object, or the object's finalizers are never removed. */
    readonly controller: pulumi.Resource;
}

/** Annotations that have the engine wait until the object's operator says that it is ready. @see https://www.pulumi.com/registry/packages/kubernetes/#pulumicomwaitfor */
export const whenReady = { "pulumi.com/waitFor": "condition=Ready" } as const;

/** Makes an operator's object after its definition and its controller, and so deletes it before them. */
export function createCustomResource<Spec extends object>(
    name: string,
    plan: CustomResourcePlan<Spec>,
    operator: Operator,
    child: ChildOptions,
): CustomResource {
    const { apiVersion, kind, namespace, labels, annotations, spec } = plan;
    const place = namespace === undefined ? {} : { namespace };
    // An empty map is never in the live object, and the kubernetes plugins would add it in every update.
    const notes = Object.keys(annotations ?? {}).length === 0 ? {} : { annotations };
    const args = { apiVersion, kind, metadata: { name: plan.name, ...place, labels, ...notes }, spec };
    const dependsOn = [operator.definitions, operator.controller, ...(child.dependsOn ?? [])];
    return new CustomResource(name, args, { ...child, dependsOn });
}
