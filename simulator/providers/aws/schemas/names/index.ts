import { account } from "./account";
import { cluster } from "./cluster";
import { data } from "./data";
import { edge } from "./edge";
import { logs } from "./logs";
import { network } from "./network";
import { streaming } from "./streaming";
import type { NamesByType, SchemaNames } from "./types";

export type { SchemaNames } from "./types";

const all: NamesByType = { ...network, ...cluster, ...account, ...logs, ...edge, ...data, ...streaming };

/** Types of Pulumi's aws provider that CloudFormation has too. */
export const mappedTypes: readonly string[] = Object.keys(all);

/** @param type such as `aws:ec2/vpc:Vpc` */
export function namesOf(type: string): SchemaNames | undefined {
    return all[type];
}

/** What CloudFormation calls a property, or the reason why it has none. */
export type Place =
    | { readonly kind: "path"; readonly path: string }
    | { readonly kind: "beside"; readonly reason: string };

/**
 * Where CloudFormation has what stands at a path of Pulumi's inputs, such as `vpcConfig/subnetIds`. The longest name that leads to
 * the path decides; the rest of it is capitalised.
 */
export function placeOf({ names = {}, beside = {} }: SchemaNames, path: string): Place {
    const steps = path.split("/");
    for (let length = steps.length; length > 0; length--) {
        const head = steps.slice(0, length).join("/");
        const reason = beside[head] ?? everywhere[head];
        if (reason !== undefined) return { kind: "beside", reason };
        const name = names[head];
        if (name !== undefined)
            return { kind: "path", path: [name, ...steps.slice(length).map(capitalised)].join("/") };
    }
    return { kind: "path", path: steps.map(capitalised).join("/") };
}

/** Inputs that every type of the provider has. */
const everywhere: Readonly<Record<string, string>> = {
    region: "the provider's region for one resource; a CloudFormation stack is in one region",
};

function capitalised(step: string): string {
    return step.charAt(0).toUpperCase() + step.slice(1);
}
