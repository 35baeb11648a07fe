import type { Rule } from "../../rule";

/** Rules about AKS and what else a stack has on Azure. */
export const azureRules: readonly Rule[] = [];
