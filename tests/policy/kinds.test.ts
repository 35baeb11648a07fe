import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { groupAndKind, kindOfToken } from "../../policy/resources/kind";
import { builtInKinds, mayHoldPods, podTemplatesOf } from "../../policy/resources/podTemplates";
import { subjectsOf } from "../../policy/resources/subject";
import { kubernetesResource } from "../../policy/samples";

test.each([
    ["kubernetes:core/v1:Pod", "core/Pod", "whole"],
    ["kubernetes:core/v1:PodPatch", "core/Pod", "patch"],
    ["kubernetes:core/v1:PodList", "core/Pod", "list"],
    ["kubernetes:core/v1:List", "core/", "list"],
    ["kubernetes:apps/v1beta2:DeploymentPatch", "apps/Deployment", "patch"],
    ["kubernetes:extensions/v1beta1:DaemonSet", "apps/DaemonSet", "whole"],
    ["kubernetes:extensions/v1beta1:NetworkPolicy", "networking.k8s.io/NetworkPolicy", "whole"],
    ["kubernetes:argoproj.io/v1alpha1:Rollout", "argoproj.io/Rollout", "whole"],
    ["azure-native:containerservice/v20260501:ManagedCluster", "containerservice/ManagedCluster", "whole"],
    ["azure-native:containerservice:ManagedCluster", "containerservice/ManagedCluster", "whole"],
    ["aws:s3/bucketV2:BucketV2", "s3/Bucket", "whole"],
    ["aws:s3/bucket:Bucket", "s3/Bucket", "whole"],
    ["tars:data:VectorStore", "data/VectorStore", "whole"],
    ["", "core/", "whole"],
])("%s is %s (%s)", (token, kind, twin) => {
    const read = kindOfToken(token);
    expect([groupAndKind(read), read.twin]).toEqual([kind, twin]);
});

/** Every type token of the installed Kubernetes SDK. */
function sdkTokens(): readonly string[] {
    const root = path.dirname(require.resolve("@pulumi/kubernetes/package.json"));
    const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
        (file) => file.endsWith(".js") && !file.startsWith("node_modules") && file.split(path.sep).length === 3,
    );
    return files.flatMap(
        (file) => /__pulumiType = '(kubernetes:[^']+)'/.exec(readFileSync(path.join(root, file), "utf8"))?.[1] ?? [],
    );
}

test("every token of the Kubernetes SDK with a twin is read as the kind it is a twin of", () => {
    const tokens = sdkTokens();
    expect(tokens.length).toBeGreaterThan(300);
    const known = new Set(tokens);
    for (const token of tokens) {
        for (const [suffix, twin] of [
            ["Patch", "patch"],
            ["List", "list"],
        ] as const) {
            if (!known.has(`${token}${suffix}`)) continue;
            expect(kindOfToken(`${token}${suffix}`)).toEqual({ ...kindOfToken(token), twin });
        }
    }
});

test("the SDK's kinds with a pod template are those of the table", () => {
    const root = path.dirname(require.resolve("@pulumi/kubernetes/package.json"));
    const inputs = readFileSync(path.join(root, "types", "input.d.ts"), "utf8");
    const interfaces = inputs.split(/^ *interface /m).filter((text) => /template\??: .*\.PodTemplateSpec\b/.test(text));
    const kinds = interfaces.map((text) => text.slice(0, text.indexOf(" ")).replace(/(Spec)?(Patch)?$/, ""));
    const listed = builtInKinds.map((kind) => kind.split("/")[1]);
    expect(kinds).toEqual(expect.arrayContaining(["Deployment", "Job", "PodTemplate", "ReplicationController"]));
    // A CronJob's template is a Job's.
    for (const kind of kinds) expect(listed).toContain(kind);
});

test("lists in lists hide nothing", () => {
    const unheard = { unknown: () => undefined, wrongType: () => undefined };
    const list = (items: unknown) => ({ apiVersion: "v1", kind: "List", items: [items] });
    const inputs = list(list(list(list(list({ apiVersion: "v1", kind: "Pod" })))));
    const subjects = subjectsOf(kubernetesResource("core/v1", "List", inputs), unheard);
    expect(subjects.map(({ kind }) => groupAndKind(kind))).toEqual(["core/Pod"]);
});

test.each([
    ["core/v1", "Pod", (pod: object) => pod, "metadata"],
    ["core/v1", "PodTemplate", (template: object) => ({ template }), "template.metadata"],
    ["apps/v1", "DeploymentPatch", (template: object) => ({ spec: { template } }), "spec.template.metadata"],
    [
        "batch/v1",
        "CronJob",
        (template: object) => ({ spec: { jobTemplate: { spec: { template } } } }),
        "spec.jobTemplate.spec.template.metadata",
    ],
    ["argoproj.io/v1alpha1", "Rollout", (template: object) => ({ spec: { template } }), "spec.template.metadata"],
    ["ray.io/v1", "RayJob", (template: object) => ({ spec: { a: [{ template }] } }), "spec.a[0].template.metadata"],
    ["ray.io/v1", "RayJob", (template: object) => ({ spec: { a: Object.values(template).slice(1) } }), undefined],
])("%s %s keeps the pod's metadata beside its spec", (module, kind, holding, path) => {
    const unheard = { unknown: () => undefined, wrongType: () => undefined };
    const inputs = holding({ metadata: { annotations: {} }, spec: { containers: [{ name: "a", image: "a:1" }] } });
    const templates = subjectsOf(kubernetesResource(module, kind, { ...inputs }), unheard).flatMap(podTemplatesOf);
    expect(templates).toHaveLength(1);
    const found = templates.map(({ metadata }) => metadata).filter(({ isSet }) => isSet);
    expect(found.map((metadata) => metadata.path)).toEqual(path === undefined ? [] : [path]);
});

