import { isMapping } from "../reading/value";

/** What a stack is for. */
export const environments = ["dev", "staging", "production"] as const;

export type Environment = (typeof environments)[number];

/** Where nobody says what a stack is for, the strictest rules hold. */
export const strictest: Environment = "production";

/** Reads `environment` of a stack's settings. */
export function environmentOf(stated: unknown): Environment {
    return environments.find((known) => known === stated) ?? strictest;
}

/** What a stack's own settings say of it, as far as rules go by that. */
export interface Purpose {
    readonly environment: Environment;
    /** Whether its owner has released what it holds, to take it down: `protection: released` in the section of its cloud. */
    readonly released: boolean;
}

/** A stack of which nothing is known. */
export const unstated: Purpose = { environment: strictest, released: false };

/**
 * What settings say, by their key in the stack file (`environment` or `<project>:environment`); a section may be a mapping, or the JSON
 * text of one, as the engine hands it over.
 */
export function purposeOf(settings: Readonly<Record<string, unknown>>, project: string): Purpose {
    const own = Object.entries(settings).flatMap(([key, value]) => {
        const [first = "", second] = key.split(":");
        if (second === undefined) return [{ name: first, value }];
        return first === project ? [{ name: second, value }] : [];
    });
    return {
        environment: environmentOf(own.find(({ name }) => name === "environment")?.value),
        released: own.some(({ value }) => isReleased(value)),
    };
}

/**
 * The same of the stack that the engine runs the pack for. It hands the stack's settings over in PULUMI_CONFIG
 * (sdk/go/common/resource/plugin/analyzer_plugin.go of Pulumi 3.253.0, constructEnv; sdk/policy_proxy.go), each under its project's name.
 */
export function purposeOfProcess(env: NodeJS.ProcessEnv): Purpose {
    const settings = mappingIn(env.PULUMI_CONFIG ?? "");
    return settings ? purposeOf(settings, env.PULUMI_NODEJS_PROJECT ?? env.PULUMI_PROJECT ?? "") : unstated;
}

function isReleased(section: unknown): boolean {
    const mapping = typeof section === "string" ? mappingIn(section) : section;
    return isMapping(mapping) && mapping.protection === "released";
}

function mappingIn(text: string): Readonly<Record<string, unknown>> | undefined {
    if (!text.startsWith("{")) return undefined;
    try {
        const parsed: unknown = JSON.parse(text);
        return isMapping(parsed) ? parsed : undefined;
    } catch {
        return undefined; // a setting that only begins like a mapping
    }
}
