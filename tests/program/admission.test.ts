import { trustedOf } from "../../components/platform/trusted";
import { actions, admissionLabel, bindingOf } from "../../policy/admission/bindings";
import { admissionPolicies } from "../../policy/admission/policies";
import { anotherGraph } from "./anotherGraph";
import type { Graph } from "./graph";
import { parsed, settingsOf, stacks } from "./stack";

/** As the pack emits them; which lists a stack gives them is in the golden graphs. */
function policiesOf(stack: string) {
    return admissionPolicies(trustedOf(parsed(settingsOf(stack)).settings));
}

/** Annotation of a namespace that the policies do not judge, and those that have it: no list of theirs fits pods of these charts. */
const unjudged = "tars-platform/unjudged-because";
const ofCharts = ["kyverno", "tetragon", "trivy-system"];
const ofCluster = ["Namespace", "ClusterRole", "ClusterRoleBinding"] as const;

const specs = (graph: Graph, kind: string) =>
    Object.fromEntries(graph.of(kind).map(({ inputs }) => [inputs.metadata.name, inputs.spec]));

describe.each(stacks().map(({ name }) => name))("%s", (stack) => {
    const policies = policiesOf(stack);
    let graph: Graph;
    beforeAll(async () => {
        graph = await anotherGraph(stack);
    });

    test("installs the policies as the pack emits them, and nothing else of their kind", () => {
        const emitted = policies.map(({ name, spec }) => [name, spec]);
        expect(specs(graph, "ValidatingAdmissionPolicy")).toEqual(Object.fromEntries(emitted));
    });

    test("binds each, to audit and to warn until the stack says deny", () => {
        const emitted = policies.map((policy) => [policy.name, bindingOf(policy, ["Audit", "Warn"])]);
        expect(specs(graph, "ValidatingAdmissionPolicyBinding")).toEqual(Object.fromEntries(emitted));
    });

    test("has the policies before anything that they judge", () => {
        const gate = graph.of("ValidatingAdmissionPolicyBinding");
        const judged = graph.objects.filter(({ kind }) =>
            /^(Namespace|ClusterRole|ClusterRoleBinding|Deployment|StatefulSet|DaemonSet)$/.test(kind),
        );
        expect(judged.length).toBeGreaterThan(4);
        const early = judged.filter((object) => gate.some((binding) => !graph.waitsFor(object, binding)));
        expect(early.map(({ urn }) => urn)).toEqual([]);
    });

    test.each(ofCluster)("labels each %s for them that does not say why not", (kind) => {
        const judged = graph.of(kind).filter(({ inputs }) => !inputs.metadata.annotations?.[unjudged]);
        for (const { inputs } of judged) expect(inputs.metadata.labels).toMatchObject(admissionLabel);
    });

    test("leaves out the namespaces of three charts alone, and says why", () => {
        const reasons = graph.of("Namespace").filter(({ inputs }) => inputs.metadata.annotations?.[unjudged]);
        const others = reasons.map(({ inputs }) => inputs.metadata.name).filter((name) => !ofCharts.includes(name));
        expect(others).toEqual([]);
        for (const { inputs } of reasons) expect(inputs.metadata.labels).not.toMatchObject(admissionLabel);
    });
});

test("a stack that says deny has objects refused", async () => {
    const graph = await anotherGraph("dev", { admission: { enforcement: "deny" } });
    const bindings = graph.of("ValidatingAdmissionPolicyBinding");
    expect(bindings.length).toBe(policiesOf("dev").length);
    for (const { inputs } of bindings) expect(inputs.spec.validationActions).toEqual(["Deny", "Audit"]);
    expect(actions.deny).toEqual(["Deny", "Audit"]);
});

test("objects of the cluster are judged by their own label only: a namespaceSelector would let in everybody's", () => {
    for (const policy of policiesOf("dev")) {
        const { matchResources } = bindingOf(policy, actions.audit);
        const selector = policy.scope === "cluster" ? "objectSelector" : "namespaceSelector";
        expect(matchResources).toEqual({ [selector]: { matchLabels: admissionLabel } });
    }
});
