import { rules } from "tars-platform-policy/judge";
import type { PolicyFinding } from "./read";
import { code, publicText } from "./text";

/** A finding in one line. */
export function findingLine(finding: PolicyFinding): string {
    return `- ${placeOf(finding)}: ${code(publicText(finding.message).split("\n").join(": "), 400)}`;
}

/** What stops the update: rule and resource, what is wrong, and what to do in a line of its own, so that no long message cuts it off. */
export function stopLines(finding: PolicyFinding): string {
    const { title, problem, fix } = partsOf(finding);
    return [
        `- ${placeOf(finding)}: ${code(title, 200)}`,
        ...(problem === "" ? [] : [`  - ${code(problem, 400)}`]),
        ...(fix === "" ? [] : [`  - Fix: ${code(fix, 400)}`]),
    ].join("\n");
}

function placeOf({ rule, severity, urn }: PolicyFinding): string {
    const name = urn.split("::").slice(3).join("::");
    const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
    return `${code(rule)} ${severity} on ${code(`${type} ${name}`.trim())}`;
}

interface Parts {
    readonly title: string;
    readonly problem: string;
    readonly fix: string;
}

/** A message of the pack: the rule's title in a line of its own, then the problem, a semicolon and the fix (policy/evaluate.ts). */
function partsOf({ rule, message }: PolicyFinding): Parts {
    const [title = "", ...rest] = publicText(message).split("\n");
    const said = rest.join(" ").trim();
    const usual = publicText(`; ${rules.find(({ id }) => id === rule)?.fix ?? ""}`);
    // A rule may say another fix than its usual one, and then nothing but the first semicolon shows where it begins.
    const at = usual !== ";" && said.endsWith(usual) ? said.length - usual.length : said.indexOf("; ");
    return at < 0 ? { title, problem: said, fix: "" } : { title, problem: said.slice(0, at), fix: said.slice(at + 2) };
}
