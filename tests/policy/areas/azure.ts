import type { Area } from "./area";

export const azure: Area = { cases: {}, breaks: {} };
