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
export function exampleUses({ tarsRag, edge }: Settings): readonly ExampleUse[] {
    const { registry } = tarsRag.image;
    const effect = "no real cluster can pull tars-backend from it";
    const image = registry === reservedRegistry ? [{ key: "tarsRag.image.registry", value: registry, effect }] : [];
    return [...image, ...emailUses(edge)];
}

/** Addresses in a domain for documentation. @see RFC 2606 */
function emailUses({ certificates }: Settings["edge"]): readonly ExampleUse[] {
    if (!("email" in certificates) || !/[.@]example\.(com|net|org)$/.test(certificates.email)) return [];
    const effect = "Let's Encrypt takes no account with it";
    return [{ key: "edge.certificates.email", value: certificates.email, effect }];
}

export function warnOfExamples(settings: Settings): void {
    for (const { key, value, effect } of exampleUses(settings)) {
        pulumi.log.warn(`${key} is still the example "${value}": ${effect}. Set your own.`);
    }
}
