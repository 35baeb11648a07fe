import type { Value } from "../../reading/value";
import type { Report } from "../../rule";
import { checkRef, checkSecure, checkVersion } from "./versions";

/** Generators within generators: Argo CD allows two levels; the bound only stops a file made to exhaust the stack. */
const deepestGenerator = 8;

/** `spec.source` and `spec.sources` of an Application. */
export function checkApplication(spec: Value, report: Report): void {
    const one = spec.get("source");
    for (const source of [...(one.isSet ? [one] : []), ...spec.get("sources").items()]) checkSource(source, report);
}

/** The template of an ApplicationSet, and the git repositories that fill it in. */
export function checkApplicationSet(spec: Value, report: Report): void {
    checkApplication(spec.get("template", "spec"), report);
    checkGenerators(spec.get("generators"), deepestGenerator, report);
}

function checkSource(source: Value, report: Report): void {
    checkSecure(source.get("repoURL"), report);
    const revision = source.get("targetRevision");
    const text = revision.quietly.text();
    if (typeof text === "string" && text.includes("{{")) {
        report({ path: revision.path, problem: "is filled in by a generator", undecided: true });
        return;
    }
    if (source.get("chart").isSet) checkVersion(revision, report);
    else checkRef(revision, report);
}

function checkGenerators(generators: Value, depth: number, report: Report): void {
    if (depth === 0) return;
    for (const generator of generators.items()) {
        const git = generator.get("git");
        if (git.isSet) {
            checkSecure(git.get("repoURL"), report);
            checkRef(git.get("revision"), report);
        }
        for (const combined of ["matrix", "merge"])
            checkGenerators(generator.get(combined, "generators"), depth - 1, report);
    }
}
