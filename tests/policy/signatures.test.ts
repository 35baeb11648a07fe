import { parseImage } from "../../policy/rules/kubernetes/imageReference";
import { underImagePolicy } from "../../policy/rules/kubernetes/signatures.samples";
import { resourcesOf } from "../../policy/samples";
import { findingsOf, inEngine, ruleOf, unknownText, withValue } from "./support";

const [pinned, signed] = [ruleOf("IMG-01"), ruleOf("IMG-04")];

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
        expect(findingsOf(signed, [pods, namespace, other])).toHaveLength(1);
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

test("a file with an exact tag is not decided: its policy may be kept elsewhere", () => {
    const [pods] = resourcesOf(underImagePolicy());
    if (!pods) throw new Error("the sample has lost its pods");
    const file = { ...pods, origin: "manifest" } as const;
    expect(findingsOf(pinned, [file])).toEqual([expect.objectContaining({ decided: false, level: "advisory" })]);
    const inputs = withValue(pods.inputs, ["spec", "template", "spec", "containers"], [{ name: "a", image: "app" }]);
    expect(findingsOf(pinned, [{ ...file, inputs }])).toEqual([]);
});
