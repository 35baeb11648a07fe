import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { root } from "./stack";

/** Folders of the program, each with the folders that its files may import; every layer of the platform is a sibling of the others. */
const layers = ["security", "mesh", "edge", "data", "recovery", "inference"] as const;
const below = ["foundation", "settings", "cloud/contract"] as const;
const allowed: Readonly<Record<string, readonly string[]>> = {
    foundation: [],
    settings: ["foundation", "settings/imageLock"],
    "settings/imageLock": ["foundation"],
    "cloud/contract": ["foundation"],
    "cloud/machines": ["foundation"],
    "cloud/common": [...below, "cloud/machines"],
    "cloud/common/reach": ["foundation", "cloud/common"],
    "cloud/existing": [...below, "cloud/common"],
    "cloud/aws": [...below, "cloud/machines", "cloud/common"],
    "cloud/azure": [...below, "cloud/machines", "cloud/common"],
    "cloud/registry": ["cloud/existing", "cloud/aws", "cloud/azure"],
    // Of the pack only what it emits for the API server: the label of what is judged, and the policies.
    kubernetes: ["foundation", "cloud/contract", "policy/admission/bindings"],
    ...Object.fromEntries(layers.map((layer) => [layer, ["foundation", "cloud/contract", "kubernetes"]])),
    data: ["foundation", "cloud/contract", "kubernetes", "data/drills/scripts"],
    "data/drills/scripts": [],
    "security/admission": ["foundation", "cloud/contract", "policy/admission"],
    applications: [...below, "kubernetes"],
    platform: [...below, "kubernetes", ...layers, "applications"],
    index: ["cloud/registry", "platform", "settings"],
};

const sdks: Readonly<Record<string, readonly string[]>> = {
    foundation: ["@pulumi/pulumi", "node:crypto"],
    settings: ["@pulumi/pulumi", "zod"],
    "settings/imageLock": ["zod", "node:fs", "node:path"],
    "cloud/contract": ["@pulumi/pulumi"],
    "cloud/machines": [],
    "cloud/existing": ["@pulumi/pulumi", "@pulumi/kubernetes", "zod"],
    "cloud/common": ["@pulumi/pulumi", "@pulumi/kubernetes", "zod"],
    "cloud/common/reach": ["@pulumi/pulumi", "node:child_process", "node:https", "node:timers", "node:util"],
    "cloud/aws": ["@pulumi/pulumi", "@pulumi/kubernetes", "@pulumi/aws", "@pulumi/eks", "zod"],
    "cloud/azure": ["@pulumi/pulumi", "@pulumi/kubernetes", "@pulumi/azure-native", "zod", "node:crypto"],
    "cloud/registry": [],
    kubernetes: ["@pulumi/pulumi", "@pulumi/kubernetes"],
    security: ["@pulumi/pulumi", "@pulumi/kubernetes", "@pulumi/random"],
    "security/admission": ["@pulumi/pulumi", "@pulumi/kubernetes"],
    mesh: ["@pulumi/pulumi", "@pulumi/kubernetes"],
    data: ["@pulumi/pulumi", "@pulumi/kubernetes"],
    "data/drills/scripts": ["node:fs", "node:path"],
    recovery: ["@pulumi/pulumi", "@pulumi/kubernetes"],
    inference: ["@pulumi/pulumi", "@pulumi/kubernetes"],
    edge: ["@pulumi/pulumi", "@pulumi/kubernetes"],
    applications: ["@pulumi/pulumi", "@pulumi/kubernetes"],
    platform: ["@pulumi/pulumi"],
    index: [],
};

interface Source {
    /** Path below components/ without extension; `index` for the program's own entry. */
    readonly name: string;
    readonly text: string;
    readonly imports: readonly string[];
}

function sources(): readonly Source[] {
    return [...filesOf(path.join(root, "components")), source(path.join(root, "index.ts"))];
}

function filesOf(folder: string): readonly Source[] {
    const files = fs.readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
    return files.map((file) => source(path.join(folder, file)));
}

function source(file: string): Source {
    const text = fs.readFileSync(file, "utf8");
    const found = [...text.matchAll(/\bfrom "([^"\n]+)";$|\b(?:import|require)\("([^"\n]+)"\)/gm)];
    const imports = found.map(([, named, called = ""]) => {
        const specifier = named ?? called;
        return specifier.startsWith(".") ? nameOf(path.resolve(path.dirname(file), specifier)) : specifier;
    });
    return { name: nameOf(file), text, imports };
}

function nameOf(file: string): string {
    const relative = path.relative(path.join(root, "components"), file).replace(/\.ts$/, "");
    if (!relative.startsWith("..")) return relative;
    const fromRoot = path.relative(root, file).replace(/\.ts$/, "");
    return fromRoot.startsWith("policy/") ? fromRoot : path.basename(relative);
}

