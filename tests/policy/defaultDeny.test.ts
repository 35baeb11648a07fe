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
const withEgress = (rule: unknown, spec: object = {}): Resource => policy({ ...both, egress: [rule], ...spec });
const anywhere = (cidr: string): unknown => ({ ipBlock: { cidr } });
const everyone = { to: [anywhere("0.0.0.0/0")] };
const except = { ipBlock: { cidr: "0.0.0.0/0", except: ["192.0.2.1/32"] } };
const quarters = ["0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/2"].map((cidr) => ({ to: [anywhere(cidr)] }));
const dns = { matchLabels: { app: "dns" } };
const asFile = (resource: Resource): Resource => ({ ...resource, origin: "manifest" });

test.each([
    ["one policy for both", [policy(both)]],
    ["one policy each", [policy({ podSelector: {}, policyTypes: ["Ingress"] }), policy({ policyTypes: ["Egress"] })]],
    ["types left out", [policy({ podSelector: {}, egress: [{ ports: [{ port: 53 }] }] })]],
    ["an empty selector in words", [policy({ ...both, podSelector: { matchLabels: {}, matchExpressions: [] } })]],
    ["a path allowed beside it", [policy({ ...both, egress: [{ to: [{ podSelector: {} }] }] })]],
    ["named peers in other namespaces", [withEgress({ to: [{ namespaceSelector: { matchLabels: { a: "b" } } }] })]],
    ["some pods of every namespace", [withEgress({ to: [{ namespaceSelector: {}, podSelector: dns }] })]],
    ["everyone, but at one port", [withEgress({ to: [anywhere("0.0.0.0/0")], ports: [{ port: 443 }] })]],
    ["everyone, but at a named port", [withEgress({ ports: [{ port: "https" }] })]],
    ["private addresses", [withEgress({ to: ["10.0.0.0/8", "172.16.0.0/12", "fc00::/7"].map(anywhere) })]],
    ["the whole internet for some pods", [policy(both), withEgress(everyone, { podSelector: dns })]],
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
    ["a rule to every address", [withEgress(everyone)], "Egress"],
    ["a rule to every address but a few", [withEgress({ to: [except] })], "Egress"],
    ["a rule to every address of IPv6", [withEgress({ to: [anywhere("::/0")] })], "Egress"],
    ["a rule to both halves", [withEgress({ to: ["0.0.0.0/1", "128.0.0.0/1"].map(anywhere) })], "Egress"],
    ["quarters over several rules", [policy({ ...both, egress: quarters })], "Egress"],
    ["a rule to every namespace", [withEgress({ to: [{ namespaceSelector: {} }] })], "Egress"],
    [
        "a rule to every pod of every namespace",
        [withEgress({ to: [{ namespaceSelector: { matchLabels: {} }, podSelector: {} }] })],
        "Egress",
    ],
    ["one open peer among others", [withEgress({ to: [{ podSelector: dns }, { namespaceSelector: {} }] })], "Egress"],
    ["a rule with all ports in a range", [withEgress({ ports: [{ port: 1, endPort: 65_535 }] })], "Egress"],
    ["a rule with a protocol for a port", [withEgress({ ...everyone, ports: [{ protocol: "TCP" }] })], "Egress"],
    [
        "a policy that is open both ways",
        [
            policy({
                ...both,
                ingress: [{ from: [{ namespaceSelector: {} }, anywhere("0.0.0.0/0")] }],
                egress: [everyone],
            }),
        ],
        "Ingress and Egress",
    ],
    [
        "a Patch that leaves out whom it is about",
        [{ ...policy({ policyTypes: ["Ingress"] }), type: "kubernetes:networking.k8s.io/v1:NetworkPolicyPatch" }],
        "Ingress and Egress",
    ],
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

test("a policy that lets everything through undoes the default-deny of another, and is reported itself", () => {
    const open = { ...policy({ ...both, policyTypes: ["Egress"], egress: [everyone] }), urn: "urn:open" };
    expect(findingsOf(rule, [namespace, pods, policy(both), open])).toEqual([
        expect.objectContaining({
            resource: "urn:open",
            level: "mandatory",
            path: "spec",
            message: expect.stringContaining("lets everything through for Egress"),
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
    ["a rule's addresses", [withEgress({ to: [anywhere(unknownText)] })]],
    ["a rule's ports", [withEgress({ ...everyone, ports: [{ port: unknownText, endPort: 65_535 }] })]],
    ["a rule's selector", [withEgress({ to: [{ namespaceSelector: unknownText }] })]],
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
        const [finding] = findingsOf(rule, [namespace, pods].map(asFile));
        expect(finding).toMatchObject({ rule: "NS-03", level: "mandatory" });
    });

    test("one that is only named may be closed elsewhere", () => {
        expect(findingsOf(rule, [pods].map(asFile))).toEqual([
            expect.objectContaining({ rule: "NS-03", decided: false, level: "advisory" }),
        ]);
        expect(findingsOf(rule, [pods, policy(both)].map(asFile))).toEqual([]);
    });

    test("what is open there is open, wherever else its namespace is closed", () => {
        expect(findingsOf(rule, [pods, withEgress(everyone)].map(asFile))).toEqual([
            expect.objectContaining({ kind: "NetworkPolicy", level: "mandatory", decided: true }),
        ]);
    });

    test("a template without a namespace has none to judge", () => {
        const template = { ...pods, inputs: { ...Object(pods.inputs), metadata: { name: "app" } } };
        expect(findingsOf(rule, [asFile(template)])).toEqual([]);
    });
});
