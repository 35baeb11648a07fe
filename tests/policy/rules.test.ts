import { isMapping } from "../../policy/reading/value";
import { rules } from "../../policy/registry";
import { everyPodTemplate } from "../../policy/resources/podTemplates";
import { podOf } from "../../policy/samples";
import { type PodCase, type Property, podCases } from "./cases";
import {
    compliantPod,
    deploymentOf,
    findingsOf,
    holders,
    inEngine,
    isAboutPods,
    type PodSample,
    ruleOf,
    sampleFindings,
    sampleInEngine,
    unknownText,
    withValue,
} from "./support";

const podRules = rules.filter((rule) => rule.scope === "resource" && rule.kinds.includes(everyPodTemplate));

describe.each(rules)("$id", (rule) => {
    test.each(rule.samples.passing)("passes %j", (sample) => {
        expect(sampleFindings(rule, sample)).toEqual([]);
    });

    test.each(rule.samples.failing)("fails: $problem", ({ sample, problem }) => {
        const messages = sampleFindings(rule, sample).map(({ message }) => message);
        expect(messages).toContainEqual(expect.stringContaining(`${problem}; `));
    });

    const inStack = rule.samples.failing.filter(({ sample }) => sample.kind !== "stacks");
    const says = inStack.length > 0 ? test.each(inStack) : undefined; // the engine sees one stack
    says?.("says in the engine what it says here: $problem", ({ sample }) => {
        const here = sampleFindings(rule, sample).map(({ path, message }) => ({ path, message }));
        const engine = sampleInEngine(rule, sample).map(({ path, message }) => ({ path, message }));
        expect(engine).toEqual(expect.arrayContaining(here));
        expect(engine).toHaveLength(here.length);
    });
});

describe.each(podRules)("$id on pods", (rule) => {
    const { properties, ephemeral = "judged" } = caseOf(rule.id);

    test("has nothing to say of a compliant pod, wherever it stands", () => {
        for (const holder of Object.values(holders)) expect(findingsOf(rule, [holder.of(compliantPod)])).toEqual([]);
    });

    test.each(Object.entries(holders))("fires in a %s", (_, holder) => {
        for (const { sample, problem } of rule.samples.failing) {
            // The template of a Patch or a custom resource is completed later, which may bring the image.
            if (!isAboutPods(sample) || (rule.id === "IMG-02" && problem === "is not set")) continue;
            const findings = findingsOf(rule, [holder.of(podOf(sample))]);
            expect(findings).toContainEqual(expect.objectContaining({ path: expect.stringContaining(holder.at) }));
        }
    });

    test.each(["initContainers", "ephemeralContainers"])("judges %s alike", (list) => {
        for (const { sample } of rule.samples.failing) {
            if (sample.kind !== "container") continue;
            const found = findingsOf(rule, [deploymentOf(moved(sample, list))]).map(({ path }) => path);
            const judged = list === "initContainers" || ephemeral === "judged";
            const expected = judged ? [expect.stringContaining(`spec.template.spec.${list}[0]`)] : [];
            expect(found).toEqual(expect.arrayContaining(expected));
            expect(found.length > 0).toBe(judged);
        }
    });

    test.each(properties)("$of $path absent: $absent", ({ of, path, absent }) => {
        const findings = findingsOf(rule, [deploymentOf(changed({ of, path }, undefined))]);
        expect(findings.filter(({ decided }) => !decided)).toEqual([]);
        expect(findings.length > 0).toBe(absent === "fails");
    });

    test.each(properties)("$of $path unknown: not decided", ({ of, path }) => {
        const deployment = deploymentOf(changed({ of, path }, unknownText));
        const expected = { decided: false, path: pathOf({ of, path }) };
        expect(inEngine(rule, [deployment])).toEqual([expect.objectContaining({ ...expected, advisory: true })]);
        expect(findingsOf(rule, [deployment])).toEqual([
            expect.objectContaining({
                ...expected,
                level: "advisory",
                message: `not decided: ${expected.path} is not known before the update`,
            }),
        ]);
    });

    test.each(properties)("$of $path of a wrong type: a finding", ({ of, path, wrong }) => {
        const findings = findingsOf(rule, [deploymentOf(changed({ of, path }, wrong))]);
        expect(findings).toContainEqual(
            expect.objectContaining({
                path: pathOf({ of, path }),
                decided: true,
                message: expect.stringMatching(/ is a \w+ where a \w+ belongs; /),
            }),
        );
    });

    test("an unknown hides nothing of another container", () => {
        const [first] = listed(compliantPod.containers);
        for (const { sample } of rule.samples.failing) {
            if (sample.kind !== "container") continue;
            const [bad] = listed(podOf(sample).containers);
            const pod = {
                ...compliantPod,
                containers: [{ ...first, securityContext: unknownText, image: unknownText }, bad],
            };
            const findings = inEngine(rule, [deploymentOf(pod)]);
            expect(findings).toContainEqual(
                expect.objectContaining({ path: expect.stringContaining("containers[1]"), decided: true }),
            );
        }
    });

    test("a pod that is unknown as a whole is not decided", () => {
        expect(inEngine(rule, [deploymentOf(unknownText)])).toEqual([
            expect.objectContaining({ path: "spec.template.spec", decided: false }),
        ]);
    });
});

test("every pod rule has its properties listed", () => {
    expect(Object.keys(podCases)).toEqual(podRules.map(({ id }) => id));
});

test("in a file, the engine's stand-ins for unknown values are text like any other", () => {
    const pod = withValue(compliantPod, ["containers", 0, "image"], unknownText);
    const file = { ...deploymentOf(pod), origin: "manifest" } as const;
    expect(findingsOf(ruleOf("IMG-02"), [file])).toEqual([
        expect.objectContaining({ decided: true, level: "mandatory" }),
    ]);
});

function caseOf(id: string): PodCase {
    const found = podCases[id];
    if (!found || found.properties.length === 0) throw new Error(`${id} has no row in tests/policy/cases.ts`);
    return found;
}

type Place = Pick<Property, "of" | "path">;

/** The compliant pod with one property changed. */
function changed({ of, path }: Place, value: unknown): unknown {
    return withValue(compliantPod, of === "pod" ? path : ["containers", 0, ...path], value);
}

function pathOf({ of, path }: Place): string {
    return ["spec.template.spec", ...(of === "pod" ? [] : ["containers[0]"]), ...path].join(".");
}

/** The sample's container as an init or ephemeral one beside a compliant container. */
function moved(sample: PodSample, list: string): unknown {
    return { ...compliantPod, [list]: podOf(sample).containers };
}

function listed(value: unknown): readonly Readonly<Record<string, unknown>>[] {
    return Array.isArray(value) ? value.filter(isMapping) : [];
}
