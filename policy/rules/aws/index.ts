import type { Rule } from "../../rule";

/** Rules about EKS and what else a stack has on AWS. */
export const awsRules: readonly Rule[] = [];
