import { compliantDeployment, kubernetesResource, merge } from "../../policy/samples";
import { findingsOf, inEngine, ruleOf, unknownText } from "./support";

const [rule, spread] = [ruleOf("REL-03"), ruleOf("REL-06")];
const metadata = { name: "app", namespace: "shop" };
const deployment = compliantDeployment("shop");
const withSpec = (spec: object) => ({ ...deployment, inputs: merge(Object(deployment.inputs), { spec }) });
const autoscaler = (target: object, bounds: object = { minReplicas: 2, maxReplicas: 4 }, namespace = "shop") =>
    kubernetesResource("autoscaling/v2", "HorizontalPodAutoscaler", {
        metadata: { name: "app", namespace },
        spec: { scaleTargetRef: target, ...bounds },
    });
const named = { kind: "Deployment", name: "app" };

test("an autoscaler decides for the workload that it targets, and for no other", () => {
    expect(findingsOf(rule, [deployment, autoscaler(named)])).toEqual([]);
    expect(findingsOf(rule, [deployment, autoscaler({ ...named, name: "web" })])).toHaveLength(1);
    expect(findingsOf(rule, [deployment, autoscaler({ ...named, kind: "StatefulSet" })])).toHaveLength(1);
    expect(findingsOf(rule, [deployment, autoscaler(named, {}, "other")])).toHaveLength(1);
    expect(findingsOf(rule, [withSpec({ replicas: 1 }), autoscaler(named)])).toEqual([]);
});

test("a target whose name is not known yet is found by where it comes from", () => {
    const unknown = autoscaler({ kind: "Deployment", name: unknownText });
    expect(inEngine(rule, [deployment, unknown])).toHaveLength(1);
    expect(inEngine(rule, [deployment, { ...unknown, sources: { spec: [deployment.urn] } }])).toEqual([]);
});

test("what only runs once is listed by namespace and name", () => {
    const postgres = (namespace: string) =>
        kubernetesResource("apps/v1", "StatefulSet", {
            metadata: { name: "postgres", namespace },
            spec: { replicas: 1 },
        });
    expect(findingsOf(rule, [postgres("tars")])).toEqual([]);
    expect(findingsOf(rule, [postgres("shop")])).toHaveLength(1);
});

test("a file leaves the number to whoever keeps the autoscaler", () => {
    const file = { ...deployment, origin: "manifest" } as const;
    expect(findingsOf(rule, [file])).toEqual([expect.objectContaining({ decided: false, level: "advisory" })]);
    expect(findingsOf(rule, [{ ...withSpec({ replicas: 1 }), origin: "manifest" }])).toEqual([
        expect.objectContaining({ decided: true }),
    ]);
});

describe("REL-06", () => {
    test("counts the pods that an autoscaler may make", () => {
        expect(findingsOf(spread, [deployment])).toEqual([]);
        expect(findingsOf(spread, [deployment, autoscaler(named)])).toHaveLength(1);
        expect(findingsOf(spread, [deployment, autoscaler(named, { minReplicas: 1, maxReplicas: 1 })])).toEqual([]);
    });

    test("does not know how many pods a file that states no number gets", () => {
        const file = { ...deployment, origin: "manifest" } as const;
        expect(findingsOf(spread, [file])).toEqual([expect.objectContaining({ decided: false, level: "advisory" })]);
    });

    test("asks of a Patch only what it changes", () => {
        const patch = kubernetesResource("apps/v1", "DeploymentPatch", { metadata, spec: { replicas: 3 } });
        expect(findingsOf(spread, [patch])).toEqual([]);
    });
});
