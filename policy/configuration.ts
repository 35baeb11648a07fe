import { rules } from "./registry";
import type { Level, Rule, SettingSchema, Settings } from "./rule";

export type ConfiguredLevel = Level | "disabled";

/** The pack configuration, understood: `--policy-pack-config FILE` of the engine, `--config FILE` of `tars policy`. */
export interface Configuration {
    readonly levelOf: (rule: Rule) => ConfiguredLevel;
    readonly settingsOf: (rule: Rule) => Settings;
}

/** A place in the pack configuration that is wrong. */
export interface ConfigurationProblem {
    readonly key: string;
    readonly problem: string;
    readonly fix: string;
}

const levels = ["mandatory", "advisory", "remediate", "disabled"] as const;

/** Applies to every rule; reserved by the engine. */
const everyRule = "all";

/**
 * Read a pack configuration, `{"<rule>": "<level>" | {"enforcementLevel": "<level>", ...settings}}`. The engine by itself takes a
 * misspelled rule or setting without a word and then runs with the default; here each is a problem that names the closest one.
 */
export function readConfiguration(
    raw: unknown,
): Configuration & { readonly problems: readonly ConfigurationProblem[] } {
    const given = isMapping(raw) ? raw : {};
    const problems = isMapping(raw)
        ? Object.entries(raw).flatMap(([id, entry]) => checkEntry(id, entry))
        : [{ key: "", problem: `is a ${kindOf(raw)}`, fix: "give a mapping from rule to level and settings" }];
    return {
        problems,
        levelOf: (rule) => levelIn(given[rule.id]) ?? levelIn(given[everyRule]) ?? rule.level,
        settingsOf: (rule) => settingsIn(given[rule.id]),
    };
}

/** The configuration where nothing is configured. */
export const defaultConfiguration: Configuration = readConfiguration({});

/** What is wrong with the settings of one rule, as the engine hands them to it. */
export function checkSettings(rule: Rule, settings: Settings): readonly ConfigurationProblem[] {
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

function checkEntry(id: string, entry: unknown): readonly ConfigurationProblem[] {
    const rule = rules.find((candidate) => candidate.id === id);
    if (!rule && id !== everyRule) {
        const names = [...rules.map((candidate) => candidate.id), everyRule];
        return [{ key: id, problem: "is no rule of this pack", fix: closest(id, names) }];
    }
    if (typeof entry === "string") return checkLevel(id, entry, rule);
    if (!isMapping(entry)) {
        return [{ key: id, problem: `is a ${kindOf(entry)}`, fix: `give a level (${levels.join(", ")}) or a mapping` }];
    }
    const level = entry.enforcementLevel;
    return [
        ...(level === undefined ? [] : checkLevel(`${id}.enforcementLevel`, level, rule)),
        ...(rule ? checkSettings(rule, settingsIn(entry)) : checkAll(entry)),
    ];
}

/** Only a level can be given for all rules at once. */
function checkAll(entry: Settings): readonly ConfigurationProblem[] {
    return Object.keys(settingsIn(entry)).map((name) => ({
        key: `${everyRule}.${name}`,
        problem: "is a setting, and these belong to one rule",
        fix: closest(name, ["enforcementLevel"]),
    }));
}

function checkLevel(key: string, level: unknown, rule: Rule | undefined): readonly ConfigurationProblem[] {
    if (!levels.some((known) => known === level)) {
        const text = typeof level === "string" ? level : "";
        return [{ key, problem: "is no level", fix: closest(text, levels) }];
    }
    const repairs = rule?.scope === "resource" && rule.remediate !== undefined;
    if (level !== "remediate" || !rule || repairs) return [];
    return [{ key, problem: `is remediate, but ${rule.id} repairs nothing`, fix: "use mandatory" }];
}

function checkValue(key: string, value: unknown, schema: SettingSchema): readonly ConfigurationProblem[] {
    if (!isOfType(value, schema.type)) {
        return [{ key, problem: `is a ${kindOf(value)}`, fix: `give a ${schema.type}` }];
    }
    if (schema.minLength !== undefined && String(value).trim().length < schema.minLength) {
        return [{ key, problem: "is too short", fix: `give at least ${schema.minLength} characters` }];
    }
    if (Array.isArray(value)) {
        const { items } = schema;
        return items ? value.flatMap((item, index) => checkValue(`${key}[${index}]`, item, items)) : [];
    }
    return isMapping(value) ? checkMapping(key, value, schema) : [];
}

function checkMapping(key: string, value: Settings, schema: SettingSchema): readonly ConfigurationProblem[] {
    const properties = schema.properties ?? {};
    const missing = (schema.required ?? []).filter((name) => !Object.hasOwn(value, name));
    return [
        ...missing.map((name) => ({ key: `${key}.${name}`, problem: "is missing", fix: "add it" })),
        ...Object.entries(value).flatMap(([name, inner]) => {
            const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
            if (known) return checkValue(`${key}.${name}`, inner, known);
            return [{ key: `${key}.${name}`, problem: "is not known", fix: closest(name, Object.keys(properties)) }];
        }),
    ];
}

function isOfType(value: unknown, type: SettingSchema["type"]): boolean {
    if (type === "integer") return Number.isInteger(value);
    if (type === "array") return Array.isArray(value);
    return type === "object" ? isMapping(value) : typeof value === type;
}

function levelIn(entry: unknown): ConfiguredLevel | undefined {
    const stated = isMapping(entry) ? entry.enforcementLevel : entry;
    return levels.find((level) => level === stated);
}

function settingsIn(entry: unknown): Settings {
    if (!isMapping(entry)) return {};
    return Object.fromEntries(Object.entries(entry).filter(([name]) => name !== "enforcementLevel"));
}

/** The fix for a wrong name: the closest right one, and all of them where there are few. */
function closest(wrong: string, names: readonly string[]): string {
    const [best] = [...names].sort((a, b) => distance(wrong, a) - distance(wrong, b));
    const list = names.length > 1 && names.length <= 5 ? ` (one of ${names.join(", ")})` : "";
    return best === undefined ? "remove it" : `did you mean ${best}?${list}`;
}

/** Edit distance (Levenshtein), letter case aside. */
function distance(a: string, b: string): number {
    const [left, right] = [a.toLowerCase(), b.toLowerCase()];
    let row = Array.from({ length: right.length + 1 }, (_, column) => column);
    for (let line = 1; line <= left.length; line++) {
        const previous = row;
        row = [line];
        for (let column = 1; column <= right.length; column++) {
            const change = at(previous, column - 1) + (left[line - 1] === right[column - 1] ? 0 : 1);
            row.push(Math.min(change, at(previous, column) + 1, at(row, column - 1) + 1));
        }
    }
    return at(row, right.length);
}

function at(row: readonly number[], index: number): number {
    return row[index] ?? 0;
}

function isMapping(raw: unknown): raw is Settings {
    return typeof raw === "object" && raw !== null && !Array.isArray(raw);
}

function kindOf(raw: unknown): string {
    if (raw === null) return "null";
    return Array.isArray(raw) ? "list" : typeof raw === "object" ? "mapping" : typeof raw;
}
