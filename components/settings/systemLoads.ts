import type { EdgeSizes } from "../foundation/edge";
import type { Load, Loads } from "../foundation/loads";
import type { Settings } from "./schema";

/** What the platform runs beside its applications, by the settings that call for it: all of it takes room that applications cannot have. */
export function systemLoads({ edgeSizes }: Pick<Settings, "edgeSizes">): Loads {
    return { pods: edgeLoads(edgeSizes), agents: [] };
}

function edgeLoads({ gateway, ...beside }: EdgeSizes): readonly Load[] {
    const names = { "tars-gateway": gateway, ...beside };
    return Object.entries(names).map(([name, size]) => ({ name, size, roles: ["general"] }));
}
