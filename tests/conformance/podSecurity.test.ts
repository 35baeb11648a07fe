import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { type Finding, judge, type Resource } from "../../policy/judge";
import { kubernetesResource } from "../../policy/samples";
import { asItStands } from "../policy/support";
import { sharedCluster } from "../support/cluster";
import { beyond, checks, describes, differences, type Level } from "./podSecurityChecks";
import { type Pod, pods } from "./podSpecs";

// The pack's pod rules against Kubernetes' own library (k8s.io/pod-security-admission, which the host links in): for thousands of random pods
// and every check, both forbid or neither does. TARS_TEST_SEED repeats a run.

const count = 6_000;
const seed = Number(process.env.TARS_TEST_SEED ?? Date.now() % 2 ** 31);
const levels: readonly Level[] = ["baseline", "restricted"];

/** One pod, and what both say of it. */
interface Judged {
    readonly pod: Pod;
    /** Ids of the checks that forbid the pod, by the library. */
    readonly library: Readonly<Record<Level, ReadonlySet<string>>>;
    readonly pack: readonly Finding[];
}

let all: readonly Judged[] = [];

beforeAll(() => {
    const start = Date.now();
    const sample = fc.sample(pods(), { numRuns: count, seed });
    const [baseline = [], restricted = []] = levels.map((level) => ask(level, sample));
    all = sample.map((pod, index) => ({
        pod,
        library: { baseline: baseline[index] ?? new Set(), restricted: restricted[index] ?? new Set() },
        pack: judge([holding(pod, index)], asItStands).findings,
    }));
    const seconds = ((Date.now() - start) / 1000).toFixed(1);
    process.stderr.write(`pod security: ${count} pods judged twice in ${seconds} s; TARS_TEST_SEED=${seed}\n`);
}, 280_000);

test.each(levels)(`%s: library and pack forbid by the same checks (seed ${seed})`, (level) => {
    expect(summary(all.flatMap((judged) => unexplained(judged, level)))).toEqual([]);
});

test("each difference on purpose is still there", () => {
    const found = differences.filter(({ check, forbiddenBy, holds }) =>
        all.some(
            (judged) => holds(judged.pod) && levels.some((level) => whoAlone(check, judged, level) === forbiddenBy),
        ),
    );
    expect(found).toEqual(differences);
});

test(`every finding of the compared rules belongs to a check, or goes beyond all on purpose (seed ${seed})`, () => {
    const compared = new Set(Object.values(checks).map(({ rule }) => rule));
    const strays = all.flatMap(({ pod, pack }) =>
        pack
            .filter(({ rule }) => compared.has(rule))
            .filter((finding) => !isOfACheck(finding) && !isBeyond(finding))
            .map(({ rule, message }) => ({ what: `${rule} ${message}`, pod })),
    );
    expect(summary(strays)).toEqual([]);
    for (const entry of beyond) expect(all.some(({ pack }) => pack.some((each) => describes(entry, each)))).toBe(true);
});

test(`a runtime's socket is always one of the forbidden hostPath volumes (seed ${seed})`, () => {
    const reaching = all.filter(({ pack }) => pack.some(({ rule }) => rule === "POD-10"));
    const allowed = reaching.filter(({ library }) => !library.baseline.has("hostPathVolumes"));
    expect(allowed.map(({ pod }) => pod)).toEqual([]);
    expect(reaching.length).toBeGreaterThan(count / 100);
    expect(reaching.length).toBeLessThan(all.filter(({ library }) => library.baseline.has("hostPathVolumes")).length);
});

describe("the pods", () => {
    const met = Object.entries(checks).flatMap(([check, { levels }]) => levels.map((level) => [check, level] as const));

    test.each(met)("%s at %s: many it forbids, many it does not, some that it alone forbids", (check, level) => {
        const forbidden = all.filter(({ library }) => library[level].has(check));
        expect(forbidden.length).toBeGreaterThan(count / 40);
        expect(forbidden.length).toBeLessThan((count * 3) / 4);
        expect(forbidden.filter(({ library }) => library[level].size === 1).length).toBeGreaterThan(0);
    });

    test.each(levels)("%s: many are allowed", (level) => {
        expect(all.filter(({ library }) => library[level].size === 0).length).toBeGreaterThan(count / 20);
    });
});

