import { controls } from "../../controls";
import { absent, undecided, type Value } from "../../reading/value";
import { groupAndKind } from "../../resources/kind";
import type { Report, ResourceRule } from "../../rule";
import { checkApplication, checkApplicationSet } from "./argoSources";
import { checkFluxSource, fluxKinds } from "./fluxSources";
import { failingSources, passingSources } from "./sources.samples";
import { checkSecure, checkVersion, isFixedRef } from "./versions";

type Check = (inputs: Value, report: Report) => void;

const checks: Readonly<Record<string, Check>> = {
    "helm.sh/Chart": checkChart,
    "helm.sh/Release": checkChart,
    "yaml/ConfigFile": (inputs, report) => checkFile(inputs.get("file"), report),
    "yaml/ConfigGroup": (inputs, report) => checkFiles(inputs.get("files"), report),
    "kustomize/Directory": (inputs, report) => checkDirectory(inputs.get("directory"), report),
    "argoproj.io/Application": (inputs, report) => checkApplication(inputs.get("spec"), report),
    "argoproj.io/ApplicationSet": (inputs, report) => checkApplicationSet(inputs.get("spec"), report),
    ...Object.fromEntries(
        fluxKinds.map((kind) => [
            kind,
            (inputs: Value, report: Report) => checkFluxSource(kind, inputs.get("spec"), report),
        ]),
    ),
};

export const sources: ResourceRule = {
    id: "IMG-05",
    title: "Charts, manifests and git refs are exact",
    severity: "high",
    level: "mandatory",
    scope: "resource",
    kinds: Object.keys(checks),
    controls: controls({ soc2: ["CC8.1"], iso27001: ["8.32"] }),
    why: "What a range, a branch or an address stands for changes without a review, and over http anybody on the way can change it.",
    fix: "name an exact version, a commit or a version's tag, over https; the address of a manifest must name one too",
    link: "https://slsa.dev/spec/v1.0/requirements",
    samples: { passing: passingSources, failing: failingSources },
    check: ({ kind, object }, report) => checks[groupAndKind(kind)]?.(object, report),
};

function checkChart(inputs: Value, report: Report): void {
    const chart = inputs.get("chart");
    const name = chart.text();
    if (name === undecided) return;
    // A chart in a folder is as exact as the repository that it lies in.
    if (name === absent ? inputs.get("path").isSet : /^[./]/.test(name)) return;
    if (name === absent) {
        // The components of older SDKs do not show what they were given.
        report({ path: chart.path, problem: "is not shown by this resource", undecided: true });
        return;
    }
    for (const repository of [inputs.get("repositoryOpts", "repo"), inputs.get("fetchOpts", "repo"), chart]) {
        checkSecure(repository, report);
    }
    const plain = inputs.get("plainHttp");
    if (plain.boolean() === true) report({ path: plain.path, problem: "loads over http" });
    if (/^https?:/.test(name)) report({ path: chart.path, problem: "is loaded from an address" });
    else if (!/^oci:\/\/.+(?:@sha256:[\da-f]{64}|:v?\d+\.\d+\.\d+[\w.+-]*)$/.test(name))
        checkVersion(inputs.get("version"), report);
    const devel = inputs.get("devel");
    if (devel.boolean() === true) report({ path: devel.path, problem: "takes development versions" });
}

/** A manifest at an address is exact when a part of the path is a tag or a commit, as of a release or of a raw file on GitHub. */
function checkFile(file: Value, report: Report): void {
    const text = checkSecure(file, report);
    if (typeof text !== "string" || !/^https:/i.test(text)) return;
    const [, , , ...path] = (text.split(/[?#]/)[0] ?? "").split("/");
    if (!path.some(isFixedRef)) report({ path: file.path, problem: "is loaded from an address that names no version" });
}

/** One file or a list of them. */
function checkFiles(files: Value, report: Report): void {
    if (files.isList) for (const file of files.items()) checkFile(file, report);
    else checkFile(files, report);
}

/** Kustomize takes a folder, or a repository with the folder and the ref in its address. */
function checkDirectory(directory: Value, report: Report): void {
    const text = checkSecure(directory, report);
    if (typeof text !== "string" || !/^(?:[a-z+]+:\/\/|git@|[\w-]+\.[\w.-]+\/)|[?&]ref=/.test(text)) return;
    const ref = /[?&](?:ref|version)=([^&]*)/.exec(text)?.[1] ?? "";
    if (!isFixedRef(ref)) report({ path: directory.path, problem: "is a repository at a ref that moves" });
}
