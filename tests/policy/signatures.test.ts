import { readConfiguration } from "../../policy/configuration";
import type { Resource } from "../../policy/rule";
import { parseImage } from "../../policy/rules/kubernetes/imageReference";
import { byTag, underClusterPolicy, underImagePolicy } from "../../policy/rules/kubernetes/signatures.samples";
import { resourcesOf } from "../../policy/samples";
import { findingsOf, inEngine, ruleOf, sampleFindings, unknownText, withValue } from "./support";

const [pinned, signed] = [ruleOf("IMG-01"), ruleOf("IMG-04")];
const unverified = expect.stringContaining("is verified by no signature policy that enforces; ");
const refused = [expect.objectContaining({ message: unverified, decided: true })];

describe("an image reference", () => {
    test.each([
        ["redis", "docker.io/library/redis"],
        ["ollama/ollama:1", "docker.io/ollama/ollama"],
        ["docker.io/redis:7", "docker.io/library/redis"],
        ["index.docker.io/library/redis", "docker.io/library/redis"],
        ["localhost/app", "localhost/app"],
        ["registry:5000/app:1", "registry:5000/app"],
        ["GHCR.io/team/app", "ghcr.io/team/app"],
        ["your-registry/app", "docker.io/your-registry/app"],
    ])("%s is of %s", (reference, repository) => expect(parseImage(reference).repository).toBe(repository));

    test("has a tag, a digest, both or none", () => {
        const digest = `sha256:${"0".repeat(64)}`;
        expect(parseImage(`registry:5000/app:1.0@${digest}`)).toMatchObject({ tag: "1.0", digest });
        expect(parseImage("registry:5000/app")).toMatchObject({ tag: undefined, digest: undefined });
        expect(parseImage("app@sha256:abc").digest).toBeUndefined();
    });
});

describe("a signature policy", () => {
    const [pods, namespace, policy] = resourcesOf(underImagePolicy());
    if (!pods || !namespace || !policy) throw new Error("the sample has lost a resource");
    const changed = (path: readonly string[], value: unknown) => ({
        ...policy,
        inputs: withValue(policy.inputs, path, value),
    });

    test("that is not known as a whole leaves it open", () => {
        const found = inEngine(signed, [pods, namespace, changed(["spec", "validationActions"], unknownText)]);
        expect(found).toEqual([expect.objectContaining({ decided: false, advisory: true })]);
    });

    test("of one namespace covers that one", () => {
        const type = "kubernetes:policies.kyverno.io/v1:NamespacedImageValidatingPolicy";
        const own = { ...changed(["metadata", "namespace"], "shop"), type };
        const other = { ...changed(["metadata", "namespace"], "other"), type };
        expect(findingsOf(signed, [pods, namespace, own])).toEqual([]);
        expect(findingsOf(signed, [pods, namespace, other])).toEqual(refused);
    });

    test("of a namespace that is not known yet leaves it open", () => {
        const type = "kubernetes:policies.kyverno.io/v1:NamespacedImageValidatingPolicy";
        const somewhere = { ...changed(["metadata", "namespace"], unknownText), type };
        expect(findingsOf(signed, [pods, namespace, somewhere])).toEqual([
            expect.objectContaining({
                decided: false,
                message: expect.stringContaining("unless a signature policy is not fully known"),
            }),
        ]);
    });

    test("that asks for a label does not hold where nobody states the namespace's labels", () => {
        expect(findingsOf(signed, [pods, policy])).toEqual(refused);
    });

    test("selects a namespace by the name that the API server labels it with", () => {
        const selector = { matchLabels: { "kubernetes.io/metadata.name": "shop" } };
        const byName = changed(["spec", "matchConstraints", "namespaceSelector"], selector);
        expect(findingsOf(signed, [pods, byName])).toEqual([]);
    });

    test("is asked of init containers too", () => {
        const path = ["spec", "template", "spec", "initContainers"];
        const inputs = withValue(pods.inputs, path, [{ name: "init", image: "ghcr.io/team/init:1.0.0" }]);
        for (const rule of [pinned, signed]) {
            expect(findingsOf(rule, [{ ...pods, inputs }, namespace, policy])).toEqual([
                expect.objectContaining({ path: "spec.template.spec.initContainers[0].image" }),
            ]);
        }
    });
});

