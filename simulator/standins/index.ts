import * as path from "node:path";
import type { DefinitionRow } from "../engine";
import rows from "./definitions.json";

/** What stands in for what (README.md): places on this machine. */
export const standins = {
    /** One folder a chart, found by the name and version in its Chart.yaml. */
    charts: path.join(__dirname, "charts"),
    /** By group and kind of custom resource: who acts on it here. */
    kinds: path.join(__dirname, "kinds.json"),
    /** Definitions that no Go module has. */
    schemas: path.join(__dirname, "schemas"),
} as const;

/** Where the objects of each manifest come from that the program takes from its maker's address. */
export const definitionRows: readonly DefinitionRow[] = rows;
