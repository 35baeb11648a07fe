import type { Area } from "./area";

export const stack: Area = { cases: {}, breaks: {} };
