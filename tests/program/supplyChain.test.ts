import { judgedResources } from "../../cli/src/judgedResources";
import { demandAtPeak } from "../../components/foundation/demand";
import { millicores } from "../../components/foundation/quantities";
import { detector, scanningSizes, signatureSizes, supplyChainLoads } from "../../components/foundation/supplyChain";
import type { SystemPlace } from "../../components/kubernetes/systemPlace";
import { planKyvernoValues } from "../../components/security/kyvernoValues";
import { planSignaturePolicy } from "../../components/security/signaturePolicy";
import { planRegistryCalls } from "../../components/security/supplyTraffic";
import { planTetragonValues } from "../../components/security/tetragonValues";
import { tracingPolicies } from "../../components/security/tracingPolicies";
import { planTrivyValues } from "../../components/security/trivyValues";
import { exampleUses } from "../../components/settings/examples";
import { copies } from "../../components/settings/sizing";
import { systemLoads } from "../../components/settings/systemLoads";
import { defaultConfiguration } from "../../policy/configuration";
import { judge } from "../../policy/judge";
import { rules } from "../../policy/registry";
import { readPackFiles } from "../../policy/terms/files";
import { bareTerms } from "../../policy/terms/terms";
import { anotherGraph } from "./anotherGraph";
import type { Graph } from "./graph";
import { parsed, refusal, settingsOf, settingsWith, stacks } from "./stack";

const namesOf = (graph: Graph, kind: string) => graph.of(kind).map(({ inputs }) => inputs.metadata.name);
const chartsOf = (graph: Graph) => graph.all.filter(({ type }) => type === "kubernetes:helm.sh/v4:Chart");

const nodes = { labels: { "node-type": "general" }, tolerations: [] };
const system = { labels: { "node-type": "system" }, tolerations: [{ key: "dedicated", operator: "Exists" }] };

/** As much of a place as values are planned from. */
const placeWith = (digests: ReadonlyMap<string, string> = new Map(), pools: object = { general: nodes, system }) =>
    Object.assign(Object.create(null), {
        cluster: { nodes: pools },
        copies: copies.production,
        imageSources: { mirrors: {}, digests },
    }) satisfies SystemPlace;

const keyless = { kind: "keyless", issuer: "https://login.example.org", subject: "release@example.org" } as const;
const pem = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----\n";

describe.each(stacks().map(({ name }) => name))("%s", (stack) => {
    let graph: Graph;
    const { settings } = parsed(settingsOf(stack), `Pulumi.${stack}.yaml`);
    const { supplyChain, environment } = settings;
    beforeAll(async () => {
        graph = await anotherGraph(stack);
    });

    test("has the guards that its environment asks for, and no others", () => {
        const expected = {
            dev: [],
            staging: ["kyverno", "trivy-operator"],
            production: ["kyverno", "tetragon", "trivy-operator"],
        };
        const guards = chartsOf(graph)
            .map(({ name }) => name)
            .filter((name) => ["kyverno", "tetragon", "trivy-operator"].includes(name));
        expect(guards.sort()).toEqual(expected[environment]);
        expect(namesOf(graph, "RuntimeClass")).toEqual([]);
    });

    test("refuses unsigned images in production alone", () => {
        const [policy] = graph.of("ImageValidatingPolicy");
        const { validationActions, failurePolicy } = policy?.inputs.spec ?? {};
        const expected = { dev: [], staging: ["Audit", "Ignore"], production: ["Deny", "Fail"] };
        expect([...(validationActions ?? []), ...(failurePolicy ? [failurePolicy] : [])]).toEqual(
            expected[environment],
        );
    });

    test("asks for signatures in every namespace of its own but Kyverno's", () => {
        const [policy] = graph.of("ImageValidatingPolicy");
        if (policy === undefined) return expect(supplyChain.signatures).toBeUndefined();
        const { matchLabels, matchExpressions } = policy.inputs.spec.matchConstraints.namespaceSelector;
        for (const { inputs } of graph.of("Namespace")) expect(inputs.metadata.labels).toMatchObject(matchLabels);
        expect(matchExpressions).toEqual([
            { key: "kubernetes.io/metadata.name", operator: "NotIn", values: ["kyverno"] },
        ]);
    });

    test("brings up what is to be checked only after the check", () => {
        const [policy] = graph.of("ImageValidatingPolicy");
        if (policy === undefined) return;
        const pods = graph.objects.filter(({ kind }) => /^(Deployment|StatefulSet|DaemonSet)$/.test(kind));
        const early = [...pods, ...chartsOf(graph)]
            .filter((each) => !graph.waitsFor(each, policy))
            .map(({ name }) => name);
        // The first is what the policy itself waits for; the second adds the nodes that all of this runs on.
        expect(early.filter((name) => name !== "kyverno" && name !== "cluster-autoscaler")).toEqual([]);
        expect(policy.inputs.metadata.annotations).toEqual({
            "pulumi.com/waitFor": "jsonpath={.status.conditionStatus.ready}=true",
        });
    });

    test("lets no pod of a guard into a namespace without limits", () => {
        const own = ["kyverno", "trivy-system", "tetragon"].filter((name) =>
            namesOf(graph, "Namespace").includes(name),
        );
        const quotas = graph.of("ResourceQuota").map(({ inputs }) => inputs.metadata.namespace);
        expect(own.filter((name) => !quotas.includes(name))).toEqual([]);
        for (const { inputs } of graph.of("Namespace").filter((each) => own.includes(each.inputs.metadata.name))) {
            expect(inputs.metadata.annotations["tars-platform/unjudged-because"]).toMatch(/\w{3}/);
            expect(inputs.metadata.labels["pod-security.kubernetes.io/enforce"]).toBe(
                inputs.metadata.name === "tetragon" ? "privileged" : "restricted",
            );
        }
    });

    test("counts what its guards take of the nodes", () => {
        const { pods, agents } = systemLoads(settings);
        const planned = supplyChainLoads(supplyChain, settings.copies);
        expect(pods).toEqual(expect.arrayContaining([...planned.pods]));
        expect(agents.includes(detector)).toBe(supplyChain.runtimeDetection);
    });
});

