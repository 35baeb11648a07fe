import type { Level, Rule, Settings, Severity } from "../rule";
import { type Environment, environments } from "./environment";

/** What a finding does: `levels` by severity and environment, `rules` for one rule, `settings` of rules. See configuration.yaml. */
export interface Enforcement {
    readonly levels: Readonly<Record<Environment, Readonly<Record<Severity, "mandatory" | "advisory">>>>;
    readonly rules: Readonly<Record<string, Readonly<Partial<Record<Environment, "mandatory" | "advisory">>>>>;
    readonly settings: Readonly<Record<string, Settings>>;
}

export const severities = ["critical", "high", "medium", "low"] as const;

/** The level that a rule has in an environment where no pack configuration says otherwise. */
export function levelIn({ levels, rules }: Enforcement, rule: Rule, environment: Environment): Level {
    const stated = rules[rule.id]?.[environment] ?? levels[environment][rule.severity];
    return stated === "advisory" ? "advisory" : rule.level;
}

/** Every finding of every severity stops an update, everywhere. */
export const strictEnforcement: Enforcement = {
    levels: {
        dev: { critical: "mandatory", high: "mandatory", medium: "mandatory", low: "mandatory" },
        staging: { critical: "mandatory", high: "mandatory", medium: "mandatory", low: "mandatory" },
        production: { critical: "mandatory", high: "mandatory", medium: "mandatory", low: "mandatory" },
    },
    rules: {},
    settings: {},
};

/** Environments and severities in words, for a message. */
export const known = { environments: environments.join(", "), severities: severities.join(", ") } as const;
