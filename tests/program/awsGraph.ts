import type { Graph, KubernetesObject } from "./graph";

/** A resource of AWS, with inputs of which each test reads a few. */
export type Resource = KubernetesObject;

/** The questions that tests of AWS ask about a graph. */
export function awsGraph(graph: Graph) {
    const of = (kind: string): readonly Resource[] =>
        graph.all.flatMap((found) =>
            found.type.endsWith(`:${kind}`) && /^(aws|eks):/.test(found.type) ? [{ ...found, kind }] : [],
        );
    const named = (kind: string, name: string): Resource => single(of(kind).filter((found) => found.name === name));
    const only = (kind: string): Resource => single(of(kind));
    return { of, named, only };
}

function single(found: readonly Resource[]): Resource {
    const [first, ...others] = found;
    if (first === undefined || others.length > 0) throw new Error(`${found.length} resources where one was expected`);
    return first;
}

export const zones = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];

/** What the key is called where nobody made it. */
export const key = "[arn of keys-key]";
