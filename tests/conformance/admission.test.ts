import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { admissionPolicies } from "../../policy/admission/policies";
import { optionalRegistries } from "../../policy/facts/images";
import { isMapping } from "../../policy/reading/value";
import { rules } from "../../policy/registry";
import { podOf } from "../../policy/samples";
import { acceptable, sentPods } from "./acceptedPods";
import { differences } from "./admissionDifferences";
import { holders, judgedNamespace, objectsOf } from "./admissionObjects";
import {
    AdmissionScene,
    isJudged,
    type Judged,
    judgedLabels,
    listOf,
    serverRules,
    withJudgedLabels,
} from "./admissionScene";
import { field, type KubeObject } from "./api";
import { clusterObjects } from "./clusterObjects";

// The two gates from one source: for samples, random pods and random objects of the cluster, the policies on the real API server and the
// pack name the same rules. TARS_TEST_SEED repeats a run.

jest.setTimeout(240_000);

const seed = Number(process.env.TARS_TEST_SEED ?? Date.now() % 2 ** 31);
const podCount = 4_000;
const clusterCount = 1_500;
const policies = admissionPolicies({ repositories: optionalRegistries });
const compared = new Set(
    policies.flatMap(({ spec }) => spec.validations.map(({ message }) => message.split(":")[0] ?? "")),
);
const accounts = ["app", "web", "default-backend", "nvidia-device-plugin", "cluster-autoscaler"];

/** Objects that show what samples and chance may not: the differences on purpose. */
const deliberate: readonly KubeObject[] = [
    podLike({
        hostNetwork: true,
        containers: [{ name: "app", image: "registry.k8s.io/pause:3.10", ports: [{ containerPort: 80 }] }],
    }),
    podLike({
        automountServiceAccountToken: true,
        volumes: [{ name: "kube-api-access-own", projected: { sources: [{ serviceAccountToken: { path: "t" } }] } }],
    }),
];

const scene = new AdmissionScene();
let samples: readonly (Judged & { readonly sample: string })[] = [];
let generated: readonly Judged[] = [];

beforeAll(async () => {
    for (const name of [judgedNamespace, "gpu-resources", "cluster-autoscaler"]) {
        await scene.namespace(name, judgedLabels, accounts);
    }
    await scene.namespace("admission-free", {}, accounts);
    await scene.install("audit");
    await untilWarned();
    samples = await judgeSamples();
    const kinds = Object.values(holders);
    const pods = fc.sample(sentPods(), { numRuns: podCount, seed }).map(({ spec, metadata, namespace }, index) => {
        const holder = kinds[index % kinds.length] ?? podHolder;
        return holder(spec, metadata, namespace);
    });
    const others = fc.sample(clusterObjects(), { numRuns: clusterCount, seed }).map(withJudgedLabels);
    const start = Date.now();
    generated = await scene.judge([...pods, ...others, ...deliberate], compared);
    const refused = generated.filter(({ server }) => server === undefined).length;
    const seconds = ((Date.now() - start) / 1000).toFixed(1);
    process.stderr.write(
        `admission: ${generated.length} objects judged twice in ${seconds} s, ${refused} more of no use to the API; TARS_TEST_SEED=${seed}\n`,
    );
});
afterAll(() => scene.remove());

test.each([...compared])("%s: the API server says it of the samples of which the pack says it", (rule) => {
    const [said, unsaid] = [
        samples.filter(({ server }) => server?.has(rule)),
        samples.filter(({ server }) => !server?.has(rule)),
    ];
    expect(said.length).toBeGreaterThan(0);
    expect(unsaid.length).toBeGreaterThan(0);
    expect(unexplained(samples).filter(({ what }) => what.startsWith(rule))).toEqual([]);
});

test(`pack and API server name the same rules for every object (seed ${seed})`, () => {
    expect(unexplained(generated)).toEqual([]);
});

test("each difference on purpose is still there", () => {
    const all = [...samples, ...generated];
    const found = differences.filter(({ rule, saidBy, holds }) =>
        all.some((judged) => holds(judged.object) && whoAlone(rule, judged) === saidBy),
    );
    expect(found).toEqual(differences);
});

