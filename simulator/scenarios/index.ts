import type { Scenario } from "./scenario";
import { zoneLost } from "./zoneLost";

/** All scenarios, by the name that `tars simulate --scenario` takes. */
export const scenarios: Readonly<Record<string, Scenario>> = { "zone-lost": zoneLost };
