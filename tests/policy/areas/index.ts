import type { Break, RuleCase } from "./area";
import { aws } from "./aws";
import { azure } from "./azure";
import { data } from "./data";
import { kubernetes } from "./kubernetes";
import { mesh } from "./mesh";
import { pods } from "./pods";
import { rbac } from "./rbac";
import { stack } from "./stack";

const areas = [pods, kubernetes, rbac, mesh, data, azure, aws, stack] as const;

export const cases: Readonly<Record<string, RuleCase>> = Object.assign({}, ...areas.map((area) => area.cases));
export const breaks: Readonly<Record<string, Break>> = Object.assign({}, ...areas.map((area) => area.breaks));
