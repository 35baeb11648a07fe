import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";

/** One provider plugin that an installed npm package asks for. */
export interface RequiredPackage {
    readonly name: string;
    /** With a leading `v`. */
    readonly version: string;
    readonly server: string;
}

export interface InstalledPackage {
    readonly name: string;
    readonly version: string;
}

/**
 * Plugins that the packages installed under `folder` ask for in the `pulumi` section of their package.json. Like the official host it
 * looks into every `node_modules` below the program and leaves out policy packs, whose plugins are not the program's; unlike it, it does
 * not look into folders whose name begins with a dot (state, version control).
 * @see https://github.com/pulumi/pulumi/blob/v3.253.0/sdk/nodejs/cmd/pulumi-language-nodejs/main.go getPackagesFromDir
 */
export function findRequiredPackages(folder: string): RequiredPackage[] {
    const found = new Map<string, RequiredPackage>();
    walk(folder, new Set(), (manifest) => {
        const required = toRequiredPackage(manifest);
        if (required) found.set(`${required.name}@${required.version}`, required);
    });
    return [...found.values()];
}

/** Packages that the program names in its package.json, as installed; with `transitive` all that npm has put in node_modules. */
export function findDependencies(folder: string, transitive: boolean): InstalledPackage[] {
    if (transitive) return findAll(folder);
    const manifest = readJson(join(folder, "package.json")) ?? {};
    const names = [manifest.dependencies, manifest.devDependencies].flatMap((section) =>
        Object.keys(toObject(section)),
    );
    return [...new Set(names)].flatMap((name) => {
        const version = readJson(join(folder, "node_modules", name, "package.json"))?.version;
        return typeof version === "string" ? [{ name, version }] : [];
    });
}

function findAll(folder: string): InstalledPackage[] {
    // npm's own record of what it installed.
    const packages = toObject(readJson(join(folder, "node_modules", ".package-lock.json"))?.packages);
    return Object.entries(packages).flatMap(([path, entry]) => {
        const version = toObject(entry).version;
        const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
        return typeof version === "string" ? [{ name, version }] : [];
    });
}

function walk(
    folder: string,
    visited: Set<string>,
    visit: (manifest: Readonly<Record<string, unknown>>) => void,
): void {
    for (const { name, path } of subfolders(folder, visited)) {
        if (name === "node_modules") walkModules(path, visited, visit);
        else walk(path, visited, visit);
    }
}

function walkModules(
    modules: string,
    visited: Set<string>,
    visit: (manifest: Readonly<Record<string, unknown>>) => void,
): void {
    for (const { name, path } of subfolders(modules, visited)) {
        if (name.startsWith("@")) {
            walkModules(path, visited, visit);
            continue;
        }
        const manifest = readJson(join(path, "package.json"));
        if (manifest) visit(manifest);
        const nested = join(path, "node_modules");
        if (existsSync(nested)) walkModules(nested, visited, visit);
    }
}

/** Folders in `folder`, links followed, that were not seen before and are not policy packs. */
function subfolders(folder: string, visited: Set<string>): { name: string; path: string }[] {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        if (entry.name.startsWith(".") || !(entry.isDirectory() || entry.isSymbolicLink())) return [];
        const link = join(folder, entry.name);
        if (!existsSync(link)) return [];
        const path = realpathSync(link);
        if (visited.has(path) || !statSync(path).isDirectory() || existsSync(join(path, "PulumiPolicy.yaml")))
            return [];
        visited.add(path);
        return [{ name: entry.name, path }];
    });
}

function toRequiredPackage(manifest: Readonly<Record<string, unknown>>): RequiredPackage | undefined {
    const section = toObject(manifest.pulumi);
    if (section.resource !== true) return undefined;
    const ownName = String(manifest.name ?? "");
    const scoped = ownName.startsWith("@pulumi/") ? ownName.slice("@pulumi/".length) : "";
    const name = typeof section.name === "string" ? section.name : scoped;
    const version = String(section.version ?? manifest.version ?? "");
    if (name === "" || version === "") return undefined;
    const server = typeof section.server === "string" ? section.server : "";
    return { name, version: version.startsWith("v") ? version : `v${version}`, server };
}

function readJson(path: string): Readonly<Record<string, unknown>> | undefined {
    if (!existsSync(path)) return undefined;
    return toObject(JSON.parse(readFileSync(path, "utf8")));
}

function toObject(value: unknown): Readonly<Record<string, unknown>> {
    return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
