import { admissionPolicies } from "../../policy/admission/policies";
import { unjudged } from "../../policy/admission/unjudged";
import { rules } from "../../policy/registry";
import { everyPodTemplate } from "../../policy/resources/podTemplates";

/** Rules that one object decides, of the areas that the API server judges too. */
const candidates = rules.filter(
    ({ id, scope, kinds }) =>
        scope === "resource" && (/^(POD|IMG|NS|RBAC)-/.test(id) || kinds.includes(everyPodTemplate)),
);

const messages = admissionPolicies().flatMap(({ spec }) => spec.validations.map(({ message }) => message));
const judged = new Set(messages.map((message) => message.split(":")[0] ?? ""));

test.each(candidates.map(({ id, title }) => [id, title] as const))(
    "%s is judged by the API server too, or says why not",
    (id) => {
        expect([judged.has(id), id in unjudged]).toContain(true);
        expect(judged.has(id) && id in unjudged).toBe(false);
    },
);

test.each([...judged])("%s has one title in both gates", (id) => {
    const rule = rules.find((each) => each.id === id);
    expect(messages.filter((message) => message.startsWith(`${id}:`))).toEqual(
        messages.filter((message) => message === `${id}: ${rule?.title}`),
    );
});

test.each(Object.entries(unjudged))(
    "%s is a rule, and why the API server does not judge it is a sentence",
    (id, why) => {
        expect(candidates.map((rule) => rule.id)).toContain(id);
        expect(why.length).toBeGreaterThan(40);
    },
);

test("what the API server judges, a rule that stops an update says", () => {
    const advising = rules.filter(({ id, level }) => judged.has(id) && level === "advisory");
    expect(advising).toEqual([]);
});

test("no policy says a thing twice, and none but for the platform's own objects", () => {
    for (const { spec } of admissionPolicies()) {
        const ids = spec.validations.map(({ message }) => message);
        expect(new Set(ids).size).toBe(ids.length);
    }
});
