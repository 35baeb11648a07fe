import * as pulumi from "@pulumi/pulumi";
import { vectorStore } from "../foundation/vectors";
import { reservedRegistry } from "./ownImage";
import type { Settings } from "./schema";

interface ExampleUse {
    readonly key: string;
    readonly value: string;
    readonly effect: string;
}

/** Names that nobody can own. @see https://www.rfc-editor.org/rfc/rfc2606 */
const reservedNames = /(^|\.)example(\.(com|net|org))?$/;

/** Where a stack still uses a reserved example. */
export function exampleUses({ tarsRag, edge, supplyChain, data: { vectors } }: Settings): readonly ExampleUse[] {
    const uses = [
        registryUse("tarsRag", "tars-backend", tarsRag.image.registry),
        ...(vectors.kind === "off"
            ? []
            : [registryUse("data.vectors.api", vectorStore.api, vectors.api.image.registry)]),
        hostUse("edge.host", edge.host),
        hostUse("edge.apiHost", edge.apiHost),
        issuerUse("edge.authentication.issuer", edge.authentication?.issuer, "nobody can get a token from it"),
        issuerUse("edge.login.issuer", edge.login?.issuer, "nobody can log in"),
        ...Object.entries(edge.dashboards).map(([name, { host }]) => hostUse(`edge.dashboards.${name}.host`, host)),
        emailUse(edge.certificates),
        signerUse(supplyChain.signatures),
    ];
    return uses.flatMap((use) => use ?? []);
}

function registryUse(of: string, name: string, value: string): ExampleUse | undefined {
    if (value !== reservedRegistry) return undefined;
    return { key: `${of}.image.registry`, value, effect: `no real cluster can pull ${name} from it` };
}

function hostUse(key: string, value: string): ExampleUse | undefined {
    return reservedNames.test(value) ? { key, value, effect: "nobody can reach the platform by it" } : undefined;
}

function issuerUse(key: string, value: string | undefined, effect: string): ExampleUse | undefined {
    if (value === undefined || !reservedNames.test(new URL(value).hostname)) return undefined;
    return { key, value, effect };
}

function emailUse(certificates: Settings["edge"]["certificates"]): ExampleUse | undefined {
    if (!("email" in certificates)) return undefined;
    const { email } = certificates;
    const domain = email.slice(email.lastIndexOf("@") + 1);
    if (!reservedNames.test(domain)) return undefined;
    return { key: "edge.certificates.email", value: email, effect: "Let's Encrypt takes no account with it" };
}

function signerUse(trust: Settings["supplyChain"]["signatures"]): ExampleUse | undefined {
    if (trust?.kind !== "keyless" || !reservedNames.test(new URL(trust.issuer).hostname)) return undefined;
    const consequence = trust.enforcement === "deny" ? "is refused" : "is reported";
    const effect = `nobody can sign in its name, so every pod ${consequence}`;
    return { key: "supplyChain.signatures.issuer", value: trust.issuer, effect };
}

export function warnOfExamples(settings: Settings): void {
    for (const { key, value, effect } of exampleUses(settings)) {
        pulumi.log.warn(`${key} is still the example "${value}": ${effect}. Set your own.`);
    }
}
