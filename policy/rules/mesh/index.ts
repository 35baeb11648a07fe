import type { Rule } from "../../rule";
import { addressOverlap } from "./addressOverlap";
import { certificates } from "./certificates";
import { destinationTls } from "./destinationTls";
import { edgeTls } from "./edgeTls";
import { endOfLifeIngress } from "./endOfLifeIngress";
import { meshAuthorization } from "./meshAuthorization";
import { meshMembership } from "./meshMembership";
import { minimumTls } from "./minimumTls";
import { openHosts } from "./openHosts";
import { routeAuthentication } from "./routeAuthentication";
import { strictMtls } from "./strictMtls";

/** Rules about the mesh, the edge and certificates. */
export const meshRules: readonly Rule[] = [
    edgeTls,
    strictMtls,
    meshMembership,
    destinationTls,
    minimumTls,
    meshAuthorization,
    openHosts,
    certificates,
    routeAuthentication,
    endOfLifeIngress,
    addressOverlap,
];
