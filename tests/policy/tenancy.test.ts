import { readConfiguration } from "../../policy/configuration";
import { judge } from "../../policy/judge";
import type { Resource, Sample } from "../../policy/rule";
import { webAutoscaler, webBudget, webPods, webService } from "../../policy/rules/stack/stackSamples";
import { kubernetesResource, resourcesOf, sampleOf } from "../../policy/samples";
import { findingsOf, ruleOf } from "./support";

const reason = "a reason that is long enough";

function failing(id: string, problem: string): Sample {
    const found = ruleOf(id).samples.failing.find((each) => each.problem.includes(problem));
    if (!found) throw new Error(`${id} has no such sample`);
    return found.sample;
}

/** What a rule says with settings of its own. */
function messages(
    id: string,
    resources: readonly Resource[],
    settings: Readonly<Record<string, unknown>>,
): readonly string[] {
    const configuration = readConfiguration({ [id]: { enforcementLevel: "mandatory", ...settings } });
    return judge(resources, configuration)
        .findings.filter(({ rule }) => rule === id)
        .map(({ message }) => message);
}

describe("a named need", () => {
    test.each([
        [
            "RBAC-01",
            "is bound to cluster-admin",
            { breakGlass: [{ role: "cluster-admin", kind: "Group", name: "team", reason }] },
        ],
        ["NS-01", "enforce is privileged", { unrestricted: [{ namespace: "shop", level: "privileged", reason }] }],
        ["NET-02", "with a public address", { gateways: [{ namespace: "shop", name: "web", reason }] }],
        ["REL-05", "without a scaler", { fixed: [{ namespace: "shop", name: "web", reason }] }],
    ])("%s lets through what is listed", (id, problem, settings) => {
        const resources = resourcesOf(failing(id, problem));
        expect(messages(id, resources, settings)).toEqual([]);
        expect(findingsOf(ruleOf(id), resources)).not.toEqual([]);
    });

    test.each([
        [
            "RBAC-01",
            "is bound to cluster-admin",
            { breakGlass: [{ role: "admin", kind: "Group", name: "team", reason }] },
        ],
        [
            "RBAC-01",
            "is bound to cluster-admin",
            { breakGlass: [{ role: "cluster-admin", kind: "User", name: "team", reason }] },
        ],
        ["NS-01", "enforce is privileged", { unrestricted: [{ namespace: "shop", level: "baseline", reason }] }],
        [
            "NS-01",
            "enforce is privileged",
            { unrestricted: [{ namespace: "shop", level: "privileged", reason, expires: "2020-01-01" }] },
        ],
        ["NET-02", "with a public address", { gateways: [{ namespace: "other", name: "web", reason }] }],
        ["REL-05", "without a scaler", { fixed: [{ namespace: "shop", name: "other", reason }] }],
    ])("%s keeps what is listed otherwise: %s, %j", (id, problem, settings) => {
        expect(messages(id, resourcesOf(failing(id, problem)), settings)).toEqual([expect.stringContaining(problem)]);
    });

    test.each([
        ["NS-01", "unrestricted", 1],
        ["REL-05", "fixed", 4],
        ["REL-09", "gpuAgents", 4],
    ])("%s: an empty list takes the platform's own away", (id, setting, passing) => {
        const sample = ruleOf(id).samples.passing[passing] ?? sampleOf();
        expect(messages(id, resourcesOf(sample), { [setting]: [] })).toHaveLength(1);
    });
});

describe("a selector that hits nothing visible", () => {
    const policy = (): readonly Resource[] => resourcesOf(failing("NS-04", "selects no pod")).slice(0, 1);
    const cluster = kubernetesResource("postgresql.cnpg.io/v1", "Cluster", {
        metadata: { name: "db", namespace: "shop" },
        spec: { instances: 3 },
    });

    test("may mean the pods of an operator in its namespace", () => {
        expect(findingsOf(ruleOf("NS-04"), [...policy(), cluster])).toEqual([]);
        const elsewhere = { ...cluster, inputs: { metadata: { name: "db", namespace: "other" } } };
        expect(findingsOf(ruleOf("NS-04"), [...policy(), elsewhere])).toHaveLength(1);
    });

    test.each([
        ["NS-04", policy()],
        ["REL-04", [webBudget({ maxUnavailable: 1 })]],
        ["REL-04", [webPods({ replicas: 3 })]],
        ["REL-12", [webService()]],
        ["REL-05", [webAutoscaler()]],
    ])("%s: is not decided in files, which may be a part", (id, resources) => {
        const files = resources.map((each): Resource => ({ ...each, origin: "manifest" }));
        expect(findingsOf(ruleOf(id), files)).toEqual([expect.objectContaining({ decided: false })]);
    });
});

describe("the arithmetic of disruptions", () => {
    const allowed = (budget: Readonly<Record<string, unknown>>, replicas: number) =>
        findingsOf(ruleOf("REL-04"), [webBudget(budget), webPods({ replicas })]).length === 0;

    // As the disruption controller counts: shares are rounded up.
    test.each([
        [{ minAvailable: "50%" }, 2, true],
        [{ minAvailable: "51%" }, 2, false],
        [{ minAvailable: "50%" }, 1, false],
        [{ minAvailable: "90%" }, 9, false],
        [{ minAvailable: "90%" }, 10, true],
        [{ maxUnavailable: "1%" }, 2, true],
        [{ minAvailable: 0 }, 1, true],
        [{ minAvailable: 5 }, 3, false],
        // Scaled to nothing: there is nothing to evict.
        [{ minAvailable: 1 }, 0, true],
    ])("%j of %d pods allows one: %p", (budget, replicas, answer) => {
        expect(allowed(budget, replicas)).toBe(answer);
    });

    test("one budget may be about several workloads, whose pods add up", () => {
        const other = {
            ...webPods(),
            urn: "urn:other",
            inputs: { ...Object(webPods().inputs), metadata: { name: "b", namespace: "shop" } },
        };
        expect(findingsOf(ruleOf("REL-04"), [webBudget({ minAvailable: 1 }), webPods(), other])).toEqual([]);
    });
});
