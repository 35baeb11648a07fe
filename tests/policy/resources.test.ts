import { faultInRule } from "../../policy/evaluate";
import { rules } from "../../policy/registry";
import { everyPodTemplate } from "../../policy/resources/podTemplates";
import type { Resource, Rule, Sample } from "../../policy/rule";
import { resourcesOf } from "../../policy/samples";
import { cases } from "./areas";
import type { Property, RuleCase } from "./areas/area";
import { inEngine, sampleFindings, unknownText, withValue } from "./support";

/** Rules about other things than pods, which tests/policy/rules.test.ts has. */
const others = rules.filter((rule) => rule.scope !== "stacks" && !isAboutPodsOnly(rule) && rule.id !== "NS-03");

test("every rule about other things than pods has its properties listed, and no other", () => {
    expect(Object.keys(cases).sort()).toEqual(others.map(({ id }) => id).sort());
});

for (const rule of others.filter(({ id }) => cases[id])) describe(rule.id, () => judgesProperties(rule));

function judgesProperties(rule: Rule): void {
    const { properties, patch, base = 0 } = caseOf(rule.id);
    const passing = sampleAt(rule, base);

    test.each(properties)("$path absent: $absent", (property) => {
        const findings = sampleFindings(rule, changed(passing, property, undefined));
        expect(findings.filter(({ decided }) => !decided)).toEqual([]);
        expect(findings.length > 0).toBe(property.absent === "fails");
    });

    test.each(properties)("$path unknown", (property) => {
        const sample = changed(passing, property, unknownText);
        const findings = sampleFindings(rule, sample);
        const engine = inEngine(rule, resourcesOf(sample), environmentIn(sample));
        expect(engine.map(({ path, decided }) => ({ path, decided }))).toEqual(
            expect.arrayContaining(findings.map(({ path, decided }) => ({ path, decided }))),
        );
        const undecided = findings.filter(({ decided }) => !decided);
        if (property.unknown === undefined) expect(undecided.length).toBeGreaterThan(0);
        else expect(findings).toEqual([]);
        for (const { level } of undecided) expect(level).toBe("advisory");
    });

    test.each(properties.filter(({ wrong }) => wrong !== undefined))("$path of a wrong type", (property) => {
        const findings = sampleFindings(rule, changed(passing, property, property.wrong));
        const messages = findings.filter(({ decided }) => decided).map(({ message }) => message);
        if (property.wrongType?.startsWith("passes")) expect(messages).toEqual([]);
        else if (property.wrongType) expect(messages.length).toBeGreaterThan(0);
        else expect(messages).toContainEqual(expect.stringMatching(/ is a [\w ]+ where a [\w ]+ belongs; /));
    });

    test("judges other API versions, and Patch twins, alike", () => {
        for (const { sample, problem } of rule.samples.failing) {
            for (const twin of twinsOf(sample)) {
                const messages = sampleFindings(rule, twin).map(({ message }) => message);
                if (patch === undefined) expect(messages).toContainEqual(expect.stringContaining(problem));
            }
        }
    });

    test("never fails itself", () => {
        for (const sample of [...rule.samples.passing, ...rule.samples.failing.map((each) => each.sample)]) {
            const messages = sampleFindings(rule, sample).map(({ message }) => message);
            expect(messages).not.toContainEqual(expect.stringContaining(faultInRule));
        }
    });
}

function isAboutPodsOnly(rule: Rule): boolean {
    return rule.scope === "resource" && rule.kinds.includes(everyPodTemplate);
}

function caseOf(id: string): RuleCase {
    const found = cases[id];
    if (!found || found.properties.length === 0) throw new Error(`${id} has no row in tests/policy/areas`);
    return found;
}

type ResourceSample = Extract<Sample, { kind: "resources" }>;

function sampleAt(rule: Rule, index: number): ResourceSample {
    const sample = rule.samples.passing[index];
    if (sample?.kind !== "resources") throw new Error(`passing sample ${index} of ${rule.id} has no resources`);
    return sample;
}

function environmentIn(sample: Sample) {
    return sample.kind === "resources" ? sample.environment : undefined;
}

/** The passing sample with one property changed. */
function changed(sample: ResourceSample, { resource = 0, path }: Property, value: unknown): ResourceSample {
    const resources = sample.resources.map((each, index) =>
        index === resource ? { ...each, inputs: withValue(each.inputs, path, value) } : each,
    );
    return { ...sample, resources };
}

/** The sample with every resource as its Patch, its next API version, or its next incarnation in the provider. */
function twinsOf(sample: Sample): readonly Sample[] {
    if (sample.kind !== "resources") return [];
    return [{ ...sample, resources: sample.resources.map(twinOf) }];
}

function twinOf(resource: Resource): Resource {
    const { type } = resource;
    const twin = type.startsWith("kubernetes:") && !/(Patch|List)$/.test(type) ? `${type}Patch` : otherVersion(type);
    return { ...resource, type: twin };
}

/** `azure-native:storage:StorageAccount` with an API version; `aws:s3/bucket:Bucket` as its successor. */
function otherVersion(type: string): string {
    if (/^azure-native:[^/]+:/.test(type)) return type.replace(/^(azure-native:[^:]+)/, "$1/v20200101");
    return /^aws:\w+\/\w+:\w+$/.test(type) && !/V\d+$/.test(type)
        ? type.replace(/^(aws:\w+\/\w+):(\w+)$/, "$1V2:$2V2")
        : type;
}
