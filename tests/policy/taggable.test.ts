import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { keyOf, kindOfToken } from "../../policy/resources/kind";

const root = path.resolve(__dirname, "..", "..");
const table = path.join(root, "policy", "rules", "stack", "taggable.json");

/** Set to 1, the table is written anew. */
const isUpdate = process.env.TARS_UPDATE_TAGGABLE === "1";

/** Packages of the program whose resources can bear tags. */
const packages = ["aws", "azure-native", "eks"] as const;

type Table = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

test("the table of taggable kinds is what the SDKs say; TARS_UPDATE_TAGGABLE=1 writes it", () => {
    const found = tableOf(packages.flatMap(taggableIn));
    if (isUpdate) writeFileSync(table, `${JSON.stringify(found, undefined, 4)}\n`);
    expect(JSON.parse(readFileSync(table, "utf8"))).toEqual(found);
    expect(Object.values(found.aws ?? {}).flat().length).toBeGreaterThan(800);
    expect(Object.values(found["azure-native"] ?? {}).flat().length).toBeGreaterThan(900);
});

/** Keys of the kinds of a package whose inputs take `tags` as a mapping of texts. */
function taggableIn(name: string): readonly string[] {
    const folder = path.join(root, "node_modules", "@pulumi", name);
    return scripts(folder).flatMap((file) => {
        const [, token] = /__pulumiType = '([^']+)'/.exec(readFileSync(file, "utf8")) ?? [];
        if (token === undefined) return [];
        const types = readFileSync(file.replace(/\.js$/, ".d.ts"), "utf8");
        const [, args = ""] = /export interface \w+Args \{([\s\S]*?)\n\}/.exec(types) ?? [];
        return /^ {4}tags\??: (pulumi\.Input<)+\{\s*\[key: string\]: pulumi\.Input<string>/m.test(args)
            ? [keyOf(kindOfToken(token))]
            : [];
    });
}

/** The module of every resource; the types of inputs and outputs and other packages' modules hold none. */
function scripts(folder: string): readonly string[] {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const place = path.join(folder, entry.name);
        if (entry.isDirectory()) return entry.name === "node_modules" ? [] : scripts(place);
        return entry.name.endsWith(".js") ? [place] : [];
    });
}

function tableOf(keys: readonly string[]): Table {
    const found: Record<string, Record<string, string[]>> = {};
    for (const key of [...new Set(keys)].sort()) {
        const [, provider = "", group = "", kind = ""] = /^([^:]+):([^/]*)\/(.+)$/.exec(key) ?? [];
        found[provider] ??= {};
        const groups = found[provider];
        groups[group] ??= [];
        groups[group].push(kind);
    }
    return found;
}
