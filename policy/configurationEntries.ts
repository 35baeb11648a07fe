import { isMapping, nameOfKind } from "./reading/value";
import type { Level, Rule, Settings } from "./rule";
import { checkValue, closest, type Problem } from "./schema";

export type ConfiguredLevel = Level | "disabled";

const levels = ["mandatory", "advisory", "remediate", "disabled"] as const;

/** Applies to every rule; reserved by the engine. */
export const everyRule = "all";

/** What is wrong with the settings of one rule, as the engine hands them to it. */
export function checkSettings(rule: Rule, settings: Settings): readonly Problem[] {
    const known = rule.settings ?? {};
    return Object.entries(settings).flatMap(([name, value]) => {
        const schema = Object.hasOwn(known, name) ? known[name] : undefined;
        const key = `${rule.id}.${name}`;
        return schema
            ? checkValue(key, value, schema)
            : [
                  {
                      key,
                      problem: `is no setting of ${rule.id}`,
                      fix: closest(name, [...Object.keys(known), "enforcementLevel"]),
                  },
              ];
    });
}

/** What is wrong with one entry of a pack configuration for these rules. */
export function checkEntry(id: string, entry: unknown, rules: readonly Rule[]): readonly Problem[] {
    const rule = rules.find((candidate) => candidate.id === id);
    if (!rule && id !== everyRule) {
        const names = [...rules.map((candidate) => candidate.id), everyRule];
        return [{ key: id, problem: "is no rule of this pack", fix: closest(id, names) }];
    }
    if (typeof entry === "string") return checkLevel(id, entry, rule);
    if (!isMapping(entry)) {
        return [
            { key: id, problem: `is a ${nameOfKind(entry)}`, fix: `give a level (${levels.join(", ")}) or a mapping` },
        ];
    }
    const level = entry.enforcementLevel;
    return [
        ...(level === undefined ? [] : checkLevel(`${id}.enforcementLevel`, level, rule)),
        ...(rule ? checkSettings(rule, settingsIn(entry)) : checkAll(entry)),
    ];
}

/** Only a level can be given for all rules at once. */
function checkAll(entry: Settings): readonly Problem[] {
    return Object.keys(settingsIn(entry)).map((name) => ({
        key: `${everyRule}.${name}`,
        problem: "is a setting, and these belong to one rule",
        fix: closest(name, ["enforcementLevel"]),
    }));
}

function checkLevel(key: string, level: unknown, rule: Rule | undefined): readonly Problem[] {
    if (!levels.some((known) => known === level)) {
        const text = typeof level === "string" ? level : "";
        return [{ key, problem: "is no level", fix: closest(text, levels) }];
    }
    const repairs = rule?.scope === "resource" && rule.remediate !== undefined;
    if (level !== "remediate" || !rule || repairs) return [];
    return [{ key, problem: `is remediate, but ${rule.id} repairs nothing`, fix: "use mandatory" }];
}

/** The level that an entry states. */
export function levelIn(entry: unknown): ConfiguredLevel | undefined {
    const stated = isMapping(entry) ? entry.enforcementLevel : entry;
    return levels.find((level) => level === stated);
}

/** The settings that an entry has beside its level. */
export function settingsIn(entry: unknown): Settings {
    if (!isMapping(entry)) return {};
    return Object.fromEntries(Object.entries(entry).filter(([name]) => name !== "enforcementLevel"));
}