describe("the signature policy", () => {
    const policy = (trust: object) => planSignaturePolicy({ ...keyless, enforcement: "deny", ...trust }, ["kyverno"]);

    test("checks every container of every pod, and turns tags into digests", () => {
        const { validations, matchImageReferences, matchConstraints, validationConfigurations } = policy({});
        expect(validations.map(({ expression }) => expression.match(/images\.\??\w+/g))).toEqual([
            ["images.containers", "images.?initContainers", "images.?ephemeralContainers"],
        ]);
        expect(matchImageReferences).toEqual([{ glob: "*" }]);
        expect(matchConstraints.resourceRules[0]?.resources).toEqual(["pods", "pods/ephemeralcontainers"]);
        expect(validationConfigurations).toEqual({ mutateDigest: true, verifyDigest: true, required: true });
    });

    test("names one signer, exactly", () => {
        const { issuer, subject } = keyless;
        expect(policy({}).attestors).toEqual([
            { name: "release", cosign: { keyless: { identities: [{ issuer, subject }] } } },
        ]);
    });

    test("looks for signatures where the stack keeps them", () => {
        const [attestor] = policy({ repository: "registry.example.org/signatures" }).attestors;
        expect(attestor?.cosign).toMatchObject({ source: { repository: "registry.example.org/signatures" } });
    });

    test.each([
        [true, { key: { data: pem } }],
        [false, { key: { data: pem }, ctlog: { insecureIgnoreTlog: true } }],
    ])("asks for the public log of a key where the stack says so: %s", (transparencyLog, cosign) => {
        const trust = { kind: "key", publicKey: pem, transparencyLog, enforcement: "audit" } as const;
        expect(planSignaturePolicy(trust, []).attestors).toEqual([{ name: "release", cosign }]);
    });
});

