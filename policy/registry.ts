import type { Rule } from "./rule";
import { awsRules } from "./rules/aws";
import { azureRules } from "./rules/azure";
import { dataRules } from "./rules/data";
import { kubernetesRules } from "./rules/kubernetes";
import { meshRules } from "./rules/mesh";
import { stackRules } from "./rules/stack";

/** Every rule of the pack. The engine, the in-process judge, the documentation and the tests are all made from it. */
export const rules: readonly Rule[] = [
    ...kubernetesRules,
    ...meshRules,
    ...dataRules,
    ...azureRules,
    ...awsRules,
    ...stackRules,
];
