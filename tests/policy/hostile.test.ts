import fc from "fast-check";
import { judge } from "../../policy/judge";
import { rules } from "../../policy/registry";
import type { Resource } from "../../policy/rule";
import { resourcesOf } from "../../policy/samples";
import {
    asItStands,
    compliantPod,
    deploymentOf,
    holders,
    inEngine,
    isMapping,
    ruleOf,
    unknownText,
    withValue,
} from "./support";

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
            judge([each], asItStands);
            for (const rule of rules) inEngine(rule, [each]);
        }),
        { numRuns: 500 },
    );
});

/** Every path into a value, itself included. */
function pathsOf(value: unknown): readonly (readonly (string | number)[])[] {
    const children = Array.isArray(value)
        ? value.flatMap((item, index) => pathsOf(item).map((path) => [index, ...path]))
        : isMapping(value)
          ? Object.entries(value).flatMap(([key, item]) => pathsOf(item).map((path) => [key, ...path]))
          : [];
    return [[], ...children];
}

test("no rule throws whatever one property of a real object becomes", () => {
    const pod = {
        ...compliantPod,
        initContainers: compliantPod.containers,
        ephemeralContainers: compliantPod.containers,
        volumes: [{ name: "v", emptyDir: {} }],
        os: { name: "linux" },
    };
    const bases = [
        ...["Deployment", "RayCluster", "DeploymentList"].flatMap((holder) => holders[holder]?.of(pod) ?? []),
        ...ruleOf("NS-03").samples.failing.flatMap(({ sample }) => resourcesOf(sample)),
    ];
    const hostile = [
        unknownText,
        null,
        0,
        -1,
        "",
        "text",
        true,
        [],
        [null],
        {},
        { a: null },
        [[]],
        Number.MAX_SAFE_INTEGER,
    ];
    for (const base of bases) {
        for (const path of pathsOf(base.inputs)) {
            for (const value of hostile) {
                const changed = { ...base, inputs: withValue(base.inputs, path, value) };
                judge([changed]);
                if (value === unknownText) for (const rule of rules) inEngine(rule, [changed]);
            }
        }
    }
});

describe("secrets", () => {
    const canary = "canary-4f9d1c7e";

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
