import { type Definitions, ensureDefinitions, type ToolchainOptions } from "../engine";
import { broughtRows, definitionRows, standins } from "../standins";
import { field, textField, writePrivateFile } from "../system/files";
import type { StatePaths } from "./paths";
import { projectName, readStackFile } from "./stackFile";

/** Everything that a run's table of stand-ins names, fetched where it is not there yet. */
export function ensureStandins({ report, signal }: ToolchainOptions): Promise<Definitions> {
    const rows = [...definitionRows, ...broughtRows];
    return ensureDefinitions({ rows, schemas: standins.schemas, report, signal });
}

/** Writes the table that the kubernetes plugin reads (host/standins/table.go). */
export function writeStandins(paths: StatePaths, stack: string, definitions: Definitions): void {
    const { charts, kinds } = standins;
    writePrivateFile(paths.standins, JSON.stringify({ charts, kinds, definitions, mirrors: mirrorsOf(stack) }));
}

/** A registry of the stack's own can be reached, so that its charts are rendered themselves. */
function mirrorsOf(stack: string): readonly string[] {
    const settings = field(readStackFile(stack).toJS(), "config");
    const prefix = textField(field(settings, `${projectName()}:charts`), "prefix");
    return prefix === undefined ? [] : [prefix];
}
