import { isStateful as losesInPreview } from "../../cli/src/preview/stateful";
import { readConfiguration } from "../../policy/configuration";
import { rules } from "../../policy/registry";
import { kindOfToken } from "../../policy/resources/kind";
import type { Resource } from "../../policy/rule";
import { isStateful, statefulKinds } from "../../policy/rules/stateful";
import { cloudResource } from "../../policy/samples";
import { parsedGolden } from "./golden";
import { findingsOf, ruleOf } from "./support";

/** Types of every stack. */
const types = [...new Set(parsedGolden().map(({ type }) => type))];

test("what a preview's report calls stateful is what the pack asks to be kept, but for namespaces", () => {
    const differing = types.filter((type) => losesInPreview(type) !== isStateful({ kind: kindOfToken(type) }));
    // What a namespace takes along are claims, and their volumes stay by the reclaim policy (SEC-04).
    expect(differing).toEqual(["kubernetes:core/v1:Namespace"]);
});

test("every kind is in the form in which rules name kinds", () => {
    for (const kind of statefulKinds) expect(kind).toMatch(/^((aws|azure-native|eks):)?[\w.-]+\/[A-Z]\w+$/);
    expect(rules.find(({ id }) => id === "REL-11")?.kinds).toEqual(statefulKinds);
});

test("a stack that is taken down on purpose is named with a reason", () => {
    const bucket: Resource = cloudResource("aws:s3/bucket:Bucket", {});
    const released = (stack: string) =>
        readConfiguration({ "REL-11": { released: [{ stack, reason: "moved to another account" }] } });
    expect(findingsOf(ruleOf("REL-11"), [bucket], released("sample"))).toEqual([]);
    expect(findingsOf(ruleOf("REL-11"), [bucket], released("other"))).toHaveLength(1);
});
