import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { environmentOf, judgeAcross, type StackToCompare } from "../../policy/judge";
import { rules } from "../../policy/registry";
import { registryProblems } from "../../policy/rules/stack/packRules";
import { goldenResources } from "./golden";
import { withValue } from "./support";

const root = path.resolve(__dirname, "..", "..");
const stacks: readonly StackToCompare[] = readdirSync(path.join(root, "tests", "golden")).map((name) => {
    const file: unknown = parse(readFileSync(path.join(root, `Pulumi.${name}.yaml`), "utf8"));
    const [, environment] =
        /environment: (\w+)/.exec(JSON.stringify(file).replaceAll('"', "").replaceAll(":", ": ")) ?? [];
    return { name, environment: environmentOf(environment), resources: goldenResources(name), file, pack: { rules } };
});

test("the stacks, beside each other, break no rule", () => {
    expect(stacks.map(({ environment }) => environment).sort()).toEqual(["dev", "production", "production", "staging"]);
    expect(judgeAcross(stacks).filter(({ rule }) => /^(SEC|STK)-/.test(rule))).toEqual([]);
});

test.each([
    ["SEC-02", "prod-aws", "kubernetes:core/v1:Secret", ["stringData"], { PASSWORD: "hunter2" }],
    ["STK-07", "prod-aws", "aws:s3/bucket:Bucket", ["bucket"], "tars-staging-123456789012-eu-central-1-data"],
] as const)("%s sees one property of %s", (rule, stack, type, place, value) => {
    const changed = stacks.map((each) =>
        each.name === stack
            ? {
                  ...each,
                  resources: each.resources.map((resource) =>
                      resource.type === type
                          ? { ...resource, inputs: withValue(resource.inputs, place, value) }
                          : resource,
                  ),
              }
            : each,
    );
    expect([...new Set(judgeAcross(changed).map((finding) => finding.rule))]).toEqual([rule]);
});

test("STK-10: the registry is complete", () => {
    expect(registryProblems(rules)).toEqual([]);
});
