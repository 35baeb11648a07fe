import type { Value } from "../../reading/value";
import type { Subject } from "../../resources/subject";
import { cloudResource } from "../../samples";

/** A cluster stands in a stack as the component `eks.Cluster`, and in the engine also as the resource that the component makes. */
export const clusterKinds = ["eks:index/Cluster", "aws:eks/Cluster"] as const;

export const componentType = "eks:index:Cluster";
export const clusterType = "aws:eks/cluster:Cluster";

/** Whether a subject is the component, which has property names of its own. */
export function isComponent({ kind }: Subject): boolean {
    return kind.provider === "eks";
}

/** Whether a component made this resource: URNs name the types of all parents. */
export function isOfComponent({ resource }: Subject): boolean {
    return resource.urn.includes(`${componentType}$`);
}

/** Where a cluster says how its API server is reached. */
export function endpointOf(subject: Subject): Value {
    return isComponent(subject) ? subject.object : subject.object.get("vpcConfig");
}

export const component = (inputs: Readonly<Record<string, unknown>>) => cloudResource(componentType, inputs);
export const cluster = (inputs: Readonly<Record<string, unknown>>) => cloudResource(clusterType, inputs);
