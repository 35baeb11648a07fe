import { readConfiguration } from "../../policy/configuration";
import { cloudResource, kubernetesResource } from "../../policy/samples";
import { ruleOf, saidOf, unknownText } from "./support";

const rule = ruleOf("STK-04");
const budget = kubernetesResource("policy/v1beta1", "PodDisruptionBudget", {});
const endpoints = kubernetesResource("core/v1", "Endpoints", { apiVersion: "v1" });
const removed = "apiVersion is removed since Kubernetes 1.25";
const deprecated = "apiVersion is deprecated since Kubernetes 1.33";

test.each([
    ["1.24", []],
    ["1.25", [removed]],
    ["1.32", [removed]],
    ["1.33", [deprecated, removed]],
])("what clusters of %s no longer serve or advise", (kubernetesVersion, problems) => {
    const configuration = readConfiguration({ [rule.id]: { enforcementLevel: "mandatory", kubernetesVersion } });
    expect(saidOf(rule, [budget, endpoints], configuration)).toEqual(problems);
});

test("what an object says of itself goes before its type", () => {
    expect(saidOf(rule, [budget])).toEqual([removed]);
    expect(saidOf(rule, [{ ...budget, inputs: { apiVersion: "policy/v1" } }])).toEqual([]);
    const unknown = { ...budget, inputs: { apiVersion: unknownText } };
    expect(saidOf(rule, [unknown])).toEqual(["not decided: apiVersion is not known before the update"]);
});

test("a preview is that of the resource as a whole", () => {
    const cluster = cloudResource("azure-native:containerservice/v20240902preview:ManagedCluster", {});
    expect(saidOf(rule, [cluster])).toEqual(["is a preview of the cloud"]);
});
