import type { Resource, Sample } from "../../rule";

/** A sample of a stack that is not for production. */
export function inStaging(...resources: readonly Resource[]): Sample {
    return { kind: "resources", resources, environment: "staging" };
}
