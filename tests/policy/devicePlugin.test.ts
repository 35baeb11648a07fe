import type { Resource } from "../../policy/rule";
import { asking, gpu, pluginConfig } from "../../policy/rules/stack/gpus.samples";
import { kubernetesResource } from "../../policy/samples";
import { ruleOf, saidOf, unknownText } from "./support";

const rule = ruleOf("REL-09");
const [slice, shared] = ["nvidia.com/mig-1g.10gb", `${gpu}.shared`];

/** What is said of pods that ask for one of a name. */
const said = (name: string, ...files: readonly Resource[]) =>
    saidOf(rule, [asking({ limits: { [name]: "1" } }), ...files]);
const unoffered = (name: string) => [
    `spec.template.spec.containers[0].resources.limits.${name} is no name that the device plugin offers`,
];

const mig = (migStrategy: string) => pluginConfig({ flags: { migStrategy } });
const slicing = (renameByDefault: boolean, ...names: readonly string[]) =>
    pluginConfig({ sharing: { timeSlicing: { renameByDefault, resources: names.map((name) => ({ name })) } } });
const file = (text: unknown) => kubernetesResource("core/v1", "ConfigMap", { data: { "config.yaml": text } }, "file");

test.each([
    ["slices by their own names", slice, mig("mixed")],
    ["slices by a strategy that is not known", slice, mig(unknownText)],
    ["a whole one beside a shared slice", gpu, slicing(true, slice)],
    ["a whole one that is shared by its own name", gpu, slicing(false, gpu)],
    ["a shared one by its own name", shared, slicing(true, slice, gpu)],
    ["one of another maker", "amd.com/gpu", slicing(false, gpu)],
])("offered: %s", (_, name, config) => {
    expect(said(name, config)).toEqual([]);
});

test.each([
    ["slices by one name for all", slice, mig("single")],
    ["a whole one that is shared by another name", gpu, slicing(true, slice, gpu)],
    ["a shared one by the name of the whole", shared, slicing(false, gpu)],
])("not offered: %s", (_, name, config) => {
    expect(said(name, config)).toEqual(unoffered(name));
});

test("what one of several plugins offers is offered", () => {
    const plain = { ...mig("none"), urn: "urn:plain" };
    expect(said(slice, plain, mig("mixed"))).toEqual([]);
    expect(said(slice, mig("mixed"), plain)).toEqual([]);
});

test.each([
    ["of another program", "version: v1\nname: app"],
    ["of another version", "version: v2\nflags: {migStrategy: none}"],
    ["that is no YAML", "timeSlicing: ["],
    ["that is not known", unknownText],
    ["that is no text", 1],
])("a file %s says nothing of GPUs", (_, text) => {
    expect(said(shared, file(text))).toEqual([]);
    expect(said(shared, file(text), mig("none"))).toEqual(unoffered(shared));
});
