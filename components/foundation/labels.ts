import { checkName } from "./names";

/** Labels that every object of one stack carries: whose it is, where it belongs, how its data is treated, who pays. */
export interface Ownership {
    readonly owner: string;
    readonly environment: string;
    readonly dataClass: DataClass;
    readonly costCentre: string;
}

/** How the data that an object holds is treated: from "anybody may read it" to "named people only". */
export const dataClasses = ["public", "internal", "confidential", "restricted"] as const;
export type DataClass = (typeof dataClasses)[number];

/** What one object is, in the words of the recommended labels. */
export interface Part {
    /** Name of the workload that the object belongs to: `postgres`. */
    readonly name: string;
    /** Its role in the architecture: `database`, `cache`, `edge`. */
    readonly component: string;
    /** Version of what runs, as its image is tagged; absent where nothing runs. */
    readonly version?: string;
}

export type Labels = Readonly<Record<string, string>>;

/**
 * The whole label set of an object. `app` is there beside the recommended labels because the commands of the
 * T.A.R.S. guide select by it (`kubectl wait -l app=postgres`).
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
 */
export function labelsOf(part: Part, ownership: Ownership): Labels {
    return {
        app: part.name,
        ...selectorOf(part.name),
        "app.kubernetes.io/component": part.component,
        ...(part.version === undefined ? {} : { "app.kubernetes.io/version": part.version }),
        ...platformLabels(ownership),
    };
}

/** The labels by which a workload finds its pods. They can never change, so nothing that varies belongs here. */
export function selectorOf(name: string): Labels {
    return { "app.kubernetes.io/name": checkName("dnsLabel", name) };
}

/** Labels of an object that belongs to no single workload, such as the namespace. */
export function platformLabels(ownership: Ownership): Labels {
    return {
        "app.kubernetes.io/part-of": "tars",
        "app.kubernetes.io/managed-by": "pulumi",
        owner: ownership.owner,
        environment: ownership.environment,
        "data-class": ownership.dataClass,
        "cost-centre": ownership.costCentre,
    };
}
