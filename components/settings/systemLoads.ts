import type { EdgeSizes } from "../foundation/edge";
import type { Load, Loads } from "../foundation/loads";
import type { Settings } from "./schema";

/** What the platform runs beside its applications, by the settings that call for it: all of it takes room that applications cannot have. */
export function systemLoads({ edgeSizes }: Pick<Settings, "edgeSizes">): Loads {
    return { pods: edgeLoads(edgeSizes), agents: [] };
}

function edgeLoads({ gateway, ratelimit, redis }: EdgeSizes): readonly Load[] {
    const names = { "tars-gateway": gateway, ratelimit, "redis of the edge": redis };
    return Object.entries(names).map(([name, size]) => ({ name, size, roles: ["general"] }));
}