/** The most particular row of a table that a file belongs to. */
function rowOf(name: string): string {
    const rows = Object.keys(allowed).filter((row) => name === row || name.startsWith(`${row}/`));
    const found = rows.sort((a, b) => b.length - a.length)[0];
    if (found === undefined) throw new Error(`components/${name}.ts is in no layer: add its folder to the table`);
    return found;
}

/** What the program may import of the policy pack. Whatever else it named would load rules, or all of them, at its start. */
const admission: Readonly<Record<string, readonly string[]>> = {
    "policy/admission": ["policy/facts"],
    "policy/facts": [],
};

const isBelow = (name: string, row: string) => name === row || name.startsWith(`${row}/`);

describe.each(sources())("components/$name", ({ name, text, imports }) => {
    const row = rowOf(name);

    test("imports only from its own layer and those below", () => {
        const own = imports.filter((specifier) => !specifier.startsWith("@") && !/^(node:|zod$)/.test(specifier));
        const isOwn = (target: string) => !target.startsWith("policy/") && rowOf(target) === row;
        const wrong = own.filter(
            (target) => !isOwn(target) && !(allowed[row] ?? []).some((layer) => isBelow(target, layer)),
        );
        expect(wrong).toEqual([]);
    });

    test("uses only the packages of its layer", () => {
        const packages = imports.filter((specifier) => /^(@|node:|zod$)/.test(specifier));
        const wrong = packages.filter((used) => !(sdks[row] ?? []).some((sdk) => isBelow(used, sdk)));
        expect(wrong).toEqual([]);
    });

    test("has no clock, no chance, no network and no environment", () => {
        if (name === "cloud/common/reach") return; // asks the API server for entry before the engine does
        if (name === "settings/imageLock") return; // reads the one file that stands beside the stack file
        if (name === "data/drills/scripts") return; // reads the programs that stand beside it
        expect(text).not.toMatch(
            /process\.|Date\.now|new Date|Math\.random|fetch\(|node:(os|net|http|https|child_process|fs)/,
        );
    });

    test("asks no question about which cloud it runs on", () => {
        const free = /^(settings|cloud|index)/.test(name);
        if (!free) expect(text).not.toMatch(/"(azure|aws|existing)"|settings\.cloud/);
    });

    test("makes no resource inside apply", () => {
        const applied = text.split(/\.apply\(/).slice(1);
        for (const rest of applied) expect(rest.slice(0, rest.indexOf(";"))).not.toMatch(/\bnew [A-Z]\w*\(/);
    });
});

describe.each(Object.keys(admission).flatMap((folder) => filesOf(path.join(root, folder))))(
    "$name",
    ({ name, imports }) => {
        test("loads no rule of the pack and no package: the program imports it", () => {
            const own = path.dirname(name);
            const wrong = imports.filter((target) => ![own, ...(admission[own] ?? [])].includes(path.dirname(target)));
            expect(wrong).toEqual([]);
        });
    },
);

test.each(["contract", "index", "platform"])(
    "outputs/%s imports its own folder, Pulumi and zod: consumers get nothing else",
    (name) => {
        const text = fs.readFileSync(path.join(root, "outputs", `${name}.ts`), "utf8");
        const imports = [...text.matchAll(/\bfrom "([^"\n]+)";$/gm)].map(([, specifier]) => specifier);
        expect(imports.filter((specifier) => !/^(\.\/\w+|@pulumi\/pulumi|zod)$/.test(specifier ?? ""))).toEqual([]);
    },
);

describe("the entry of the program", () => {
    const { text } = source(path.join(root, "index.ts"));

    test("reads as a summary: at most 40 lines and no decision", () => {
        expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(40);
        expect(text).not.toMatch(/\bif\b|\?|switch/);
    });
});

test("no two files import each other, however long the way round", () => {
    const graph = new Map(sources().map(({ name, imports }) => [name, imports]));
    const cyclic = [...graph.keys()].filter((name) => reaches(graph, name, name));
    expect(cyclic).toEqual([]);
});

function reaches(graph: ReadonlyMap<string, readonly string[]>, from: string, to: string): boolean {
    const seen = new Set<string>();
    const queue = [...(graph.get(from) ?? [])];
    for (const name of queue) {
        const target = graph.has(name) ? name : `${name}/index`;
        if (target === to) return true;
        if (!seen.has(target)) queue.push(...(graph.get(target) ?? []));
        seen.add(target);
    }
    return false;
}

test("reading settings loads no SDK but Pulumi's own: a stack pays for its own cloud only", () => {
    const script = `
        require("./runtime/typescript.js");
        require("./components/cloud/registry");
        require("./components/settings/read");
        const packages = Object.keys(require.cache).map((file) => /node_modules.(@pulumi.[a-z-]+)/.exec(file)?.[1]);
        console.log([...new Set(packages)].filter(Boolean).join());
    `;
    expect(execFileSync(process.execPath, ["-e", script], { cwd: root, encoding: "utf8" })).toBe("@pulumi/pulumi\n");
});