describe("values", () => {
    test("of Kyverno run two programs, on the nodes for the system, spread over them", () => {
        const { admissionController, reportsController, backgroundController, cleanupController, global } =
            planKyvernoValues(placeWith(), {});
        expect([backgroundController.enabled, cleanupController.enabled]).toEqual([false, false]);
        expect([admissionController.replicas, reportsController.replicas]).toEqual([3, 2]);
        expect(admissionController.podDisruptionBudget).toEqual({ enabled: true, minAvailable: 2 });
        expect(global.nodeSelector).toEqual(system.labels);
    });

    test("lock images to the digests of the stack", () => {
        const digest = `sha256:${"a".repeat(64)}`;
        const images = [
            "reg.kyverno.io/kyverno/kyverno:v1.19.0",
            "mirror.gcr.io/aquasec/trivy:0.72.0",
            "quay.io/cilium/tetragon:v1.7.0",
        ];
        const place = placeWith(new Map(images.map((image) => [image, digest])));
        expect(planKyvernoValues(place, {}).admissionController.container.image.tag).toBe(`v1.19.0@${digest}`);
        expect(planKyvernoValues(place, {}).reportsController.image.tag).toBe("v1.19.0");
        expect(planTrivyValues(place, {}).trivy.image.tag).toBe(`0.72.0@${digest}`);
        expect(planTetragonValues(place).tetragon.image.tag).toBe(`v1.7.0@${digest}`);
    });

    test("say who a service account is in the cloud, where the stack gives it an identity", () => {
        const identity = Object.assign(Object.create(null), {
            namespace: "kyverno",
            serviceAccount: "kyverno-admission-controller",
            annotations: { "eks.amazonaws.com/role-arn": "a role" },
            podLabels: { "azure.workload.identity/use": "true" },
        });
        const values = planKyvernoValues(placeWith(), { verifier: identity });
        expect(values.admissionController.rbac.serviceAccount.annotations).toEqual(identity.annotations);
        expect(values.admissionController.podLabels).toEqual(identity.podLabels);
        expect(values.reportsController.rbac.serviceAccount.annotations).toEqual({});
    });

    test("put guards onto general nodes where none are kept for the system", () => {
        expect(planTrivyValues(placeWith(new Map(), { general: nodes }), {}).nodeSelector).toEqual(nodes.labels);
    });

    test("of Trivy look for nothing that would need a node's disk or everybody's Secrets", () => {
        const { operator, trivyOperator, nodeCollector } = planTrivyValues(placeWith(), {});
        expect(operator).toMatchObject({
            accessGlobalSecretsAndServiceAccount: false,
            infraAssessmentScannerEnabled: false,
        });
        expect(nodeCollector).toEqual({ volumes: [], volumeMounts: [] });
        expect(trivyOperator.scanJobPodTemplateContainerSecurityContext.capabilities).toEqual({ drop: ["ALL"] });
    });

    test("of Tetragon reach every node, and tell of the nodes what policies find there", () => {
        const values = planTetragonValues(placeWith());
        expect(values.tolerations).toEqual([{ operator: "Exists" }]);
        const lines = values.tetragon.exportDenyList.split("\n").map((line) => JSON.parse(line));
        expect(lines).toEqual([
            { health_check: true },
            { namespace: ["", "kube-system"], event_set: ["PROCESS_EXEC", "PROCESS_EXIT"] },
        ]);
        expect(() => values.tetragon.redactionFilters.split("\n").map((line) => JSON.parse(line))).not.toThrow();
    });
});

test("tracing policies watch pods alone, but for what nobody does to a node", () => {
    const ofNodes = Object.entries(tracingPolicies).filter(([, spec]) => !("podSelector" in spec));
    expect(ofNodes.map(([name]) => name)).toEqual(["kernel-modules"]);
});

describe("registries", () => {
    const cluster = { apiRanges: ["10.0.0.0/16"], monitoringNamespace: "monitoring" };
    const ports = [{ protocol: "TCP", port: 443 }];
    const own = { to: [{ ipBlock: { cidr: "10.0.0.0/16" } }], ports };

    test("are reached where the stack says, beside the network's own", () => {
        const { egress } = planRegistryCalls(cluster, ["203.0.113.0/24"]);
        expect(egress).toEqual([own, { to: [{ ipBlock: { cidr: "203.0.113.0/24" } }], ports }, expect.anything()]);
    });

    test("are anywhere on the Internet, and nowhere in private networks, where it says nothing", () => {
        const { egress } = planRegistryCalls(cluster, []);
        const except = expect.arrayContaining(["10.0.0.0/8", "169.254.0.0/16"]);
        expect(egress).toEqual([own, { to: [{ ipBlock: { cidr: "0.0.0.0/0", except } }], ports }, expect.anything()]);
    });
});

describe("sizes", () => {
    test("of a scanning pod are those of four containers", () => {
        const { scan } = scanningSizes(copies.production);
        expect(scan.requests).toEqual({ cpu: "400m", memory: "512Mi" });
        expect(scan.limits).toEqual({ cpu: "2", memory: "2Gi" });
        expect(scan.scratch).toBe("8Gi");
    });

    test("of all guards together fit into two cores and a half at rest in production", () => {
        const sizes = [
            ...Object.values(signatureSizes(copies.production)),
            ...Object.values(scanningSizes(copies.production)),
        ];
        const atRest = sizes.reduce((sum, { replicas, requests }) => sum + replicas.min * millicores(requests.cpu), 0);
        expect(atRest).toBe(1000);
        expect(demandAtPeak(sizes).requestedCpu).toBeLessThanOrEqual(2500);
    });
});

