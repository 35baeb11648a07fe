import type { Resource } from "../../policy/rule";
import { kubernetesResource } from "../../policy/samples";
import { type Mapping, problemsOf, ruleOf, unknownText } from "./support";

const object = (kind: string, namespace: unknown, spec: Mapping, module = "security.istio.io/v1"): Resource =>
    kubernetesResource(module, kind, { metadata: { name: "a", namespace }, spec }, `${kind}-${String(namespace)}`);
const routeOf = (name: unknown): Resource =>
    object(
        "HTTPRoute",
        "shop",
        { parentRefs: [{ name, namespace: "edge" }], rules: [{ backendRefs: [{ name: "web" }] }] },
        "gateway.networking.k8s.io/v1",
    );
const route = routeOf("edge");

/** Tokens are verified before everything, and demanded by this policy. */
const demanded = (spec: Mapping, namespace: unknown = "edge"): readonly Resource[] => [
    object("RequestAuthentication", "istio-system", { jwtRules: [{ issuer: "https://login.example" }] }),
    object("AuthorizationPolicy", namespace, spec),
];
const deny = { action: "DENY", rules: [{ from: [{ source: { notRequestPrincipals: ["*"] } }] }] };
const token = { source: { requestPrincipals: ["*"] } };
const labelled = (labels: Mapping) => ({ ...deny, selector: { matchLabels: labels } });
const label = "gateway.networking.k8s.io/gateway-name";
const ofGateway = (name: unknown) => labelled({ [label]: name });
const reference = (kind: string, name: unknown) => ({ kind, name });

const unguarded = "spec.parentRefs brings callers in from outside whom nothing asks who they are";
const unknown = (path: string) => `not decided: ${path} is not known before the update`;

test.each<[string, readonly Resource[]]>([
    ["allows tokens only, in words", demanded({ action: "ALLOW", rules: [{ from: [token] }] })],
    ["is for this gateway", demanded({ ...deny, targetRef: reference("Gateway", "edge") })],
    [
        "is for this gateway among others",
        demanded({ ...deny, targetRefs: [reference("Gateway", "other"), reference("Gateway", "edge")] }),
    ],
    ["is for pods of its namespace", demanded(labelled({ app: "edge" }))],
    ["is for the pods of this gateway, in the root namespace", demanded(ofGateway("edge"), "istio-system")],
])("NET-10 lets a route be whose policy %s", (_, policies) => {
    expect(problemsOf(ruleOf("NET-10"), [route, ...policies])).toEqual([]);
});

test.each<[string, readonly Resource[]]>([
    ["only keeps a record", demanded({ action: "AUDIT", rules: [{ from: [token] }] })],
    ["allows nothing, which another may", demanded({})],
    ["allows some without a token", demanded({ rules: [{ from: [token, { source: { namespaces: ["a"] } }] }] })],
    ["has a rule without a source", demanded({ rules: [{ from: [token] }, { to: [{ operation: {} }] }] })],
    ["is for another gateway", demanded({ ...deny, targetRef: reference("Gateway", "other") })],
    ["is for a Service of the same name", demanded({ ...deny, targetRef: reference("Service", "edge") })],
    [
        "is for the gateway of another namespace",
        demanded({ ...deny, targetRef: reference("Gateway", "edge") }, "other"),
    ],
    ["is for the pods of another gateway", demanded(ofGateway("other"))],
    ["is for the pods of another gateway, in the root namespace", demanded(ofGateway("other"), "istio-system")],
    ["is for pods of another namespace", demanded(labelled({ app: "edge" }), "other")],
])("NET-10 reports a route whose policy %s", (_, policies) => {
    expect(problemsOf(ruleOf("NET-10"), [route, ...policies])).toEqual([unguarded]);
});

test.each<[string, readonly Resource[], string]>([
    ["the namespace of its policy", [route, ...demanded(deny, unknownText)], "metadata.namespace"],
    ["what its policy is for", [route, ...demanded(ofGateway(unknownText))], `spec.selector.matchLabels.${label}`],
    [
        "the gateway that its policy names",
        [route, ...demanded({ ...deny, targetRef: reference("Gateway", unknownText) })],
        "spec.targetRef.name",
    ],
    ["its gateway", [routeOf(unknownText), ...demanded(ofGateway("edge"))], "spec.parentRefs[0].name"],
])("NET-10 does not decide a route while %s is unknown", (_, resources, path) => {
    expect(problemsOf(ruleOf("NET-10"), resources)).toEqual([unknown(path)]);
});
