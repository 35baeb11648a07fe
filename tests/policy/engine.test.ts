import { readConfiguration } from "../../policy/configuration";
import { judge } from "../../policy/judge";
import { rules } from "../../policy/registry";
import type { Resource } from "../../policy/rule";
import { resourcesOf } from "../../policy/samples";
import { readPackFiles } from "../../policy/terms/files";
import { bareTerms } from "../../policy/terms/terms";
import { type Diagnostic, inOrder, StartedPack } from "./startedPack";
import { compliantPod, deploymentOf, holders, unknownText, withValue } from "./support";

// Compiling and starting the pack takes 3 s; a test run shares its machine with much else.
jest.setTimeout(120_000);

let pack: StartedPack;
beforeAll(async () => {
    pack = await StartedPack.start();
});
afterAll(() => pack.stop());

/** The rules that the engine runs. */
const engineRules = rules.filter(({ scope }) => scope !== "stacks");

/** Every sample of every rule, every holder of pods and every kind of unknown, each resource with a URN of its own. */
const everything: readonly Resource[] = [
    ...rules.flatMap(({ samples }) =>
        [...samples.passing, ...samples.failing.map(({ sample }) => sample)].flatMap(resourcesOf),
    ),
    ...Object.values(holders).map(({ of }) => of({ ...compliantPod, hostNetwork: true, hostPID: "yes" })),
    deploymentOf(unknownText),
    deploymentOf(withValue(compliantPod, ["containers", 0, "securityContext"], unknownText)),
    deploymentOf(withValue(compliantPod, ["containers", 1], unknownText)),
    { urn: "", type: "pulumi:pulumi:Stack", name: "sample", inputs: {} },
]
    // The engine meets no files.
    .filter(({ origin }) => origin !== "manifest")
    .map((resource, index) => ({ ...resource, urn: `urn:pulumi:sample::sample::${resource.type}::${index}` }));

const configurations = {
    "as the rules say": {},
    "all advisory": { all: "advisory" },
    "one rule off, one stricter": { "POD-01": "disabled", "POD-02": "mandatory" },
    "with API clients": {
        "POD-13": { apiClients: [{ namespace: "sample", serviceAccount: "client", reason: "lists its own pods" }] },
    },
} as const;

test.each(Object.entries(configurations))("the compiled pack finds what judge() finds, %s", async (_, given) => {
    const configuration = readConfiguration(given);
    expect(configuration.problems).toEqual([]);
    await pack.configure(
        new Map(
            engineRules.map((rule) => [
                rule.id,
                { level: configuration.levelOf(rule) ?? rule.level, settings: configuration.settingsOf(rule) },
            ]),
        ),
    );
    const expected = judge(everything, configuration, { ...bareTerms, ...readPackFiles(rules) }).findings.map(
        ({ rule, resource, level, message }): Diagnostic => ({
            rule,
            urn: resource,
            level,
            message: `${rules.find(({ id }) => id === rule)?.title}\n${message}`,
        }),
    );
    expect(expected.length).toBeGreaterThan(rules.length);
    expect(await pack.preview(everything)).toEqual(expected.sort(inOrder));
});

test("a setting that no rule knows stops the preview", async () => {
    await pack.configure(new Map([["POD-13", { level: "mandatory", settings: { apiClient: [] } }]]));
    expect(await pack.preview(everything.slice(-1))).toEqual([
        expect.objectContaining({
            rule: "POD-13",
            level: "mandatory",
            message: expect.stringContaining("POD-13.apiClient is no setting of POD-13; did you mean apiClients?"),
        }),
    ]);
});

test("the engine is told every rule with its level, severity and controls", async () => {
    const policies = (await pack.info()).getPoliciesList();
    expect(policies.map((policy) => policy.getName())).toEqual(engineRules.map(({ id }) => id));
    for (const [index, policy] of policies.entries()) {
        expect(policy.getSeverity()).toBeGreaterThan(0);
        expect(policy.getTagsList()).toHaveLength(engineRules[index]?.controls.length ?? -1);
        expect(policy.getUrl()).toMatch(/^https:/);
    }
});
