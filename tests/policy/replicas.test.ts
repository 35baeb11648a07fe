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
const scaledObject = (bounds: object) =>
    kubernetesResource("keda.sh/v1alpha1", "ScaledObject", {
        metadata,
        spec: { scaleTargetRef: { name: "app" }, ...bounds },
    });
const named = { kind: "Deployment", name: "app" };

test("an autoscaler decides for the workload that it targets, and for no other", () => {
    expect(findingsOf(rule, [deployment, autoscaler(named)])).toEqual([]);
    expect(findingsOf(rule, [deployment, autoscaler({ ...named, name: "web" })])).toHaveLength(1);
    expect(findingsOf(rule, [deployment, autoscaler({ ...named, kind: "StatefulSet" })])).toHaveLength(1);
    expect(findingsOf(rule, [deployment, autoscaler(named, undefined, "other")])).toHaveLength(1);
    expect(findingsOf(rule, [withSpec({ replicas: 1 }), autoscaler(named)])).toEqual([]);
});

test("a target whose name is not known yet is found by where it comes from", () => {
    const unknown = autoscaler({ kind: "Deployment", name: unknownText });
    expect(inEngine(rule, [deployment, unknown])).toHaveLength(1);
    expect(inEngine(rule, [deployment, { ...unknown, sources: { spec: [deployment.urn] } }])).toEqual([]);
});

test("what is not known yet of both is not the same", () => {
    const metadata = { name: unknownText, namespace: "shop" };
    const nameless = { ...deployment, inputs: merge(Object(deployment.inputs), { metadata }) };
    expect(inEngine(rule, [nameless, autoscaler({ kind: "Deployment", name: unknownText })])).toHaveLength(1);
    expect(inEngine(rule, [compliantDeployment(unknownText), autoscaler(named, undefined, unknownText)])).toHaveLength(
        1,
    );
});

test("a target whose name comes from another workload is that one", () => {
    const web = { ...withSpec({ replicas: 2 }), urn: "urn:web" };
    const ofWeb = autoscaler({ kind: "Deployment", name: unknownText });
    expect(inEngine(rule, [deployment, web, { ...ofWeb, sources: { spec: [web.urn] } }])).toHaveLength(1);
});

test("a target of KEDA without a kind is a Deployment", () => {
    const set = kubernetesResource("apps/v1", "StatefulSet", { metadata, spec: {} });
    expect(findingsOf(rule, [deployment, scaledObject({ minReplicaCount: 2 })])).toEqual([]);
    expect(findingsOf(rule, [set, scaledObject({ minReplicaCount: 2 })])).toHaveLength(1);
});

test("a Patch that states no number leaves it to the object", () => {
    const patch = { ...deployment, type: "kubernetes:apps/v1:DeploymentPatch" };
    expect(findingsOf(rule, [patch])).toEqual([]);
    expect(findingsOf(spread, [patch])).toEqual([expect.objectContaining({ decided: false })]);
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
    const [own, other] = ["app", "db"].map((app) => ({ matchLabels: { app } }));
    const of = (pod: object) => ({ template: { metadata: { labels: { app: "app" } }, spec: pod } });
    const antiAffinity = (required: unknown) => ({
        affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } },
    });
    const at = "template.spec.affinity.podAntiAffinity";

    test.each([
        ["nobody states a number", [deployment], 0],
        ["it states one", [withSpec({ replicas: 1 })], 0],
        ["it states several", [withSpec({ replicas: 2 })], 1],
        ["an autoscaler may make several", [deployment, autoscaler(named, { minReplicas: 1, maxReplicas: 4 })], 1],
        ["an autoscaler makes one", [deployment, autoscaler(named, { minReplicas: 1, maxReplicas: 1 })], 0],
        ["an autoscaler states the fewest only", [deployment, autoscaler(named, { minReplicas: 2 })], 1],
        ["KEDA may make a hundred", [deployment, scaledObject({})], 1],
        ["KEDA may make several", [deployment, scaledObject({ maxReplicaCount: 2 })], 1],
        ["KEDA makes one", [deployment, scaledObject({ maxReplicaCount: 1 })], 0],
    ])("counts the pods that there may be: %s", (_, resources, findings) => {
        expect(findingsOf(spread, resources)).toHaveLength(findings);
    });

    test("asks no more than the most pods where the fewest are not known", () => {
        const bounded = (maxReplicas: number) => autoscaler(named, { minReplicas: unknownText, maxReplicas });
        const decided = (maxReplicas: number) =>
            inEngine(spread, [deployment, bounded(maxReplicas)]).filter((finding) => finding.decided);
        expect([decided(1).length, decided(4).length]).toEqual([0, 1]);
    });

    test("does not know how many pods a file that states no number gets", () => {
        const file = { ...deployment, origin: "manifest" } as const;
        expect(findingsOf(spread, [file])).toEqual([
            expect.objectContaining({
                decided: false,
                level: "advisory",
                message: expect.stringContaining("neither in different zones nor apart, if there are several"),
            }),
        ]);
    });

    test("asks of a Patch only what it changes", () => {
        const patch = kubernetesResource("apps/v1", "DeploymentPatch", { metadata, spec: { replicas: 3 } });
        expect(findingsOf(spread, [patch])).toEqual([]);
    });

    test.each([
        ["the number", { replicas: unknownText }, "replicas"],
        ["the constraints", of({ topologySpreadConstraints: unknownText }), "template.spec.topologySpreadConstraints"],
        ["all of affinity", of({ affinity: unknownText }), "template.spec.affinity"],
        ["the required rules", of(antiAffinity(unknownText)), `${at}.requiredDuringSchedulingIgnoredDuringExecution`],
        [
            "the preferred rules",
            of({ affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: unknownText } } }),
            `${at}.preferredDuringSchedulingIgnoredDuringExecution`,
        ],
        [
            "where a rule for the pods keeps them apart",
            of(antiAffinity([{ topologyKey: unknownText, labelSelector: own }])),
            `${at}.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey`,
        ],
    ])("is not decided while %s is not known", (_, spec, path) => {
        expect(inEngine(spread, [withSpec({ replicas: 2, ...spec })])).toEqual([
            expect.objectContaining({ path: `spec.${path}`, decided: false }),
        ]);
    });

    test.each([
        ["apart by something else than zones and nodes", { topologyKey: "example.com/rack", labelSelector: own }],
        ["somebody else's apart, wherever that is", { topologyKey: unknownText, labelSelector: other }],
        ["nobody apart, wherever that is", { topologyKey: unknownText }],
    ])("counts no rule that keeps %s", (_, term) => {
        const found = inEngine(spread, [withSpec({ replicas: 2, ...of(antiAffinity([term])) })]);
        expect(found.filter(({ decided }) => decided)).toEqual([
            expect.objectContaining({ path: "spec.template.spec" }),
        ]);
    });
});
