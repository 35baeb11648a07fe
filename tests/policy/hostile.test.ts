import fc from "fast-check";
import { faultInRule } from "../../policy/evaluate";
import { judge } from "../../policy/judge";
import { isMapping } from "../../policy/reading/value";
import { rules } from "../../policy/registry";
import type { Resource } from "../../policy/rule";
import { resourcesOf } from "../../policy/samples";
import { asItStands, compliantPod, deploymentOf, holders, inEngine, unknownText, withValue } from "./support";

const canary = "canary-4f9d1c7e";

const kinds = [
    "Pod",
    "Deployment",
    "CronJobPatch",
    "PodList",
    "List",
    "Namespace",
    "NetworkPolicy",
    "Rollout",
] as const;
const modules = ["core/v1", "apps/v1", "batch/v1", "networking.k8s.io/v1", "argoproj.io/v1alpha1"] as const;

const resource = (inputs: unknown): Resource => ({ urn: "urn:a", type: "kubernetes:core/v1:Pod", name: "a", inputs });

test("no rule throws on any JSON, in any kind", () => {
    const any = fc.record({
        inputs: fc.jsonValue(),
        kind: fc.constantFrom(...kinds),
        module: fc.constantFrom(...modules),
    });
    fc.assert(
        fc.property(any, ({ inputs, kind, module }) => {
            const each = { ...resource(inputs), type: `kubernetes:${module}:${kind}` };
            expect(faultsIn(judge([each], asItStands).findings)).toEqual([]);
            for (const rule of rules) expect(faultsIn(inEngine(rule, [each]))).toEqual([]);
        }),
        { numRuns: 500 },
    );
});

type Path = readonly (string | number)[];

/** Every path into a value, itself included. */
function pathsOf(value: unknown): readonly Path[] {
    const children = Array.isArray(value)
        ? value.flatMap((item, index) => pathsOf(item).map((path) => [index, ...path]))
        : isMapping(value)
          ? Object.entries(value).flatMap(([key, item]) => pathsOf(item).map((path) => [key, ...path]))
          : [];
    return [[], ...children];
}

const hostile = [
    unknownText,
    null,
    0,
    -1,
    "",
    "text",
    "{",
    true,
    [],
    [null],
    {},
    { a: null },
    [[]],
    Number.MAX_SAFE_INTEGER,
];

test("no rule throws whatever one property of a real object becomes", () => {
    const pod = {
        ...compliantPod,
        initContainers: compliantPod.containers,
        ephemeralContainers: compliantPod.containers,
        volumes: [{ name: "v", emptyDir: {} }],
        os: { name: "linux" },
    };
    const bases = ["Deployment", "RayCluster", "DeploymentList"].flatMap((holder) => holders[holder]?.of(pod) ?? []);
    const faults: string[] = [];
    for (const base of bases) {
        for (const path of pathsOf(base.inputs)) {
            for (const value of hostile) {
                const changed = { ...base, inputs: withValue(base.inputs, path, value) };
                faults.push(...faultsIn(judge([changed]).findings));
                if (value !== unknownText) continue;
                for (const rule of rules) faults.push(...faultsIn(inEngine(rule, [changed])));
            }
        }
    }
    expect(faults).toEqual([]);
});

describe.each(rules)("$id", (rule) => {
    const samples = [...rule.samples.passing, ...rule.samples.failing.map(({ sample }) => sample)];
    const stacks = samples.filter(({ kind }) => kind !== "stacks").map(resourcesOf);

    /** What the rule says of each sample with one property after the other replaced. */
    function* saidWith(values: readonly unknown[], isChanged: (path: Path) => boolean = () => true) {
        for (const resources of stacks) {
            for (const [index, base] of resources.entries()) {
                for (const path of pathsOf(base.inputs).filter(isChanged)) {
                    for (const value of values) {
                        const changed = { ...base, inputs: withValue(base.inputs, path, value) };
                        yield inEngine(rule, resources.with(index, changed));
                    }
                }
            }
        }
    }

    test("does not throw whatever one property of its samples becomes", () => {
        const faults = [...saidWith(hostile)].flatMap(faultsIn);
        expect(faults).toEqual([]);
    });

    test("shows no value, wherever a secret was put by mistake", () => {
        const messages = [...saidWith([canary], isContent)].flat().map(({ message }) => message);
        expect(messages.filter((message) => message.includes(canary))).toEqual([]);
    });
});

/** The object's own name and namespace are what a report identifies it by. */
function isContent(path: Path): boolean {
    return path.at(-2) !== "metadata";
}

/** What is said where a rule itself failed. */
function faultsIn(said: readonly { readonly message: string }[]): readonly string[] {
    return said.map(({ message }) => message).filter((message) => message.includes(faultInRule));
}

describe("secrets", () => {
    test("no finding shows a value, wherever a secret was put by mistake", () => {
        const pod = {
            ...compliantPod,
            containers: [
                {
                    name: "app",
                    image: "app:1",
                    env: [{ name: "PASSWORD", value: canary }],
                    args: [`--token=${canary}`],
                },
            ],
        };
        const bases = ["Deployment", "Rollout", "List"].flatMap((holder) => holders[holder]?.of(pod) ?? []);
        for (const base of bases) {
            for (const path of pathsOf(base.inputs)) {
                const changed = { ...base, inputs: withValue(base.inputs, path, canary) };
                // The object's own name and namespace are what a report identifies it by.
                if (path.at(-2) === "metadata") continue;
                expect(JSON.stringify(judge([changed], asItStands))).not.toContain(canary);
            }
        }
    });

    test("a property name is no way out either", () => {
        const volume = { name: "v", [canary]: {} };
        const pod = { ...compliantPod, volumes: [volume], securityContext: { seccompProfile: { type: canary } } };
        expect(judge([deploymentOf(pod)], asItStands).findings.length).toBeGreaterThan(1);
        expect(JSON.stringify(judge([deploymentOf(pod)], asItStands))).not.toContain(canary);
    });

    test("a value that the engine marks as secret is judged like any other", () => {
        const secret = (value: unknown) => ({
            "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
            value,
        });
        const pod = { ...compliantPod, hostNetwork: secret(true) };
        const found = judge([deploymentOf(secret(pod))]).findings.map(({ rule, path }) => ({ rule, path }));
        expect(found).toContainEqual({ rule: "POD-08", path: "spec.template.spec.hostNetwork" });
    });
});
