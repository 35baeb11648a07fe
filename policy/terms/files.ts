import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { LineCounter, parseDocument } from "yaml";
import { checkSettings } from "../configuration";
import { isMapping } from "../reading/value";
import type { Rule, SettingSchema, Settings } from "../rule";
import { checkValue, closest, type Problem } from "../schema";
import { type Enforcement, severities, strictEnforcement } from "./enforcement";
import { environments } from "./environment";
import { type Exemption, exemptionsSchema } from "./exemptions";
import { type PendingRule, pendingSchema } from "./pending";
import type { PackFiles } from "./terms";
import { type VendorFile, vendorSchema } from "./vendor";

/** A file of the pack that is wrong; `problems` has every place of every file, one a line in the message. */
export class PackFilesError extends Error {
    constructor(readonly problems: readonly Problem[]) {
        super(problems.map(({ key, problem, fix }) => `${key} ${problem}: ${fix}`).join("\n"));
    }
}

/**
 * Read what the pack goes by beside its rules: configuration.yaml, exemptions.yaml, pending.yaml and vendor/*.yaml.
 *
 * @throws PackFilesError with everything that is wrong in all of them
 */
export function readPackFiles(rules: readonly Rule[], folder: string = packFolder()): PackFiles {
    const problems: Problem[] = [];
    const load = (name: string) => readYaml(folder, name, problems);
    const checked = <T>(
        name: string,
        is: (raw: unknown) => raw is T,
        check: (raw: unknown) => readonly Problem[],
    ): T | undefined => {
        const raw = load(name);
        if (raw === undefined) return undefined;
        const wrong = check(raw);
        problems.push(...wrong.map((each) => ({ ...each, key: `${name}: ${each.key}`.replace(/: \.?$/, ":") })));
        return wrong.length === 0 && is(raw) ? raw : undefined;
    };
    const files: PackFiles = {
        enforcement:
            checked("configuration.yaml", isEnforcement, (raw) => checkEnforcement(raw, rules)) ?? strictEnforcement,
        exemptions:
            checked("exemptions.yaml", isExemptions, (raw) => checkRules("", raw, exemptionsSchema, rules)) ?? [],
        pending: checked("pending.yaml", isPending, (raw) => checkRules("", raw, pendingSchema, rules)) ?? [],
        vendors: vendorFiles(folder).flatMap((file) => {
            const content = checked(file, isVendor, (raw) => checkVendor(raw, rules));
            return content ? [{ ...content, file }] : [];
        }),
    };
    if (problems.length > 0) throw new PackFilesError(problems);
    return files;
}

/** The pack's own folder: its files stand beside PulumiPolicy.yaml, whether this runs compiled or not. */
export function packFolder(): string {
    const above = (folder: string): string =>
        existsSync(path.join(folder, "PulumiPolicy.yaml")) ? folder : above(path.dirname(folder));
    return above(__dirname);
}

function vendorFiles(folder: string): readonly string[] {
    const vendor = path.join(folder, "vendor");
    if (!existsSync(vendor)) return [];
    return readdirSync(vendor)
        .filter((name) => name.endsWith(".yaml"))
        .sort()
        .map((name) => `vendor/${name}`);
}

/** The content of a file; undefined, with a problem, where it cannot be read. */
function readYaml(folder: string, name: string, problems: Problem[]): unknown {
    const file = path.join(folder, name);
    if (!existsSync(file)) {
        problems.push({ key: name, problem: "is missing", fix: "put it back, empty where there is nothing to say" });
        return undefined;
    }
    const lines = new LineCounter();
    const document = parseDocument(readFileSync(file, "utf8"), { lineCounter: lines, prettyErrors: false });
    const [error] = document.errors;
    if (!error) return document.toJS() ?? [];
    const { line } = lines.linePos(error.pos[0]);
    problems.push({ key: `${name}:${line}`, problem: `is no YAML (${error.message})`, fix: "correct it" });
    return undefined;
}

const level: SettingSchema = { type: "string", enum: ["mandatory", "advisory"] };
const levelsSchema = mappingOf(environments, mappingOf(severities, level, severities), environments);

const enforcementSchema: SettingSchema = {
    type: "object",
    properties: { levels: levelsSchema, rules: { type: "object" }, settings: { type: "object" } },
    required: ["levels", "rules", "settings"],
};

function mappingOf(names: readonly string[], each: SettingSchema, required: readonly string[] = []): SettingSchema {
    return { type: "object", properties: Object.fromEntries(names.map((name) => [name, each])), required };
}

function checkEnforcement(raw: unknown, rules: readonly Rule[]): readonly Problem[] {
    const { rules: ofRules = {}, settings = {}, ...rest } = isMapping(raw) ? raw : {};
    const outer = checkValue("", isMapping(raw) ? { ...rest, rules: {}, settings: {} } : raw, enforcementSchema);
    return [
        ...outer,
        ...perRule("rules", ofRules, rules, (_, value, key) => checkValue(key, value, mappingOf(environments, level))),
        ...perRule("settings", settings, rules, (rule, value, key) => checkSettingsOf(rule, value, key)),
    ];
}

function checkSettingsOf(rule: Rule, value: unknown, key: string): readonly Problem[] {
    if (!isMapping(value)) return [{ key, problem: "is no mapping", fix: "give settings of the rule by name" }];
    return checkSettings(rule, value);
}

type CheckOne = (rule: Rule, value: unknown, key: string) => readonly Problem[];

function perRule(name: string, raw: unknown, rules: readonly Rule[], check: CheckOne): readonly Problem[] {
    if (!isMapping(raw)) return [{ key: name, problem: "is no mapping", fix: "give entries by the rule's number" }];
    return Object.entries(raw).flatMap(([id, value]) => {
        const rule = rules.find((candidate) => candidate.id === id);
        return rule ? check(rule, value, `${name}.${id}`) : [noRule(`${name}.${id}`, id, rules)];
    });
}

function noRule(key: string, id: string, rules: readonly Rule[]): Problem {
    return {
        key,
        problem: "is no rule of this pack",
        fix: closest(
            id,
            rules.map((rule) => rule.id),
        ),
    };
}

/** A list of entries that each name a rule. */
function checkRules(key: string, raw: unknown, schema: SettingSchema, rules: readonly Rule[]): readonly Problem[] {
    const wrong = checkValue(key, raw, schema);
    if (wrong.length > 0 || !Array.isArray(raw)) return wrong;
    return raw.flatMap((entry, index) => {
        const id = isMapping(entry) ? String(entry.rule) : "";
        return rules.some((rule) => rule.id === id) ? [] : [noRule(`${key}[${index}].rule`, id, rules)];
    });
}

function checkVendor(raw: unknown, rules: readonly Rule[]): readonly Problem[] {
    const wrong = checkValue("", raw, vendorSchema);
    if (wrong.length > 0 || !isMapping(raw)) return wrong;
    return checkRules("exceptions", raw.exceptions, { type: "array" }, rules);
}

function isEnforcement(raw: unknown): raw is Enforcement & { settings: Readonly<Record<string, Settings>> } {
    return isMapping(raw);
}

function isExemptions(raw: unknown): raw is readonly Exemption[] {
    return Array.isArray(raw);
}

function isPending(raw: unknown): raw is readonly PendingRule[] {
    return Array.isArray(raw);
}

function isVendor(raw: unknown): raw is Omit<VendorFile, "file"> {
    return isMapping(raw);
}