const podRule = { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] };
const meets = (change: object) => ({ matchConstraints: { resourceRules: [{ ...podRule, ...change }] } });
const globs = (...all: readonly string[]) => ({ matchImageReferences: all.map((glob) => ({ glob })) });

describe("an ImageValidatingPolicy", () => {
    test.each([
        ["meets every group", meets({ apiGroups: ["*"] })],
        ["meets every resource", meets({ resources: ["*"] })],
        ["meets every resource and its parts", meets({ resources: ["*/*"] })],
        ["meets every operation", meets({ operations: ["*"] })],
        ["meets what has a namespace", meets({ scope: "Namespaced" })],
        ["meets every scope", meets({ scope: "*" })],
        ["names the image with every tag", globs("registry.k8s.io/app:*")],
        ["names several images", globs("ghcr.io/*", "registry.k8s.io/*")],
    ])("that %s requires signatures", (_, change) => {
        expect(sampleFindings(signed, underImagePolicy(change))).toEqual([]);
    });

    test.each([
        ["meets another group", meets({ apiGroups: ["apps"] })],
        ["meets another resource", meets({ resources: ["services"] })],
        ["meets changes only", meets({ operations: ["UPDATE"] })],
        ["meets objects of some names", meets({ resourceNames: ["app"] })],
        ["meets what has no namespace", meets({ scope: "Cluster" })],
        ["has a check without an expression", { validations: [{ message: "not signed" }] }],
        ["names an image by an expression", { matchImageReferences: [{ expression: "true" }] }],
    ])("that %s requires none", (_, change) => {
        expect(sampleFindings(signed, underImagePolicy(change))).toEqual(refused);
    });

    test("names a registry at whatever port", () => {
        const image = "registry.example:5000/app:1.0.0";
        expect(sampleFindings(signed, underImagePolicy(globs("registry.example:*/app"), image))).toEqual([]);
    });
});

describe("a ClusterPolicy", () => {
    const unstated = { failureAction: null };
    const matching = (match: object) => ({ rule: { match: { any: null, ...match } } });
    const resources = (change: object) => matching({ any: [{ resources: { kinds: ["Pod"], ...change } }] });
    const [here, elsewhere] = ["shop", "other"].map((name) => ({ resources: { kinds: ["Pod"], namespaces: [name] } }));
    const others = [{ key: "{{ request.operation }}", operator: "Equals", value: "CREATE" }];

    test.each([
        ["may be skipped by nobody", { policy: { failurePolicy: "Fail" } }],
        ["says so for its hook", { policy: { webhookConfiguration: { failurePolicy: "Fail" } } }],
        ["enforces as a whole", { policy: { validationFailureAction: "Enforce" }, verify: unstated }],
        ["enforces in the old spelling", { verify: { failureAction: "enforce" } }],
        ["enforces here, whatever it does elsewhere", { policy: { validationFailureAction: "Audit" } }],
        ["matches one of several", matching({ any: [elsewhere, here] })],
        ["matches all of several", matching({ all: [here, here] })],
        ["matches in the short form", matching({ ...here })],
        ["matches in every namespace", resources({})],
        ["matches new pods", resources({ operations: ["CREATE"] })],
        ["matches by the namespace's label", resources({ namespaceSelector: { matchLabels: { signed: "yes" } } })],
        ["matches pods of the version", resources({ kinds: ["v1/Pod"] })],
        ["matches pods of every version", resources({ kinds: ["*/Pod"] })],
        ["matches everything", resources({ kinds: ["*"] })],
    ])("that %s requires signatures", (_, change) => {
        expect(sampleFindings(signed, underClusterPolicy(change))).toEqual([]);
    });

    test.each([
        ["may be skipped", { policy: { failurePolicy: "Ignore" } }],
        ["has some conditions", { policy: { webhookConfiguration: { matchConditions: others } } }],
        ["only audits some namespaces", { policy: { validationFailureActionOverrides: [{ action: "Audit" }] } }],
        ["only audits as a whole", { policy: { validationFailureAction: "Audit" }, verify: unstated }],
        ["says nowhere that it enforces", { verify: unstated }],
        ["has preconditions", { rule: { preconditions: { all: others } } }],
        ["has preconditions in CEL", { rule: { celPreconditions: others } }],
        ["matches nothing", { rule: { match: null } }],
        ["matches all of several, and one is elsewhere", matching({ all: [here, elsewhere] })],
        ["matches changes only", resources({ operations: ["UPDATE"] })],
        ["matches another label", resources({ namespaceSelector: { matchLabels: { signed: "no" } } })],
        ["matches pods of some names", resources({ names: ["web-*"] })],
        ["matches somebody's pods", matching({ any: [{ ...here, subjects: [{ kind: "User", name: "ci" }] }] })],
        ["matches another kind", resources({ kinds: ["PodDisruptionBudget"] })],
        ["matches a part of pods", resources({ kinds: ["Pod/exec"] })],
        ["matches pods of another group", resources({ kinds: ["metrics.k8s.io/v1beta1/Pod"] })],
    ])("that %s requires none", (_, change) => {
        expect(sampleFindings(signed, underClusterPolicy(change))).toEqual(refused);
    });

    test("may lie in a namespace, and holds there", () => {
        const [pods, namespace, policy] = resourcesOf(underClusterPolicy());
        if (!pods || !namespace || !policy) throw new Error("the sample has lost a resource");
        const within = (name: string): Resource => ({
            ...policy,
            type: "kubernetes:kyverno.io/v1:Policy",
            inputs: withValue(policy.inputs, ["metadata", "namespace"], name),
        });
        expect(findingsOf(signed, [pods, namespace, within("shop")])).toEqual([]);
        expect(findingsOf(signed, [pods, namespace, within("other")])).toEqual(refused);
    });
});

