import { readFileSync } from "node:fs";
import type { Provider, Resource } from "tars-platform-policy/judge";
import { exitCodes, Fault } from "../../../simulator/fault";
import { field, listField, textField } from "../../../simulator/system/files";

/** A stack as the engine remembers it. */
export interface StateFile {
    readonly stack: string;
    readonly file: string;
    readonly resources: readonly Resource[];
}

// How the engine wraps a secret in a state (sdk/go/common/resource/sig of Pulumi 3.253.0); the wrapping holds ciphertext, or the value.
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** What a bridged provider adds to the inputs of a resource when it checks them: names of properties that it filled in. */
const bridgeMark = "__defaults";

/**
 * Read a state as `pulumi stack export` writes it (sdk/go/common/apitype DeploymentV3). A secret becomes `[secret]`, which no rule
 * can look into. Resources that are only read, or are about to be deleted, are not the stack's to judge.
 *
 * @throws Fault (exit code 3) with the place at which the file is no state
 */
export function readStateFile(file: string): StateFile {
    const deployment = field(readJson(file), "deployment");
    const rows = field(deployment, "resources");
    if (deployment === undefined) throw broken(file, "deployment", "is missing");
    if (!Array.isArray(rows)) throw broken(file, "deployment.resources", "is no list");
    const states = rows.map((row, index) => readRow(file, row, `deployment.resources[${index}]`));
    const byUrn = new Map(states.map((state) => [state.urn, state]));
    const own = states.filter(({ row }) => field(row, "delete") !== true && field(row, "external") !== true);
    const stacks = [...new Set(states.map(({ urn }) => urn.split("::")[0]?.split(":")[2] ?? ""))];
    const [stack] = stacks;
    if (stack === undefined) throw broken(file, "deployment.resources", "is empty");
    if (stacks.length > 1) throw broken(file, "deployment.resources", `holds several stacks: ${stacks.join(", ")}`);
    return { stack, file, resources: own.map((state) => toResource(state, byUrn)) };
}

interface StateRow {
    readonly urn: string;
    readonly type: string;
    readonly row: unknown;
    readonly inputs: unknown;
}

function readJson(file: string): unknown {
    try {
        return JSON.parse(readFileSync(file, "utf8"));
    } catch (error) {
        // The parser's own words would quote the file, and with it perhaps a secret.
        const syntax = error instanceof SyntaxError;
        const place = syntax ? /position \d+( \(line \d+ column \d+\))?/.exec(error.message)?.[0] : undefined;
        const reason = syntax ? `is no JSON${place ? ` at ${place}` : ""}` : `cannot be read: ${reasonOf(error)}`;
        throw new Fault(`${file} ${reason}`, fix, exitCodes.configuration);
    }
}

const fix = "give a file that pulumi stack export --file wrote";

function broken(file: string, place: string, problem: string): Fault {
    return new Fault(`${file} is no state of a stack: ${place} ${problem}`, fix, exitCodes.configuration);
}

function reasonOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}

function readRow(file: string, row: unknown, place: string): StateRow {
    const [urn, type] = [textField(row, "urn"), textField(row, "type")];
    if (urn === undefined || !/^urn:pulumi:[^:]+::[^:]+::.+::.*$/s.test(urn)) {
        throw broken(file, `${place}.urn`, urn === undefined ? "is no text" : "is no URN");
    }
    if (type === undefined) throw broken(file, `${place}.type`, "is no text");
    const inputs = field(row, "inputs") ?? {};
    if (typeof inputs !== "object" || Array.isArray(inputs)) throw broken(file, `${place}.inputs`, "is no mapping");
    return { urn, type, row, inputs: masked(inputs) };
}

function toResource({ urn, type, row, inputs }: StateRow, byUrn: ReadonlyMap<string, StateRow>): Resource {
    // A reference to a provider is its URN, `::` and its id.
    const provider = byUrn.get((textField(row, "provider") ?? "").replace(/::[^:]*$/, ""));
    const parent = textField(row, "parent");
    const namespace = textField(provider?.inputs, "namespace");
    return {
        urn,
        type,
        name: nameOf(urn),
        inputs,
        sources: sourcesOf(row),
        options: { protect: field(row, "protect") === true, ignoreChanges: texts(listField(row, "ignoreChanges")) },
        ...(parent === undefined ? {} : { parent }),
        ...(provider ? { provider: toProvider(provider) } : {}),
        ...(namespace ? { defaultNamespace: namespace } : {}),
    };
}

function toProvider({ urn, type, inputs }: StateRow): Provider {
    return { type, name: nameOf(urn), inputs };
}

function nameOf(urn: string): string {
    return urn.split("::").slice(3).join("::");
}

function sourcesOf(row: unknown): Readonly<Record<string, readonly string[]>> {
    const entries = Object.entries(Object(field(row, "propertyDependencies")));
    return Object.fromEntries(entries.map(([property, urns]) => [property, Array.isArray(urns) ? texts(urns) : []]));
}

function texts(values: readonly unknown[]): readonly string[] {
    return values.flatMap((value) => (typeof value === "string" ? [value] : []));
}

function masked(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(masked);
    if (typeof value !== "object" || value === null) return value;
    if (textField(value, signatureKey) === secretSignature) return "[secret]";
    const entries = Object.entries(value).filter(([key]) => key !== bridgeMark);
    return Object.fromEntries(entries.map(([key, inner]) => [key, masked(inner)]));
}