test("the API refuses by itself, before any policy, what these samples show", () => {
    const names = new Set(samples.filter(({ server }) => server === undefined).map(({ sample }) => sample));
    for (const { sample, server } of samples) if (server !== undefined) names.delete(sample);
    expect([...names].sort()).toEqual(invalidSamples);
});

test("most objects are taken for valid, some break each rule, and many break none", () => {
    const valid = generated.filter(({ server }) => server !== undefined);
    expect(valid.length).toBeGreaterThan(generated.length / 2);
    for (const rule of compared) {
        expect([rule, valid.filter(({ server }) => server?.has(rule)).length]).not.toEqual([rule, 0]);
    }
    expect(valid.filter(({ server }) => server?.size === 0).length).toBeGreaterThan(50);
});

test("the API server finds no fault in the types of any expression", async () => {
    for (const { name } of policies) {
        const path = `/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/${name}`;
        const checked = async () => field(await scene.api.get(path), "status.typeChecking");
        while ((await checked()) === undefined) await sleep(100);
        expect([name, await checked()]).toEqual([name, {}]);
    }
});

test("a container that somebody adds to a running pod is judged as well", async () => {
    const good = holderOf("Pod")(acceptable(podOf({ kind: "pod", set: { serviceAccountName: "app" } })));
    await scene.create(listOf(good), good);
    const added = { name: "debug", image: "registry.k8s.io/pause:3.10", securityContext: { privileged: true } };
    const path = `${listOf(good)}/app/ephemeralcontainers`;
    const answer = await scene.api.tryOut(path, { spec: { ephemeralContainers: [added] } }, "PATCH");
    expect([...serverRules(answer)].sort()).toEqual(["POD-01", "POD-02", "POD-05", "POD-07"]);
});

describe("once the stack says deny", () => {
    const bad = holderOf("Deployment")(
        acceptable(podOf({ kind: "pod", set: { hostNetwork: true, serviceAccountName: "app" } })),
    );
    const path = `${listOf(bad)}/before`;

    beforeAll(async () => {
        const before = { metadata: { name: "before", namespace: judgedNamespace } };
        await scene.create(listOf(bad), {
            ...bad,
            ...before,
            spec: { ...(isMapping(bad.spec) ? bad.spec : {}), replicas: 0 },
        });
        await scene.install("deny");
        await refusalSoon(bad);
    });

    test("a bad object is refused with the rule's number and title", async () => {
        expect(await refusal(bad)).toContain("POD-08: Pods stay out of the node's namespaces");
    });

    test("a good one is let in, without a warning", async () => {
        const good = holderOf("StatefulSet")(acceptable(podOf({ kind: "pod", set: { serviceAccountName: "app" } })));
        const { status, warnings } = await scene.api.tryOut(listOf(good), good);
        expect({ status, warnings }).toEqual({ status: 201, warnings: [] });
    });

    test("what was there before can be changed in everything else, and cannot become worse", async () => {
        await scene.api.patch(path, { metadata: { labels: { seen: "yes" } }, spec: { revisionHistoryLimit: 3 } });
        const worse = { spec: { template: { spec: { hostPID: true } } } };
        await expect(scene.api.patch(path, worse)).rejects.toThrow("POD-08: Pods stay out of the node's namespaces");
        await scene.api.patch(path, { spec: { template: { spec: { hostNetwork: false } } } });
    });

    test("nobody else's objects are judged: neither in another namespace nor of the cluster", async () => {
        const elsewhere = { ...bad, metadata: { name: "other", namespace: "admission-free" } };
        const { status, warnings } = await scene.api.tryOut(listOf(elsewhere), elsewhere);
        expect({ status, warnings }).toEqual({ status: 201, warnings: [] });
        const role = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name: "others" } };
        const all = { ...role, rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }] };
        expect(await refusalSoon(withJudgedLabels(all))).toContain("RBAC-02: Roles name what they give");
        expect(await refusal(all)).toBe("");
        const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "others" } };
        expect(await refusalSoon(withJudgedLabels(namespace))).toContain("NS-01: ");
        expect(await refusal(namespace)).toBe("");
    });
});

