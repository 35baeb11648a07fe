import type { core } from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";

/** Variables whose values nobody knows before something else is made. */
export interface Annotated {
    /** Annotations of the pod. */
    readonly annotations: Readonly<Record<string, pulumi.Input<string>>>;
    readonly environment: core.v1.EnvVar[];
}

/** Puts them into the pod's annotations, from where it reads them: what it is started with can be judged in a first preview. */
export function annotated(values: Readonly<Record<string, pulumi.Input<string>>>): Annotated {
    const key = (name: string) => `tars-platform/${name.toLowerCase().replaceAll("_", "-")}`;
    const field = (name: string) => ({ apiVersion: "v1", fieldPath: `metadata.annotations['${key(name)}']` });
    return {
        annotations: Object.fromEntries(Object.entries(values).map(([name, value]) => [key(name), value])),
        environment: Object.keys(values).map((name) => ({ name, valueFrom: { fieldRef: field(name) } })),
    };
}
