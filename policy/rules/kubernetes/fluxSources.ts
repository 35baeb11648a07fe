import { absent, undecided, type Value } from "../../reading/value";
import type { Report } from "../../rule";
import { checkRef, checkSecure, checkVersion, isCommit, isExactVersion } from "./versions";

export const fluxKinds = [
    "source.toolkit.fluxcd.io/GitRepository",
    "source.toolkit.fluxcd.io/OCIRepository",
    "source.toolkit.fluxcd.io/HelmRepository",
    "source.toolkit.fluxcd.io/HelmChart",
    "source.toolkit.fluxcd.io/Bucket",
    "helm.toolkit.fluxcd.io/HelmRelease",
] as const;

const checks = {
    "source.toolkit.fluxcd.io/GitRepository": checkGit,
    "source.toolkit.fluxcd.io/OCIRepository": checkArtifact,
    "source.toolkit.fluxcd.io/HelmRepository": checkPlace,
    "source.toolkit.fluxcd.io/HelmChart": (spec, report) => checkVersion(spec.get("version"), report),
    "source.toolkit.fluxcd.io/Bucket": checkPlace,
    "helm.toolkit.fluxcd.io/HelmRelease": checkRelease,
} as const satisfies Readonly<Record<(typeof fluxKinds)[number], (spec: Value, report: Report) => void>>;

/** @see https://fluxcd.io/flux/components/source/ */
export function checkFluxSource(kind: (typeof fluxKinds)[number], spec: Value, report: Report): void {
    checks[kind](spec, report);
}

/** Over http, or without checking who answers. */
function checkPlace(spec: Value, report: Report): void {
    checkSecure(spec.get("url"), report);
    const insecure = spec.get("insecure");
    if (insecure.boolean() === true) report({ path: insecure.path, problem: "loads over http" });
}

/** A commit overrules a name, that a range, that a tag, that a branch. */
function checkGit(spec: Value, report: Report): void {
    checkPlace(spec, report);
    const ref = spec.get("ref");
    const [commit, name, range] = [ref.get("commit"), ref.get("name"), ref.get("semver")];
    const hash = commit.text();
    if (hash === undecided || (hash !== absent && isCommit(hash))) return;
    if (name.isSet) checkRef(name, report);
    else if (range.isSet) checkRange(range, report);
    else checkRef(ref.get("tag"), report);
}

function checkArtifact(spec: Value, report: Report): void {
    checkPlace(spec, report);
    const ref = spec.get("ref");
    if (ref.get("digest").text() !== absent) return;
    if (ref.get("semver").isSet) checkRange(ref.get("semver"), report);
    else checkVersion(ref.get("tag"), report);
}

function checkRange(range: Value, report: Report): void {
    const text = range.text();
    if (typeof text === "string" && !isExactVersion(text)) report({ path: range.path, problem: "is no exact version" });
}

/** A release names its chart here, or a source that is judged by itself. */
function checkRelease(spec: Value, report: Report): void {
    const chart = spec.get("chart", "spec");
    if (chart.isSet) checkVersion(chart.get("version"), report);
}
