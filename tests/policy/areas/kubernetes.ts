import type { Area } from "./area";

export const kubernetes: Area = { cases: {}, breaks: {} };
