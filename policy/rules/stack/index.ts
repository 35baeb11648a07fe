import type { Rule } from "../../rule";
import { danglingBindings } from "./danglingBindings";
import { defaultDeny } from "./defaultDeny";

/** Rules about a stack as a whole, about several stacks, and about how a stack is written. STK-06 is last: by then every exemption has been used that is needed. */
export const stackRules: readonly Rule[] = [defaultDeny, danglingBindings];
