import type { Resource } from "../../policy/rule";
import { webBudget, webPods } from "../../policy/rules/stack/stackSamples";
import { kubernetesResource, merge } from "../../policy/samples";
import { ruleOf, saidOf, unknownText } from "./support";

const rule = ruleOf("REL-04");
const said = (...resources: readonly Resource[]) => saidOf(rule, resources);
const changed = (resource: Resource, set: Readonly<Record<string, unknown>>, urn = resource.urn): Resource => ({
    ...resource,
    urn,
    inputs: merge(Object(resource.inputs), set),
});

const [one, three] = [webBudget({ maxUnavailable: 1 }), webPods({ replicas: 3 })];
const unknownPods = webPods({ replicas: unknownText });
const elsewhere = changed(one, { metadata: { namespace: "other" } });
const ofOthers = webBudget({ maxUnavailable: 1, selector: { matchLabels: { app: "api" } } }, "api");
const labelled = (app: string, replicas: unknown) =>
    changed(webPods({ replicas }), { spec: { template: { metadata: { labels: { app } } } } }, `urn:${app}`);

const uncovered = "metadata.name has several pods but no PodDisruptionBudget";
const unused = "spec.selector selects no pod of the stack";

test.each([
    ["of another namespace", elsewhere],
    ["of other pods", ofOthers],
])("a budget %s covers nothing here", (_, budget) => {
    expect(said(three, budget)).toEqual([uncovered, unused]);
    expect(said(three, one, { ...budget, urn: "urn:other" })).toEqual([unused]);
});

test("only workloads whose pods the eviction API replaces need a budget", () => {
    const agent = kubernetesResource("apps/v1", "ReplicaSet", Object(three.inputs));
    expect(said(agent)).toEqual([]);
});

test.each([
    ["maxUnavailable: 0", { maxUnavailable: 0 }, "spec.maxUnavailable allows no disruption of 3 pods"],
    ["neither bound", {}, "spec says neither minAvailable nor maxUnavailable"],
    ["fewer than none", { minAvailable: -1 }, "spec.minAvailable is neither a number nor a percentage"],
    ["a broken number", { minAvailable: "1.5" }, "spec.minAvailable is neither a number nor a percentage"],
])("a budget with %s is reported where that stands", (_, spec, problem) => {
    expect(said(three, webBudget(spec))).toEqual([problem]);
});

test("a budget counts the pods that it covers, of one workload or several", () => {
    const least = webBudget({ minAvailable: 1 });
    const tooFew = "spec.minAvailable allows no disruption of 1 pods";
    expect(said(least, webPods(), labelled("api", 1))).toEqual([tooFew]);
    expect(said(least, webPods(), labelled("web", 1))).toEqual([]);
    expect(said(webBudget({ maxUnavailable: 0 }), webPods({ replicas: 0 }))).toEqual([]);
});

describe("not decided", () => {
    const unknown = (path: string) => `not decided: ${path} is not known before the update`;

    test.each([
        ["how many pods there are", [unknownPods], "spec.replicas"],
        ["how many a number is about", [unknownPods, webBudget({ minAvailable: 1 })], "spec.replicas"],
        ["how many a share is about", [unknownPods, webBudget({ minAvailable: "50%" })], "spec.replicas"],
        [
            "how many some of them are",
            [webPods(), labelled("web", unknownText), webBudget({ minAvailable: 1 })],
            "spec.replicas",
        ],
        ["where they are", [changed(three, { metadata: { namespace: unknownText } })], "metadata.namespace"],
        ["what a budget asks", [three, webBudget({ minAvailable: unknownText })], "spec.minAvailable"],
        ["whom it is about", [three, webBudget({ maxUnavailable: 1, selector: unknownText })], "spec.selector"],
    ])("while it is unknown %s", (_, resources, path) => {
        expect(said(...resources)).toEqual([unknown(path)]);
    });

    test("in files, which may be without the other half", () => {
        const asFile = (resource: Resource): Resource => ({ ...resource, origin: "manifest" });
        expect(said(asFile(three), asFile(one))).toEqual([]);
        expect(said(asFile(three))).toEqual([
            "not decided: metadata.name has several pods, and no PodDisruptionBudget for them is among the files",
        ]);
        expect(said(asFile(one))).toEqual(["not decided: spec.selector may select no pod: the files may be a part"]);
    });
});