describe("settings", () => {
    const withSignatures = (changes: object) =>
        settingsWith("prod-aws", "supplyChain.signatures", { ...keyless, ...changes });

    test.each([
        [
            withSignatures({ kind: "key", issuer: undefined, subject: undefined, publicKey: "ssh-ed25519 AAAA" }),
            "supplyChain.signatures.publicKey: must be the PEM text of a public key",
        ],
        [withSignatures({ subject: "*" }), "supplyChain.signatures.subject: must be one signer, exactly"],
        [withSignatures({ issuer: "http://login.example.org" }), "supplyChain.signatures.issuer"],
        [
            withSignatures({ repository: "signatures" }),
            "supplyChain.signatures.repository: must be a registry and a path",
        ],
        [withSignatures({ enforcement: "warn" }), "supplyChain.signatures.enforcement"],
        [
            settingsWith("prod-aws", "supplyChain.sandbox", { handler: "runc", nodes: { sandbox: "yes" } }),
            "supplyChain.sandbox.handler: must be runsc (gVisor), kata",
        ],
        [
            settingsWith("prod-aws", "supplyChain.sandbox", { handler: "runsc", nodes: {} }),
            "supplyChain.sandbox.nodes: must name at least one label",
        ],
        [settingsWith("prod-aws", "supplyChain.registries", ["somewhere"]), "supplyChain.registries"],
    ])("that cannot work are refused: %#", (raw, words) => {
        expect(refusal(raw)).toContain(words);
    });

    test("of a stack win over its environment's", () => {
        const raw = settingsWith("prod-aws", "supplyChain", {
            signatures: { ...keyless, enforcement: "audit" },
            scanning: false,
            runtimeDetection: false,
        });
        const { supplyChain } = parsed(raw, "Pulumi.prod-aws.yaml").settings;
        expect(supplyChain).toMatchObject({
            signatures: { enforcement: "audit" },
            scanning: false,
            runtimeDetection: false,
        });
        expect(supplyChainLoads(supplyChain, copies.production)).toMatchObject({ agents: [] });
    });

    test("with a signer that nobody can be are told of", () => {
        const keys = (raw: ReturnType<typeof settingsOf>) =>
            exampleUses(parsed(raw, "Pulumi.prod-aws.yaml").settings).map(({ key }) => key);
        expect(keys(settingsOf("prod-aws"))).toContain("supplyChain.signatures.issuer");
        expect(keys(withSignatures({ issuer: "https://token.actions.githubusercontent.com" }))).not.toContain(
            "supplyChain.signatures.issuer",
        );
    });
});

test("a stack with nodes for it has a runtime of their own for agents", async () => {
    const graph = await anotherGraph("prod-azure", {
        supplyChain: { sandbox: { handler: "runsc", nodes: { sandbox: "gvisor" } } },
    });
    const { handler, scheduling } = graph.named("RuntimeClass", "sandbox").inputs;
    expect({ handler, scheduling }).toEqual({ handler: "runsc", scheduling: { nodeSelector: { sandbox: "gvisor" } } });
    expect(graph.of("ImageValidatingPolicy")).toEqual([]);
});

test("a stack that asks for it has the image of inference on its nodes before a pod that serves is replaced", async () => {
    const { signatures } = Object(settingsOf("prod-azure").supplyChain);
    const graph = await anotherGraph("prod-azure", { supplyChain: { signatures, prePull: true } });
    const [pull, serving] = [graph.named("DaemonSet", "image-pull"), graph.named("StatefulSet", "ollama")];
    const [holding, used] = [pull.inputs.spec.template.spec, serving.inputs.spec.template.spec];
    expect(holding.containers[0].image).toBe(used.containers[0].image);
    expect(holding.nodeSelector).toEqual(used.nodeSelector);
    expect(holding.tolerations).toEqual(used.tolerations);
    expect(graph.waitsFor(serving, pull)).toBe(true);
    const terms = { ...bareTerms, ...readPackFiles(rules) };
    const { findings } = judge(judgedResources(graph.all), defaultConfiguration, terms);
    const own = findings.filter(({ level, namespace }) => level === "mandatory" && namespace === "image-pull");
    expect(own.map(({ rule, message }) => `${rule} ${message}`)).toEqual([]);
});
