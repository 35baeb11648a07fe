import { certManagerLoads } from "../foundation/certManagerSizes";
import { externalSecretsLoads } from "../foundation/externalSecretsSizes";
import type { Loads } from "../foundation/loads";
import { namedHosts } from "./hosts";
import type { Settings } from "./schema";

/** What the platform runs beside its applications, by the settings that call for it: all of it takes room that applications cannot have. */
export function systemLoads({ copies, edge }: Settings): Loads {
    return { pods: [...certManagerLoads(copies, challengesOf(edge)), ...externalSecretsLoads(copies)], agents: [] };
}

/** Hosts that are proven over HTTP. */
function challengesOf(edge: Settings["edge"]): number {
    const { certificates } = edge;
    return "solver" in certificates && certificates.solver === "http01" ? namedHosts(edge).length : 0;
}