/** What the library says of each pod. */
function ask(level: Level, sample: readonly Pod[]): readonly ReadonlySet<string>[] {
    const input = sample.map((pod) => `${JSON.stringify({ level, ...pod })}\n`).join("");
    const { status, stdout, stderr } = spawnSync(sharedCluster().host, ["pod-security"], {
        input,
        encoding: "utf8",
        maxBuffer: 2 ** 28,
    });
    if (status !== 0) throw new Error(`pod-security ended with ${status}: ${stderr}`);
    const answers = stdout.trimEnd().split("\n").map(readAnswer);
    if (answers.length !== sample.length) throw new Error(`${answers.length} answers for ${sample.length} pods`);
    return answers;
}

function readAnswer(line: string): ReadonlySet<string> {
    const { allowed, forbidden }: { allowed: boolean; forbidden: readonly { check: string }[] } = JSON.parse(line);
    if (allowed !== (forbidden.length === 0)) throw new Error(`contradicts itself: ${line}`);
    return new Set(forbidden.map(({ check }) => check));
}

/** The pod in an object of changing kind, each with the template in another place. */
function holding({ metadata, spec }: Pod, index: number): Resource {
    const own = { name: "app", namespace: "sample" };
    const template = { metadata, spec };
    const holders = [
        () => kubernetesResource("core/v1", "Pod", { metadata: { ...own, ...metadata }, spec }),
        () => kubernetesResource("apps/v1", "Deployment", { metadata: own, spec: { template } }),
        () =>
            kubernetesResource("batch/v1", "CronJob", { metadata: own, spec: { jobTemplate: { spec: { template } } } }),
        () => kubernetesResource("argoproj.io/v1alpha1", "Rollout", { metadata: own, spec: { template } }),
    ] as const;
    return (holders[index % holders.length] ?? holders[0])();
}

interface Disagreement {
    readonly what: string;
    readonly pod: Pod;
}

/** Checks by which one of the two alone forbids a pod, unless that is on purpose. */
function unexplained(judged: Judged, level: Level): readonly Disagreement[] {
    const known = Object.keys(checks).filter((check) => checks[check]?.levels.includes(level));
    return [...new Set([...known, ...judged.library[level]])].flatMap((check) => {
        const by = whoAlone(check, judged, level);
        if (by === undefined || isOnPurpose(check, by, judged.pod)) return [];
        return [{ what: `${check} is forbidden by the ${by} alone`, pod: judged.pod }];
    });
}

/** Which of the two alone forbids a pod by a check; a check that the table does not have is one that the pack does not have either. */
function whoAlone(id: string, { library, pack }: Judged, level: Level): "library" | "pack" | undefined {
    const check = checks[id];
    const byPack =
        check?.levels.includes(level) === true &&
        pack.some((finding) => isMandatory(finding) && describes(check, finding));
    const byLibrary = library[level].has(id);
    if (byPack === byLibrary) return undefined;
    return byPack ? "pack" : "library";
}

function isMandatory({ level, decided }: Finding): boolean {
    return level === "mandatory" && decided;
}

function isOnPurpose(check: string, by: "library" | "pack", pod: Pod): boolean {
    return differences.some((each) => each.check === check && each.forbiddenBy === by && each.holds(pod));
}

function isOfACheck(finding: Finding): boolean {
    return isMandatory(finding) && Object.values(checks).some((check) => describes(check, finding));
}

function isBeyond(finding: Finding): boolean {
    return beyond.some((entry) => entry.level === finding.level && describes(entry, finding));
}

/** Each kind of disagreement once, with the number of pods and the smallest of them. */
function summary(disagreements: readonly Disagreement[]): readonly object[] {
    const kinds = [...new Set(disagreements.map(({ what }) => what))].sort();
    return kinds.map((what) => {
        const texts = disagreements.filter((each) => each.what === what).map(({ pod }) => JSON.stringify(pod));
        return { what, pods: texts.length, smallest: texts.sort((a, b) => a.length - b.length)[0] };
    });
}
