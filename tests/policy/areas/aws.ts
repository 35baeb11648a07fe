import type { Area } from "./area";

export const aws: Area = { cases: {}, breaks: {} };
