import type { Rule } from "../../rule";

/** Rules about the mesh, the edge and certificates. */
export const meshRules: readonly Rule[] = [];
