import { checkEntry, everyRule, levelIn } from "../../configurationEntries";
import { controls } from "../../controls";
import { isMapping, nameOfKind } from "../../reading/value";
import { everyResource } from "../../resources/dispatch";
import type { CrossStackRule, JudgingPack, Rule, Sample } from "../../rule";
import type { Problem } from "../../schema";
import { options } from "./options";

const judgedBy = (pack: JudgingPack): Sample => ({
    kind: "stacks",
    stacks: [{ name: "prod", environment: "production", resources: [], pack }],
});
const configured = (configuration: unknown) =>
    judgedBy({ rules: [options, { ...options, level: "advisory", id: "STK-99" }], configuration });
const registered = (change: Partial<typeof options>) =>
    judgedBy({ rules: [options, { ...options, id: "STK-99", ...change }] });

/** What a pack configuration takes out of the hands of reviewers: rules that it disables or lowers, and entries that name nothing. */
export function configurationFindings(raw: unknown, rules: readonly Rule[]): readonly Problem[] {
    if (raw === undefined) return [];
    if (!isMapping(raw))
        return [{ key: "", problem: `is a ${nameOfKind(raw)}`, fix: "give a mapping from rule to level" }];
    return Object.entries(raw).flatMap(([id, entry]) => [
        ...checkEntry(id, entry, rules),
        ...lowered(id, entry, rules),
    ]);
}

/** A level that lets pass what the rule would stop. `all` speaks of every rule. */
function lowered(id: string, entry: unknown, rules: readonly Rule[]): readonly Problem[] {
    const level = levelIn(entry);
    const isMandatory = rules.some((rule) => (id === everyRule || rule.id === id) && rule.level !== "advisory");
    if (!isMandatory || (level !== "disabled" && level !== "advisory")) return [];
    const problem = level === "disabled" ? "disables a mandatory rule" : "lowers a mandatory rule";
    return [{ key: id, problem, fix: "take the entry out; an exemption names one resource, and ends" }];
}

export const packConfiguration: CrossStackRule = {
    id: "STK-08",
    title: "No configuration of the pack takes a mandatory rule out of force",
    severity: "critical",
    level: "mandatory",
    scope: "stacks",
    kinds: [everyResource],
    controls: controls({ soc2: ["CC5.3"], iso27001: ["5.36"] }),
    why: "The engine takes a misspelled or weakened entry without a word, and then prints that every policy has passed.",
    fix: "leave levels to policy/configuration.yaml, which reviewers see, and name rules and settings as the pack does",
    link: "https://www.pulumi.com/docs/insights/policy/policy-packs/configuration/",
    samples: {
        passing: [configured(undefined), configured({ "STK-03": "mandatory", "STK-99": "disabled" }), configured({})],
        failing: [
            { sample: configured({ "STK-03": "disabled" }), problem: "disables a mandatory rule" },
            { sample: configured({ "STK-03": { enforcementLevel: "advisory" } }), problem: "lowers a mandatory rule" },
            { sample: configured({ all: "disabled" }), problem: "disables a mandatory rule" },
            { sample: configured({ "STK-3": "mandatory" }), problem: "is no rule of this pack" },
            { sample: configured({ "STK-03": { ignored: [] } }), problem: "is no setting of STK-03" },
            { sample: configured({ "STK-03": "mandatroy" }), problem: "is no level" },
            { sample: configured([]), problem: "is a list" },
        ],
    },
    checkAcross: (stacks, report) => {
        for (const stack of stacks)
            for (const { key, ...rest } of configurationFindings(stack.pack?.configuration, stack.pack?.rules ?? []))
                report(stack, { path: `pack configuration: ${key}`, ...rest });
    },
};

/** What is missing of the entries of a registry: what proves a rule, what it is for, and what its page is made of. */
export function registryProblems(rules: readonly Rule[]): readonly Problem[] {
    const ids = rules.map(({ id }) => id);
    return rules.flatMap((rule, index) => [
        ...(ids.indexOf(rule.id) < index
            ? [{ key: rule.id, problem: "is there twice", fix: "give it its own number" }]
            : []),
        ...missingOf(rule).map((problem) => ({ key: rule.id, problem, fix: "complete its entry" })),
    ]);
}

function missingOf({ samples, controls: mapped, title, why, fix, link, kinds }: Rule): readonly string[] {
    const isMapped = ["SOC 2", "ISO/IEC 27001 Annex A"].every((name) =>
        mapped.some(({ framework }) => framework === name),
    );
    const isDocumented =
        [title, why, fix].every((text) => text.trim().length > 0) && link.startsWith("https://") && kinds.length > 0;
    return [
        ...(samples.passing.length > 0 ? [] : ["has no passing sample"]),
        ...(samples.failing.length > 0 ? [] : ["has no failing sample"]),
        ...(isMapped ? [] : ["supports no control of SOC 2 or of ISO 27001"]),
        ...(isDocumented ? [] : ["lacks what its page is made of"]),
    ];
}

export const packRegistry: CrossStackRule = {
    id: "STK-10",
    title: "Every rule is proven by samples, mapped to controls and documented",
    severity: "medium",
    level: "mandatory",
    scope: "stacks",
    kinds: [everyResource],
    controls: controls({ soc2: ["CC4.1"], iso27001: ["5.36", "8.29"] }),
    why: "A rule that nobody has seen fail proves nothing, and one without a control or a page convinces nobody.",
    fix: "give the rule a passing and a failing sample, controls of both frameworks, and its texts",
    link: "https://www.pulumi.com/docs/insights/policy/",
    samples: {
        passing: [registered({})],
        failing: [
            { sample: registered({ samples: { ...options.samples, passing: [] } }), problem: "has no passing sample" },
            { sample: registered({ samples: { ...options.samples, failing: [] } }), problem: "has no failing sample" },
            { sample: registered({ controls: [] }), problem: "supports no control of SOC 2 or of ISO 27001" },
            { sample: registered({ link: "" }), problem: "lacks what its page is made of" },
            { sample: registered({ why: " " }), problem: "lacks what its page is made of" },
            { sample: registered({ id: options.id }), problem: "is there twice" },
        ],
    },
    checkAcross: (stacks, report) => {
        const [first] = stacks;
        if (!first) return;
        for (const { key, ...rest } of registryProblems(first.pack?.rules ?? [])) report(first, { path: key, ...rest });
    },
};
