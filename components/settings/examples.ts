import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "./schema";

/** Values that stand for something only the owner of a stack knows, and that nobody can own. */
const reservedRegistry = "your-registry";

interface ExampleUse {
    readonly key: string;
    readonly value: string;
    readonly effect: string;
}

/** Where a stack still uses a reserved example. */
export function exampleUses({ tarsRag }: Settings): readonly ExampleUse[] {
    const { registry } = tarsRag.image;
    if (registry !== reservedRegistry) return [];
    return [
        { key: "tarsRag.image.registry", value: registry, effect: "no real cluster can pull tars-backend from it" },
    ];
}

export function warnOfExamples(settings: Settings): void {
    for (const { key, value, effect } of exampleUses(settings)) {
        pulumi.log.warn(`${key} is still the example "${value}": ${effect}. Set your own.`);
    }
}
