import type { Area } from "./area";

export const rbac: Area = { cases: {}, breaks: {} };