describe("images", () => {
    const [pods] = resourcesOf(byTag);
    if (!pods) throw new Error("the sample has lost its pods");
    const inNamespace = (name: unknown) => ({
        ...pods,
        inputs: withValue(pods.inputs, ["metadata", "namespace"], name),
    });
    const withImage = (image: string) => ({
        ...pods,
        inputs: withValue(pods.inputs, ["spec", "template", "spec", "containers", 0, "image"], image),
    });

    test("of what must start before the check of signatures need none", () => {
        const places = ["kyverno", "kube-system", "shop"];
        expect(places.map((name) => findingsOf(signed, [inNamespace(name)]).length)).toEqual([0, 0, 1]);
    });

    test("of the namespaces that the configuration lists need none, and only of those", () => {
        const unsigned = ["legacy", "shop"].map((name) => ({ namespace: name, reason: "moves away in spring" }));
        const configuration = readConfiguration({ "IMG-04": { enforcementLevel: "mandatory", unsigned } });
        const places = ["legacy", "shop", "kube-system"];
        const found = places.map((name) => findingsOf(signed, [inNamespace(name)], configuration).length);
        expect(found).toEqual([0, 0, 1]);
    });

    test("whose tag says nothing are IMG-02's business, and so are empty ones", () => {
        for (const image of ["app", "app:latest"]) expect(findingsOf(pinned, [withImage(image)])).toEqual([]);
        for (const image of ["", " "]) expect(findingsOf(signed, [withImage(image)])).toEqual([]);
    });

    test("in a namespace that is not known yet are not decided", () => {
        expect(inEngine(signed, [inNamespace(unknownText)])).toEqual([
            expect.objectContaining({ decided: false, path: "metadata.namespace" }),
        ]);
    });

    test("of a file that names no namespace are judged too", () => {
        expect(findingsOf(signed, [{ ...inNamespace(undefined), origin: "manifest" }])).toEqual([
            expect.objectContaining({
                decided: false,
                message: expect.stringContaining("unless the policy may be kept elsewhere"),
            }),
        ]);
    });
});

test("a file with an exact tag is not decided: its policy may be kept elsewhere", () => {
    const [pods] = resourcesOf(underImagePolicy());
    if (!pods) throw new Error("the sample has lost its pods");
    const file = { ...pods, origin: "manifest" } as const;
    expect(findingsOf(pinned, [file])).toEqual([expect.objectContaining({ decided: false, level: "advisory" })]);
    const inputs = withValue(pods.inputs, ["spec", "template", "spec", "containers"], [{ name: "a", image: "app" }]);
    expect(findingsOf(pinned, [{ ...file, inputs }])).toEqual([]);
});
