import type { Area } from "./area";

export const mesh: Area = { cases: {}, breaks: {} };
