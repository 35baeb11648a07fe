import type { Rule } from "../../rule";
import { auditArchive } from "./auditArchive";
import { defaultDeny } from "./defaultDeny";
import { observers } from "./observers";
import { serviceAlerts } from "./serviceAlerts";

/** Rules about a stack as a whole, about several stacks, and about how a stack is written. STK-06 is last: by then every exemption has been used that is needed. */
export const stackRules: readonly Rule[] = [defaultDeny, auditArchive, serviceAlerts, observers];
