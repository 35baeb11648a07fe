import { externalSecretsLoads } from "../foundation/externalSecretsSizes";
import type { Loads } from "../foundation/loads";
import type { Settings } from "./schema";

/**
 * What the platform runs beside its applications, by the settings that call for it: all of it takes room that applications cannot have. External
 * Secrets is counted also where a stack names no store: the day that it does, there is room.
 */
export function systemLoads({ copies }: Settings): Loads {
    return { pods: [...externalSecretsLoads(copies)], agents: [] };
}
