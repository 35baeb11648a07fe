import type { Rule } from "../../rule";

/** Rules about secrets, data services and their backups. */
export const dataRules: readonly Rule[] = [];
