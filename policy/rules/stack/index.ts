import type { Rule } from "../../rule";
import { apiVersions } from "./apiVersions";
import { auditArchive } from "./auditArchive";
import { danglingBindings } from "./danglingBindings";
import { defaultDeny } from "./defaultDeny";
import { disruptions } from "./disruptions";
import { exemptionUse } from "./exemptionUse";
import { gpus } from "./gpus";
import { namespaceCeilings } from "./namespaceCeilings";
import { observers } from "./observers";
import { opaque } from "./opaque";
import { options } from "./options";
import { packConfiguration, packRegistry } from "./packRules";
import { providers } from "./providers";
import { sandboxes } from "./sandboxes";
import { scaling } from "./scaling";
import { separateEnvironments } from "./separateEnvironments";
import { serviceAlerts } from "./serviceAlerts";
import { serviceTargets } from "./serviceTargets";
import { tagged } from "./tags";
import { unreachedPods } from "./unreachedPods";

/** How a stack is written, whatever it makes. */
const hygiene: readonly Rule[] = [
    providers,
    tagged,
    options,
    apiVersions,
    opaque,
    separateEnvironments,
    packConfiguration,
    packRegistry,
];

/** Rules about a stack as a whole, about several stacks, and about how a stack is written. STK-06 is last: by then every exemption has been used that is needed. */
export const stackRules: readonly Rule[] = [
    defaultDeny,
    auditArchive,
    serviceAlerts,
    observers,
    danglingBindings,
    unreachedPods,
    namespaceCeilings,
    sandboxes,
    serviceTargets,
    disruptions,
    scaling,
    gpus,
    ...hygiene,
    exemptionUse,
];
