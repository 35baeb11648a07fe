import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import * as clouds from "../../components/cloud/registry";
import { parseStack } from "../../components/settings/read";

export const root = path.resolve(__dirname, "..", "..");

/** Settings as a stack file says them, open for a test to spoil. */
export type Raw = Record<string, unknown>;

/** What the program makes of settings. */
export const parsed = (raw: Raw, file = "Pulumi.dev.yaml") => parseStack(raw, clouds, file);

/** What a person is told whose settings are refused. */
export function refusal(raw: Raw): string {
    try {
        parsed(raw);
    } catch (error) {
        if (error instanceof Error) return error.message;
    }
    throw new Error("the settings were accepted");
}

/** The stacks that this repository has, each with its cloud. */
export function stacks(): readonly { readonly name: string; readonly cloud: string }[] {
    const names = fs.readdirSync(root).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
    return names.sort().map((name) => ({ name, cloud: String(settingsOf(name).cloud) }));
}

/** What `Pulumi.dev.yaml` says under the project's name: a fresh copy at every call. */
export const devSettings = (): Raw => settingsOf("dev");

/** The same of any stack. */
export function settingsOf(stack: string): Raw {
    const { config } = parse(fs.readFileSync(path.join(root, `Pulumi.${stack}.yaml`), "utf8"));
    const own = Object.entries(config).filter(([key]) => key.startsWith("tars-platform:"));
    return Object.fromEntries(own.map(([key, value]) => [key.slice("tars-platform:".length), value]));
}

/** Dev with one value changed; `undefined` removes it. */
export const devWith = (key: string, value: unknown): Raw => settingsWith("dev", key, value);

/** The same of any stack. */
export function settingsWith(stack: string, key: string, value: unknown): Raw {
    const settings = settingsOf(stack);
    const keys = key.split(".");
    const last = keys.pop() ?? "";
    let at = settings;
    for (const part of keys) at = group(at, part);
    if (value === undefined) delete at[last];
    else at[last] = value;
    return settings;
}

function group(parent: Raw, key: string): Raw {
    const found = parent[key];
    if (isRaw(found)) return found;
    const made: Raw = {};
    parent[key] = made;
    return made;
}

function isRaw(value: unknown): value is Raw {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
