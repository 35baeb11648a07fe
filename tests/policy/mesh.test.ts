import { readConfiguration } from "../../policy/configuration";
import type { Resource, Rule } from "../../policy/rule";
import { compliantDeployment, kubernetesResource } from "../../policy/samples";
import { findingsOf, problemsOf, ruleOf, unknownText } from "./support";

const object = (module: string, kind: string, metadata: object, spec: object): Resource =>
    kubernetesResource(module, kind, { metadata, spec }, `${kind}-${Object.values(metadata).join("-")}`);

const istiod = kubernetesResource("apps/v1", "Deployment", {
    metadata: { name: "istiod", namespace: "istio-system", labels: { app: "istiod" } },
});
const shop = kubernetesResource("core/v1", "Namespace", { metadata: { name: "shop", labels: {} } });

const problems = (rule: Rule, resources: readonly Resource[], settings: object = {}) =>
    findingsOf(rule, resources, readConfiguration({ [rule.id]: { enforcementLevel: "mandatory", ...settings } }));

describe("a mesh is seen", () => {
    const strict = ruleOf("NET-03");
    const signs: Readonly<Record<string, Resource>> = {
        "by its chart": kubernetesResource("helm.sh/v4", "Chart", { chart: "oci://registry.example/charts/istiod" }),
        "by an object that only Istio reads": object("telemetry.istio.io/v1", "Telemetry", { name: "t" }, {}),
        "by a namespace that joins it": kubernetesResource("core/v1", "Namespace", {
            metadata: { name: "shop", labels: { "istio-injection": "enabled" } },
        }),
    };

    test.each(Object.entries(signs))("%s", (_, sign) => {
        expect(problems(strict, [sign])).toHaveLength(1);
    });

    test("by nothing else", () => {
        expect(problems(strict, [shop, compliantDeployment("shop")])).toEqual([]);
    });
});

test("a root PeerAuthentication whose namespace is not known may be the one that is asked for", () => {
    const policy = object("security.istio.io/v1", "PeerAuthentication", { name: "a", namespace: unknownText }, {});
    const found = problems(ruleOf("NET-03"), [istiod, policy]);
    expect(found.map(({ decided }) => decided)).toEqual([false]);
});

test("namespaces outside the mesh are those that are listed, and a list takes the place of the platform's own", () => {
    const [rule, resources] = [ruleOf("NET-04"), [istiod, shop, compliantDeployment("shop")]];
    const outsideMesh = [{ namespace: "shop", reason: "an example for this test" }];
    expect(problems(rule, resources)).toHaveLength(1);
    expect(problems(rule, resources, { outsideMesh })).toEqual([]);
    expect(problems(rule, [istiod, compliantDeployment("kube-system")], { outsideMesh })).toHaveLength(1);
});

test.each([
    [
        "NET-07",
        "publicPolicies",
        object("security.istio.io/v1", "AuthorizationPolicy", { name: "a", namespace: "b" }, { rules: [{}] }),
    ],
    ["NET-10", "publicRoutes", object("networking.k8s.io/v1", "Ingress", { name: "a", namespace: "b" }, {})],
    [
        "NET-09",
        "certificateAuthorities",
        object(
            "cert-manager.io/v1",
            "Certificate",
            { name: "a", namespace: "b" },
            {
                duration: "87600h",
                renewBefore: "720h",
                privateKey: { algorithm: "ECDSA" },
            },
        ),
    ],
])("%s lets be what %s lists, and nothing else", (id, setting, resource) => {
    const listed = (name: string) => ({ [setting]: [{ namespace: "b", name, reason: "an example for this test" }] });
    expect(problems(ruleOf(id), [resource])).toHaveLength(1);
    expect(problems(ruleOf(id), [resource], listed("other"))).toHaveLength(1);
    expect(problems(ruleOf(id), [resource], listed("a"))).toEqual([]);
});

test("files name Secrets and gateways that are kept elsewhere", () => {
    const ingress = object(
        "networking.k8s.io/v1",
        "Ingress",
        { name: "a", namespace: "b" },
        {
            tls: [{ hosts: ["a.example"], secretName: "elsewhere" }],
        },
    );
    expect(problems(ruleOf("NET-09"), [ingress])).toHaveLength(1);
    expect(problems(ruleOf("NET-09"), [{ ...ingress, origin: "manifest" }])).toEqual([]);
});

