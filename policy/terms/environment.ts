/** What a stack is for. */
export const environments = ["dev", "staging", "production"] as const;

export type Environment = (typeof environments)[number];

/** Where nobody says what a stack is for, the strictest rules hold. */
export const strictest: Environment = "production";

/** Reads `environment` of a stack's settings. */
export function environmentOf(stated: unknown): Environment {
    return environments.find((known) => known === stated) ?? strictest;
}

/**
 * The environment of the stack that the engine runs the pack for. It hands the stack's settings over in PULUMI_CONFIG
 * (sdk/go/common/resource/plugin/analyzer_plugin.go of Pulumi 3.253.0, constructEnv), each under its project's name.
 */
export function environmentOfProcess({ PULUMI_CONFIG, PULUMI_PROJECT }: NodeJS.ProcessEnv): Environment {
    return environmentOf(settingsIn(PULUMI_CONFIG).get(`${PULUMI_PROJECT}:environment`));
}

function settingsIn(text: string | undefined): ReadonlyMap<string, unknown> {
    const parsed: unknown = text === undefined || text === "" ? {} : JSON.parse(text);
    return new Map(typeof parsed === "object" && parsed !== null ? Object.entries(parsed) : []);
}
