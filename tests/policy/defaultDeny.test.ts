import { judge } from "../../policy/judge";
import type { Resource } from "../../policy/rule";
import { compliantDeployment, kubernetesResource } from "../../policy/samples";
import { findingsOf, inEngine, ruleOf, unknownText } from "./support";

const rule = ruleOf("NS-03");
const namespace = kubernetesResource("core/v1", "Namespace", { metadata: { name: "shop" } });
const pods = compliantDeployment("shop");
const both = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
const policy = (spec: unknown, inNamespace: unknown = "shop"): Resource =>
    kubernetesResource("networking.k8s.io/v1", "NetworkPolicy", {
        metadata: { name: "p", namespace: inNamespace },
        spec,
    });
const asFile = (resource: Resource): Resource => ({ ...resource, origin: "manifest" });

test.each([
    ["one policy for both", [policy(both)]],
    ["one policy each", [policy({ podSelector: {}, policyTypes: ["Ingress"] }), policy({ policyTypes: ["Egress"] })]],
    ["types left out", [policy({ podSelector: {}, egress: [{ ports: [{ port: 53 }] }] })]],
    ["an empty selector in words", [policy({ ...both, podSelector: { matchLabels: {}, matchExpressions: [] } })]],
    ["a path allowed beside it", [policy({ ...both, egress: [{ to: [{ podSelector: {} }] }] })]],
    ["a policy of the old API", [{ ...policy(both), type: "kubernetes:extensions/v1beta1:NetworkPolicy" }]],
])("closed: %s", (_, policies) => {
    expect(findingsOf(rule, [namespace, pods, ...policies])).toEqual([]);
});

test.each([
    ["a policy of another namespace", [policy(both, "other")], "Ingress and Egress"],
    [
        "a policy for some pods",
        [policy({ ...both, podSelector: { matchExpressions: [{ key: "a", operator: "Exists" }] } })],
        "Ingress and Egress",
    ],
    ["types left out", [policy({ podSelector: {} })], "Egress"],
    ["a rule that lets everything out", [policy({ ...both, egress: [{}] })], "Egress"],
    ["a rule with empty peers", [policy({ ...both, ingress: [{ from: [], ports: [] }] })], "Ingress"],
])("open: %s", (_, policies, directions) => {
    const message = expect.stringContaining(`has pods but no default-deny for ${directions};`);
    expect(findingsOf(rule, [namespace, pods, ...policies])).toEqual([
        expect.objectContaining({
            message,
            level: "mandatory",
            kind: "Namespace",
            name: "shop",
            resource: namespace.urn,
        }),
    ]);
});

test("a namespace of someone else is reported on what is put into it", () => {
    expect(findingsOf(rule, [pods])).toEqual([
        expect.objectContaining({ resource: pods.urn, level: "mandatory", namespace: "shop" }),
    ]);
});

test.each([
    ["a policy's selector", [policy({ ...both, podSelector: unknownText })]],
    ["a policy's types", [policy({ podSelector: {}, policyTypes: [unknownText] })]],
    ["a policy's rules", [policy({ ...both, ingress: unknownText, egress: [{ to: unknownText }] })]],
    ["a policy's namespace", [policy(both, unknownText)]],
])("not decided while %s is unknown", (_, policies) => {
    const resources = [namespace, pods, ...policies];
    expect(findingsOf(rule, resources)).toEqual([
        expect.objectContaining({ decided: false, level: "advisory", resource: namespace.urn }),
    ]);
    expect(inEngine(rule, resources)).toEqual([expect.objectContaining({ decided: false, advisory: true })]);
});

test("pods in a namespace that is unknown are not decided, and hide no other namespace", () => {
    const elsewhere = compliantDeployment(unknownText);
    const findings = findingsOf(rule, [{ ...elsewhere, urn: "urn:elsewhere" }, namespace, pods]);
    expect(findings.map(({ resource, decided, path }) => [resource, decided, path])).toEqual([
        ["urn:elsewhere", false, "metadata.namespace"],
        [namespace.urn, true, "metadata.name"],
    ]);
});

describe("in manifests", () => {
    test("a namespace that is among the files must be closed there", () => {
        const [finding] = judge([namespace, pods].map(asFile)).findings;
        expect(finding).toMatchObject({ rule: "NS-03", level: "mandatory" });
    });

    test("one that is only named may be closed elsewhere", () => {
        expect(judge([pods].map(asFile)).findings).toEqual([
            expect.objectContaining({ rule: "NS-03", decided: false, level: "advisory" }),
        ]);
        expect(judge([pods, policy(both)].map(asFile)).findings).toEqual([]);
    });

    test("a template without a namespace has none to judge", () => {
        const template = { ...pods, inputs: { ...Object(pods.inputs), metadata: { name: "app" } } };
        expect(judge([asFile(template)]).findings).toEqual([]);
    });
});
