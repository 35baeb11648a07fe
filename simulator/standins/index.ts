import * as path from "node:path";
import type { DefinitionRow } from "../engine";
import brought from "./brought.json";
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

/** The same of what no program declares, because a cloud brings it with its cluster or an add-on. */
export const broughtRows: readonly DefinitionRow[] = brought;

/** Kinds of volume snapshots, which AKS and an add-on of EKS bring: by this address among the run's definitions. */
export const snapshotDefinitions =
    "https://github.com/kubernetes-csi/external-snapshotter/tree/v8.6.0/client/config/crd";
