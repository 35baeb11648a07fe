import * as path from "node:path";
import { InvalidArgumentError, Option } from "commander";
import type { PluginChoice } from "../../simulator/engine";

/** `--plugins own|installed|DIR`. */
export function pluginsOption(): Option {
    return new Option(
        "--plugins <own|installed|DIR>",
        "resource plugins: the simulator's, the official ones you have installed, or those in a folder " +
            "(default: installed where the pinned ones are, else own)",
    ).argParser(parsePlugins);
}

function parsePlugins(value: string): PluginChoice {
    if (value === "own" || value === "installed") return { kind: value };
    if (value === "") throw new InvalidArgumentError("Name own, installed or a folder.");
    return { kind: "directory", path: path.resolve(value) };
}
