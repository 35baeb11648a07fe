import type { Loads } from "../foundation/loads";
import type { Settings } from "./schema";

/** What the platform runs beside its applications, by the settings that call for it: all of it takes room that applications cannot have. */
export function systemLoads(_settings: Settings): Loads {
    return { pods: [], agents: [] };
}
