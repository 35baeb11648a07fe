import { judge } from "../../policy/judge";
import { rules } from "../../policy/registry";
import { stackRules } from "../../policy/rules/stack";
import { cloudResource } from "../../policy/samples";
import { bareTerms } from "../../policy/terms/terms";
import { asItStands, ruleOf } from "./support";

const bucket = cloudResource("aws:s3/bucket:Bucket", {});
const exemption = {
    rule: "STK-01",
    stack: "sample",
    resource: "aws:s3/bucket:Bucket::sample",
    reason: "moves to the new account this quarter",
    owner: "platform-team",
    ticket: "OPS-1",
    expires: "2026-12-31",
};

function findings(changes: Partial<typeof exemption>) {
    const terms = { ...bareTerms, today: "2026-11-21", exemptions: [{ ...exemption, ...changes }] };
    return judge([bucket], asItStands, terms).findings.filter(({ rule }) => rule === "STK-06");
}

test("STK-06 is the last rule about stacks that the engine runs", () => {
    expect(stackRules.at(-1)).toBe(ruleOf("STK-06"));
    expect(rules.filter(({ scope }) => scope === "stack").at(-1)?.id).toBe("STK-06");
});

test("an exemption that is needed is not spoken of, until it is about to end", () => {
    expect(findings({})).toEqual([]);
    expect(findings({ expires: "2026-12-06" })).toEqual([]);
    expect(findings({ expires: "2026-12-05" })).toEqual([
        expect.objectContaining({ level: "advisory", message: expect.stringContaining("ends within 14 days") }),
    ]);
});

test("a finding is about the resource that the entry names, where the stack has it", () => {
    expect(findings({ rule: "POD-01" })).toEqual([
        expect.objectContaining({ level: "mandatory", resource: bucket.urn, path: "exemption of POD-01" }),
    ]);
});
