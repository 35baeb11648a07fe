import { absent, type Read, undecided, type Value } from "../../reading/value";
import type { Report } from "../../rule";

/** A version that means one thing: three numbers, perhaps with a pre-release or build, never a range or a part of one. */
export function isExactVersion(text: string): boolean {
    return /^v?\d+\.\d+\.\d+(?:-[\w.-]+)?(?:\+[\w.-]+)?$/.test(text);
}

/** A commit of git, whole. */
export function isCommit(text: string): boolean {
    return /^[\da-f]{40}(?:[\da-f]{24})?$/.test(text);
}

/** A git ref that stays where it is: a commit, or a tag that is a version (also `app-1.2.3`, `refs/tags/v1.2.3`). */
export function isFixedRef(text: string): boolean {
    return (
        isCommit(text) || isExactVersion(text.replace(/^refs\/tags\//, "").replace(/^[a-z][a-z\d-]*[-/](?=v?\d)/, ""))
    );
}

/** Report a chart's version that is a range or none at all. */
export function checkVersion(version: Value, report: Report): void {
    const text = version.text();
    if (text === absent) report({ path: version.path, problem: "is not set, which means the latest" });
    else if (text !== undecided && !isExactVersion(text))
        report({ path: version.path, problem: "is no exact version" });
}

/** Report a git ref that moves. */
export function checkRef(ref: Value, report: Report): void {
    const text = ref.text();
    if (text === absent || text === "") report({ path: ref.path, problem: "is not set, which means a branch" });
    else if (text !== undecided && !isFixedRef(text)) report({ path: ref.path, problem: "is a ref that moves" });
}

/** Report an address whose content can be changed on the way. */
export function checkSecure(address: Value, report: Report): Read<string> {
    const text = address.text();
    if (typeof text === "string" && /^http:/i.test(text)) report({ path: address.path, problem: "loads over http" });
    return text;
}
