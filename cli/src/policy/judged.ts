import {
    type Environment,
    environmentOf,
    type Finding,
    judge,
    judgeAcross,
    type Remediation,
    type Resource,
    rules,
    type Terms,
} from "tars-platform-policy/judge";
import { version } from "tars-platform-policy/package.json";
import type { PolicyReport, ReportedFinding, Subject } from "tars-platform-policy/reports/report";
import { readStackFile } from "../../../simulator/session/stackFile";
import { judgedResources, statedEnvironment } from "../judgedResources";
import { type Manifests, readManifests } from "../policyManifests";
import { captureStacks } from "./capture";
import { readStateFile } from "./stateFile";
import type { CheckedConfiguration } from "./terms";

/** What a run goes by. */
export interface Ground {
    readonly configuration: CheckedConfiguration;
    readonly terms: (environment: Environment) => Terms;
    readonly date: string;
    /** What state files and manifests are for; stacks say so themselves. */
    readonly environment: Environment;
}

export interface Judged {
    readonly report: PolicyReport;
    readonly remediations: readonly Remediation[];
    /** What was read, where manifests were judged. */
    readonly manifests?: Manifests;
}

/** A stack with its resources, from its program or from a state file. */
interface Candidate {
    /** Name among what is judged. */
    readonly name: string;
    readonly stack: string;
    readonly source: string;
    readonly environment: Environment;
    readonly resources: readonly Resource[];
    readonly file?: unknown;
}

/** Judge stacks and state files each by itself and, where there are several, beside each other. */
export async function judgeStacks(
    stacks: readonly string[],
    stateFiles: readonly string[],
    ground: Ground,
): Promise<Judged> {
    const states = stateFiles.map(readStateFile);
    const captured = await captureStacks(stacks);
    const candidates = [
        ...[...captured].map(
            ([stack, registrations]): Candidate => ({
                name: stack,
                stack,
                source: `Pulumi.${stack}.yaml`,
                environment: environmentOf(statedEnvironment(stack)),
                resources: judgedResources(registrations),
                file: readStackFile(stack).toJS(),
            }),
        ),
        ...states.map(({ stack, file, resources }): Candidate => {
            const taken = captured.has(stack) || states.filter((each) => each.stack === stack).length > 1;
            const name = taken ? `${stack} (${file})` : stack;
            return { name, stack, source: file, environment: ground.environment, resources };
        }),
    ];
    return joined(candidates, ground);
}

function joined(candidates: readonly Candidate[], ground: Ground): Judged {
    const verdicts = candidates.map((candidate) => ({
        candidate,
        verdict: judge(candidate.resources, ground.configuration, ground.terms(candidate.environment)),
    }));
    const compared = comparable(candidates);
    const across = compared.length < 2 ? [] : compareStacks(compared, ground);
    return {
        report: {
            date: ground.date,
            version,
            subjects: verdicts.map(({ candidate: { name, source, environment }, verdict: { coverage } }) => ({
                name,
                source,
                environment,
                coverage: compared.length < 2 ? coverage : withComparison(coverage, compared.length),
            })),
            findings: [
                ...verdicts.flatMap(({ candidate, verdict }) => placed(verdict.findings, candidate)),
                ...across,
            ].sort(byResource),
            unreadable: [],
        },
        remediations: verdicts.flatMap(({ verdict }) => verdict.remediations),
    };
}

/** Each stack once: a program beside its own state is not two stacks. */
function comparable(candidates: readonly Candidate[]): readonly Candidate[] {
    return candidates.filter(({ stack }, index) => candidates.findIndex((each) => each.stack === stack) === index);
}

function compareStacks(compared: readonly Candidate[], ground: Ground): readonly ReportedFinding[] {
    const stacks = compared.map(({ stack, environment, resources, file }) => ({
        name: stack,
        environment,
        resources,
        ...(file === undefined ? {} : { file }),
    }));
    // What is shared with production is judged as strictly as production.
    const strictest = compared.find(({ environment }) => environment === "production") ?? compared[0];
    const findings = judgeAcross(stacks, ground.configuration, ground.terms(strictest?.environment ?? "production"));
    return findings.flatMap((finding) => {
        const named = compared.find(({ stack }) => finding.resource.split("::")[0] === `urn:pulumi:${stack}`);
        return placed([finding], named ?? { name: "", source: "" });
    });
}

function placed(
    findings: readonly Finding[],
    { name, source }: Pick<Candidate, "name" | "source">,
): readonly ReportedFinding[] {
    return findings.map((finding) => ({ ...finding, subject: name, file: source }));
}

/** The rules that compare stacks had these to look at. */
function withComparison(coverage: Subject["coverage"], stacks: number): Subject["coverage"] {
    const comparing = new Set(rules.filter(({ scope }) => scope === "stacks").map(({ id }) => id));
    return coverage.map((each) =>
        comparing.has(each.rule) && each.notApplicable === "compares stacks"
            ? { rule: each.rule, checked: stacks }
            : each,
    );
}

function byResource(a: Finding, b: Finding): number {
    return compare(a.resource, b.resource) || compare(a.rule, b.rule) || compare(a.path, b.path);
}

function compare(a: string, b: string): number {
    return a < b ? -1 : a > b ? 1 : 0;
}

/** Judge Kubernetes YAML as it stands. */
export function judgeManifests(paths: readonly string[], ground: Ground): Judged {
    const read = readManifests(paths);
    const resources = read.manifests.map(({ resource }) => resource);
    const terms = ground.terms(ground.environment);
    const { findings, coverage } = judge(resources, ground.configuration, terms);
    const places = new Map(read.manifests.map(({ resource, file, line }) => [resource.urn, { file, line }]));
    const subject = "manifests";
    return {
        report: {
            date: ground.date,
            version,
            subjects: [{ name: subject, source: paths.join(" "), environment: ground.environment, coverage }],
            findings: findings.map((finding) => ({
                ...finding,
                subject,
                ...(places.get(finding.resource) ?? { file: finding.resource }),
            })),
            unreadable: read.broken,
        },
        remediations: [],
        manifests: read,
    };
}
