import type { Rule } from "../../rule";
import { danglingBindings } from "./danglingBindings";
import { defaultDeny } from "./defaultDeny";
import { disruptions } from "./disruptions";
import { gpus } from "./gpus";
import { namespaceCeilings } from "./namespaceCeilings";
import { sandboxes } from "./sandboxes";
import { scaling } from "./scaling";
import { serviceTargets } from "./serviceTargets";
import { unreachedPods } from "./unreachedPods";

/** Rules about a stack as a whole, about several stacks, and about how a stack is written. STK-06 is last: by then every exemption has been used that is needed. */
export const stackRules: readonly Rule[] = [
    defaultDeny,
    danglingBindings,
    unreachedPods,
    namespaceCeilings,
    sandboxes,
    serviceTargets,
    disruptions,
    scaling,
    gpus,
];