/** Samples that show something the API does not take, so that only the pack can speak of it. */
const invalidSamples: readonly string[] = [
    "IMG-02 failing 6: is empty",
    "NS-05 failing 2: spec.ingress[0].from[0] names nobody, which is everybody",
    "POD-06 failing 2: is not set",
    // A container that is a process of the node runs on Windows and has much else that the sample leaves out.
    "POD-08 failing 3: is true",
    "POD-08 failing 4: is true",
    "POD-09 failing 2: is a hostPath",
    // Each type of volume is there without what it needs.
    "POD-09 passing 0",
    "POD-10 failing 3: is the socket of a container runtime",
    // Only pods with a user namespace may unmask /proc.
    "POD-12 failing 0: is Unmasked",
    "POD-12 failing 15: is not set",
    "POD-12 failing 17: is another text",
    "POD-12 failing 1: is another text",
    "POD-12 failing 3: is not set",
    "POD-12 failing 9: is not set",
    "POD-12 passing 1",
    "RBAC-06 passing 1",
];

function podHolder(spec: Readonly<Record<string, unknown>>): KubeObject {
    return { apiVersion: "v1", kind: "Pod", metadata: { name: "app", namespace: judgedNamespace }, spec };
}

function holderOf(kind: string) {
    return holders[kind] ?? podHolder;
}

function podLike(set: Readonly<Record<string, unknown>>): KubeObject {
    return podHolder(acceptable(podOf({ kind: "pod", set: { serviceAccountName: "app", ...set } })));
}

/** The same, once the API server has taken note of a change to its policies. */
async function refusalSoon(object: KubeObject): Promise<string> {
    while ((await refusal(object)) === "") await sleep(100);
    return refusal(object);
}

/** What the API server says against an object; nothing when it would let it in. */
async function refusal(object: KubeObject): Promise<string> {
    const { status, body } = await scene.api.tryOut(listOf(object), object);
    return status < 400 ? "" : body;
}

/** A policy holds some time after it is created: for each kind until one of its bad samples is warned of. */
async function untilWarned(): Promise<void> {
    const failing = rules.filter(({ id }) => compared.has(id)).flatMap(({ samples: { failing } }) => failing);
    const bad = failing
        .flatMap(({ sample }) => objectsOf(sample))
        .filter(isJudged)
        .map(withJudgedLabels);
    for (const kind of new Set(bad.map((object) => object.kind))) {
        const ofKind = bad.filter((object) => object.kind === kind).slice(0, 8);
        const isWarned = async () =>
            (await scene.judge(ofKind, compared)).some(({ server = new Set() }) => server.size > 0);
        while (!(await isWarned())) await sleep(100);
    }
}

async function judgeSamples(): Promise<readonly (Judged & { readonly sample: string })[]> {
    const named = rules
        .filter(({ id }) => compared.has(id))
        .flatMap(({ id, samples: { passing, failing } }) => [
            ...passing.map((sample, index) => ({ name: `${id} passing ${index}`, sample })),
            ...failing.map(({ sample, problem }, index) => ({ name: `${id} failing ${index}: ${problem}`, sample })),
        ])
        .flatMap(({ name, sample }) => objectsOf(sample).map((object) => ({ name, object })))
        .filter(({ object }) => isJudged(object));
    const judged = await scene.judge(
        named.map(({ object }) => withJudgedLabels(object)),
        compared,
    );
    return judged.map((each, index) => ({ ...each, sample: named[index]?.name ?? "" }));
}

/** Who alone says a rule of an object that the API takes. */
function whoAlone(rule: string, { pack, server }: Judged): "pack" | "server" | undefined {
    if (server === undefined || pack.has(rule) === server.has(rule)) return undefined;
    return pack.has(rule) ? "pack" : "server";
}

/** Each kind of disagreement that is not on purpose once, with the smallest object. */
function unexplained(all: readonly Judged[]) {
    const found = all.flatMap((judged) =>
        [...judged.pack, ...(judged.server ?? [])].flatMap((rule) => {
            const saidBy = whoAlone(rule, judged);
            if (saidBy === undefined) return [];
            const known = differences.some(
                (each) => each.rule === rule && each.saidBy === saidBy && each.holds(judged.object),
            );
            return known ? [] : [{ what: `${rule} only by ${saidBy}`, object: JSON.stringify(judged.object) }];
        }),
    );
    const smallest = new Map<string, string>();
    for (const { what, object } of found) {
        if (object.length < (smallest.get(what)?.length ?? Number.POSITIVE_INFINITY)) smallest.set(what, object);
    }
    return [...smallest].map(([what, object]) => ({ what, object }));
}
