import type { Rule } from "../../rule";
import { destinationTls } from "./destinationTls";
import { meshAuthorization } from "./meshAuthorization";
import { meshMembership } from "./meshMembership";
import { minimumTls } from "./minimumTls";
import { openHosts } from "./openHosts";
import { strictMtls } from "./strictMtls";

/** Rules about the mesh, the edge and certificates. */
export const meshRules: readonly Rule[] = [
    strictMtls,
    meshMembership,
    destinationTls,
    minimumTls,
    meshAuthorization,
    openHosts,
];