const unknown = (path: string) => `not decided: ${path} is not known before the update`;
const joined = (name: unknown) =>
    kubernetesResource("core/v1", "Namespace", { metadata: { name, labels: { "istio-injection": "enabled" } } });

describe("NET-07", () => {
    const policy = (spec: unknown, kind = "AuthorizationPolicy") =>
        kubernetesResource("security.istio.io/v1", kind, { metadata: { name: "a", namespace: "shop" }, spec });
    const undenied = "metadata.name is in the mesh without a deny-all AuthorizationPolicy";

    test.each<[string, Resource, readonly string[]]>([
        ["a policy without a word", policy(undefined), []],
        ["a Patch of one, without a word", policy(undefined, "AuthorizationPolicyPatch"), [undenied]],
        ["a Patch that empties it", policy({}, "AuthorizationPolicyPatch"), []],
        ["a policy of unknown rules", policy({ rules: unknownText }), [undenied, unknown("spec.rules")]],
    ])("asks for nothing allowed in a namespace, and finds %s", (_, found, problems) => {
        const resources = [joined("shop"), compliantDeployment("shop"), found];
        expect([...problemsOf(ruleOf("NET-07"), resources)].sort()).toEqual([...problems].sort());
    });

    test("does not decide on a caller that is unknown", () => {
        const open = policy({
            rules: [{ from: [{ source: unknownText }, { source: { namespaces: [unknownText] } }] }],
        });
        const places = ["spec.rules[0].from[0].source", "spec.rules[0].from[1].source.namespaces[0]"];
        expect(problemsOf(ruleOf("NET-07"), [open])).toEqual(places.map(unknown));
    });

    test("does not decide on namespaces that are unknown", () => {
        const found = problemsOf(ruleOf("NET-07"), [istiod, joined(unknownText), compliantDeployment(unknownText)]);
        expect(found.sort()).toEqual([unknown("metadata.name"), unknown("metadata.namespace")]);
    });

    test("asks nothing where there is no mesh", () => {
        expect(problemsOf(ruleOf("NET-07"), [compliantDeployment(unknownText)])).toEqual([]);
    });
});

describe("NET-04", () => {
    const said = (...resources: readonly Resource[]) => problemsOf(ruleOf("NET-04"), [istiod, ...resources]);
    const pods = compliantDeployment("shop");
    const labelled = (labels: unknown) =>
        kubernetesResource("core/v1", "Namespace", { metadata: { name: "shop", labels } });

    test("tells of a namespace once, however many workloads it has", () => {
        expect(said(shop, pods, { ...pods, urn: "urn:other" })).toEqual([
            "metadata.labels do not bring the pods of the namespace into the mesh",
        ]);
    });

    test("does not decide on labels or namespaces that are unknown", () => {
        expect(said(labelled(unknownText), pods)).toEqual([unknown("metadata.labels")]);
        expect(said(compliantDeployment(unknownText))).toEqual([unknown("metadata.namespace")]);
    });

    test("knows that the namespaces of files may be kept elsewhere", () => {
        expect(said(pods)).toEqual(["metadata.namespace names a namespace that nothing brings into the mesh"]);
        expect(said({ ...pods, origin: "manifest" })).toEqual([]);
    });
});

test("the name of a host that the same update makes is judged by that update, and its TLS already", () => {
    const rule = (tls: object) =>
        object(
            "networking.istio.io/v1",
            "DestinationRule",
            { name: "a" },
            { host: unknownText, trafficPolicy: { tls } },
        );
    expect(problems(ruleOf("NET-05"), [rule({ mode: "SIMPLE" })])).toEqual([]);
    expect(problems(ruleOf("NET-05"), [rule({ mode: "DISABLE" })])).toHaveLength(1);
    const entry = object("networking.istio.io/v1", "ServiceEntry", { name: "a" }, { hosts: [unknownText] });
    expect(problems(ruleOf("NET-08"), [entry])).toEqual([]);
});