describe("custom resources", () => {
    const unheard = { unknown: () => undefined, wrongType: () => undefined };
    const pathsIn = (module: string, kind: string, inputs: Readonly<Record<string, unknown>>) =>
        subjectsOf(kubernetesResource(module, kind, inputs), unheard)
            .filter((subject) => mayHoldPods(subject.kind))
            .flatMap(podTemplatesOf)
            .map(({ spec }) => spec.path);

    test("every template below the spec is found, by its shape", () => {
        const template = { spec: { containers: [{ name: "a" }] } };
        const elastic = { spec: { nodeSets: [{ podTemplate: template }, { podTemplate: template }] } };
        expect(pathsIn("elasticsearch.k8s.elastic.co/v1", "Elasticsearch", elastic)).toEqual([
            "spec.nodeSets[0].podTemplate.spec",
            "spec.nodeSets[1].podTemplate.spec",
        ]);
        const job = { spec: { jobTargetRef: { template } } };
        expect(pathsIn("keda.sh/v1alpha1", "ScaledJob", job)).toEqual(["spec.jobTargetRef.template.spec"]);
    });

    const containers = [{ name: "a", image: "a:1" }];

    test("a pod spec under any key is found, once, and one inside another as well", () => {
        const served = {
            predictor: { containers, minReplicas: 1, workerSpec: { initContainers: containers, containers } },
            transformer: { containers: [{ name: "kserve-container", securityContext: { privileged: true } }] },
            explainer: { alibi: { type: "AnchorTabular" } },
        };
        expect(pathsIn("serving.kserve.io/v1beta1", "InferenceService", { spec: served })).toEqual([
            "spec.predictor",
            "spec.predictor.workerSpec",
            "spec.transformer",
        ]);
        expect(pathsIn("serving.kserve.io/v1alpha1", "ServingRuntime", { spec: { containers } })).toEqual(["spec"]);
        const spark = { driver: { template: { spec: { containers } } }, executor: { pod: { containers } } };
        expect(pathsIn("sparkoperator.k8s.io/v1beta2", "SparkApplication", { spec: spark })).toEqual([
            "spec.driver.template.spec",
            "spec.executor.pod",
        ]);
        const rollout = { template: { spec: { containers, nested: { containers } } } };
        expect(pathsIn("argoproj.io/v1alpha1", "Rollout", { spec: rollout })).toEqual(["spec.template.spec"]);
    });

    test("one with init containers alone is a pod spec too", () => {
        const init = { initContainers: [{ name: "sysctl", securityContext: { privileged: true } }] };
        const elastic = { spec: { nodeSets: [{ podTemplate: { spec: init } }] } };
        expect(pathsIn("elasticsearch.k8s.elastic.co/v1", "Elasticsearch", elastic)).toEqual([
            "spec.nodeSets[0].podTemplate.spec",
        ]);
    });

    test.each([
        ["names", ["a", "b"]],
        ["mappings of another kind", [{ name: "a", cpu: "1" }]],
        ["a mapping", { a: { image: "a:1" } }],
        ["a number", 3],
        ["nothing", []],
    ])("a list of containers that holds %s is no pod", (_, list) => {
        expect(pathsIn("example.com/v1", "Thing", { spec: { containers: list, scope: { containers: list } } })).toEqual(
            [],
        );
    });

    test("names of containers below a spec are no pod either", () => {
        const inputs = { spec: { a: { spec: { containers: ["a"] } } } };
        expect(pathsIn("example.com/v1", "Thing", inputs)).toEqual([]);
    });

    test("what only describes containers holds none", () => {
        expect(
            pathsIn("apiextensions.k8s.io/v1", "CustomResourceDefinition", {
                spec: { a: { spec: { containers: [] } } },
            }),
        ).toEqual([]);
        expect(
            pathsIn("monitoring.coreos.com/v1", "Prometheus", { spec: { containers: [{ name: "patch" }] } }),
        ).toEqual([]);
        const pattern = { spec: { rules: [{ validate: { pattern: { spec: { containers } } } }] } };
        expect(pathsIn("kyverno.io/v1", "ClusterPolicy", pattern)).toEqual([]);
        expect(pathsIn("constraints.gatekeeper.sh/v1beta1", "K8sAllowedRepos", pattern)).toEqual([]);
        expect(pathsIn("core/v1", "ConfigMap", { data: { spec: { containers: [] } } })).toEqual([]);
    });
});
