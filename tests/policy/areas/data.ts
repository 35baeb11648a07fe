import type { Area } from "./area";

export const data: Area = { cases: {}, breaks: {} };
