import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { cacheFolder } from "../../simulator/engine";
import { temporaryFolder } from "./temporary";

const binary = "pulumi-resource-kubernetes";

/** A kubernetes plugin that the cases run against. */
export interface Plugin {
    readonly name: "own" | "official";
    /** Folder to put first on PATH. */
    readonly directory: string;
    /** What it is started with beside what every plugin is. */
    readonly env?: Readonly<Record<string, string>>;
}

/** Our plugin always, the official one where this machine has it. */
export function plugins(host: string): readonly Plugin[] {
    const official = officialDirectory();
    const own: Plugin = { name: "own", directory: ownDirectory(host) };
    return official === undefined ? [own] : [own, { name: "official", directory: official }];
}

/** The same with a run's table of stand-ins, and before the official one what puts them in their place. */
export function pluginsWithStandins(host: string, table: string): readonly Plugin[] {
    const env = { TARS_SIMULATOR_STANDINS: table };
    return plugins(host).map(({ name, directory }) =>
        name === "own"
            ? { name, directory, env }
            : { name, directory: before(host, path.join(directory, binary)), env },
    );
}

function before(host: string, official: string): string {
    const directory = temporaryFolder("plugin");
    const script = `#!/bin/sh\nexec '${host}' official-kubernetes '${official}' "$@"\n`;
    fs.writeFileSync(path.join(directory, binary), script, { mode: 0o755 });
    return directory;
}

function ownDirectory(host: string): string {
    const directory = temporaryFolder("plugin");
    fs.symlinkSync(host, path.join(directory, binary));
    return directory;
}

/**
 * Where Pulumi's own plugin is: the folder TARS_OFFICIAL_PLUGINS names, else one unpacked into the cache by an installer
 * beside the project (../shared/plugins/install DIR). Undefined, and the cases run against our plugin only, when there is neither.
 */
export function officialDirectory(): string | undefined {
    const named = process.env.TARS_OFFICIAL_PLUGINS;
    if (named !== undefined && named !== "") {
        if (fs.existsSync(path.join(named, binary))) return named;
        throw new Error(`TARS_OFFICIAL_PLUGINS is ${named}, which holds no ${binary}; name the folder that does`);
    }
    const installer = path.resolve(__dirname, "..", "..", "..", "shared", "plugins", "install");
    return fs.existsSync(installer) ? unpacked(installer) : undefined;
}

function unpacked(installer: string): string {
    const directory = path.join(cacheFolder(), "official-plugins");
    if (!fs.existsSync(directory)) {
        const partial = `${directory}.${process.pid}`;
        execFileSync(installer, [partial], { stdio: "ignore" });
        fs.renameSync(partial, directory);
    }
    return directory;
}
