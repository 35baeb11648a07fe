import { type ConfiguredLevel, checkEntry, everyRule, levelIn, settingsIn } from "./configurationEntries";
import { isMapping, nameOfKind } from "./reading/value";
import { rules } from "./registry";
import type { Rule, Settings } from "./rule";
import type { Problem } from "./schema";

export { type ConfiguredLevel, checkSettings } from "./configurationEntries";

/** The pack configuration, understood: `--policy-pack-config FILE` of the engine, `--config FILE` of `tars policy`. */
export interface Configuration {
    /** Undefined where the configuration says nothing of the rule's level. */
    readonly levelOf: (rule: Rule) => ConfiguredLevel | undefined;
    readonly settingsOf: (rule: Rule) => Settings;
}

/**
 * Read a pack configuration, `{"<rule>": "<level>" | {"enforcementLevel": "<level>", ...settings}}`. The engine by itself takes a
 * misspelled rule or setting without a word and then runs with the default; here each is a problem that names the closest one.
 */
export function readConfiguration(raw: unknown): Configuration & { readonly problems: readonly Problem[] } {
    const given = isMapping(raw) ? raw : {};
    const problems = isMapping(raw)
        ? Object.entries(raw).flatMap(([id, entry]) => checkEntry(id, entry, rules))
        : [{ key: "", problem: `is a ${nameOfKind(raw)}`, fix: "give a mapping from rule to level and settings" }];
    return {
        problems,
        levelOf: (rule) => levelIn(given[rule.id]) ?? levelIn(given[everyRule]),
        settingsOf: (rule) => settingsIn(given[rule.id]),
    };
}

/** The configuration where nothing is configured. */
export const defaultConfiguration: Configuration = readConfiguration({});
