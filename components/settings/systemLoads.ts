import type { Load, Loads, NodeAgent } from "../foundation/loads";
import { systemRoles } from "../foundation/loads";
import { istiodSize, meshAgents } from "../foundation/meshSizes";
import type { Settings } from "./schema";

/** What the platform runs beside its applications, by the settings that call for it: all of it takes room that applications cannot have. */
export function systemLoads({ copies, mesh }: Pick<Settings, "copies" | "mesh">): Loads {
    const pods: readonly Load[] = [{ name: "istiod", size: istiodSize(copies), roles: systemRoles }];
    const agents: readonly NodeAgent[] = [...meshAgents[mesh.mode]];
    return { pods, agents };
}
