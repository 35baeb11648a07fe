import { accessMatrix, isOpen } from "../../cli/src/access/matrix";
import { planEnvironment, startScript } from "../../components/data/vectors/environment";
import { storeNames } from "../../components/data/vectors/vectorStore";
import { mayLandOn } from "../../components/foundation/loads";
import { bytes, millicores } from "../../components/foundation/quantities";
import { vectorLoads } from "../../components/foundation/vectors";
import { exampleUses } from "../../components/settings/examples";
import { systemLoads } from "../../components/settings/systemLoads";
import { anotherGraph } from "./anotherGraph";
import { type Graph, inNamespace } from "./graph";
import { parsed, type Raw, settingsOf } from "./stack";

jest.setTimeout(600_000);

/** The program's graph is captured once in its life, so each stack has a program of its own. */
async function graphOf(stack: Stack): Promise<Graph> {
    return anotherGraph(stack, withVectors(stack));
}

type Stack = "dev" | "prod-aws" | "prod-azure";

const qdrant = { namespace: "vector-store", serviceAccount: "qdrant", permissions: ["backups.write"] };

/** What a stack says that keeps vectors, whatever its file says of them. */
function withVectors(stack: Stack, vectors: Raw = {}): Raw {
    const settings = settingsOf(stack);
    const data = { ...Object(settings.data), vectors: { kind: "qdrant", ...vectors } };
    if (stack !== "prod-aws") return { data };
    const aws = Object(settings.aws);
    return { data, aws: { ...aws, identities: { ...aws.identities, qdrant } } };
}

const settingsWith = (stack: Stack, vectors: Raw = {}) =>
    parsed({ ...settingsOf(stack), ...withVectors(stack, vectors) }, `Pulumi.${stack}.yaml`).settings;

describe("production on AWS, with a store of vectors", () => {
    let graph: Graph;
    let own: Graph;
    beforeAll(async () => {
        graph = await graphOf("prod-aws");
        own = inNamespace(graph, "vector-store");
    });
    const store = () => own.named("StatefulSet", "qdrant").inputs;
    const api = () => own.named("Deployment", "pinecone-service").inputs;
    const containerOf = ({ spec }: ReturnType<typeof store>) => spec.template.spec.containers[0];
    const environmentOf = (inputs: ReturnType<typeof store>) =>
        Object.fromEntries(
            containerOf(inputs).env.map(({ name, ...rest }: { name: string; value?: string }) => [
                name,
                rest.value ?? rest,
            ]),
        );

    test("has Qdrant three times, all started at once, each with a volume that outlives it", () => {
        expect(store().spec).toMatchObject({
            replicas: 3,
            serviceName: "qdrant-headless",
            podManagementPolicy: "Parallel",
            persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
        });
        const [claim] = store().spec.volumeClaimTemplates;
        expect(claim.spec.resources.requests.storage).toBe("100Gi");
        expect(containerOf(store()).image).toMatch(/^docker\.io\/qdrant\/qdrant:v1\.19\.0-unprivileged/);
        expect(containerOf(store()).ports).toEqual([
            { name: "https", containerPort: 6333 },
            { name: "grpc", containerPort: 6334 },
            { name: "p2p", containerPort: 6335 },
        ]);
        expect(own.of("HorizontalPodAutoscaler").map(({ inputs }) => inputs.metadata.name)).toEqual([
            "pinecone-service",
        ]);
    });

    test("spreads it over zones and nodes come what may, and lets one pod go at a time", () => {
        const constraints = store().spec.template.spec.topologySpreadConstraints;
        expect(constraints.map((each: Raw) => [each.topologyKey, each.whenUnsatisfiable])).toEqual([
            ["topology.kubernetes.io/zone", "DoNotSchedule"],
            ["kubernetes.io/hostname", "DoNotSchedule"],
        ]);
        expect(own.named("PodDisruptionBudget", "qdrant").inputs.spec.maxUnavailable).toBe(1);
    });

    test("takes no call of anybody without TLS and a key, and probes without either", () => {
        expect(environmentOf(store())).toMatchObject({
            QDRANT__SERVICE__ENABLE_TLS: "true",
            QDRANT__SERVICE__API_KEY: { valueFrom: { secretKeyRef: { name: "qdrant-keys", key: "api-key" } } },
            QDRANT__SERVICE__READ_ONLY_API_KEY: {
                valueFrom: { secretKeyRef: { name: "qdrant-keys", key: "read-only-api-key" } },
            },
            QDRANT__STORAGE__COLLECTION__REPLICATION_FACTOR: "2",
        });
        const { livenessProbe, readinessProbe } = containerOf(store());
        expect(livenessProbe.httpGet).toEqual({ path: "/livez", port: 6333, scheme: "HTTPS" });
        expect(readinessProbe.httpGet).toEqual({ path: "/readyz", port: 6333, scheme: "HTTPS" });
        const made = graph.all.filter(({ type }) => type === "random:index/randomPassword:RandomPassword");
        const names = made.map(({ name }) => name);
        expect(names).toEqual(expect.arrayContaining(["secrets-vectors-key", "secrets-vectors-read-key"]));
    });

    test("sends snapshots to the locked store of backups, under an identity and no key", () => {
        const environment = environmentOf(store());
        expect(environment).toMatchObject({
            QDRANT__STORAGE__SNAPSHOTS_CONFIG__SNAPSHOTS_STORAGE: "s3",
            QDRANT__STORAGE__SNAPSHOTS_CONFIG__S3_CONFIG__REGION: "eu-central-1",
            // Its names in the store begin with it, below the folder that the identity may write to.
            QDRANT__STORAGE__SNAPSHOTS_PATH: "/qdrant/snapshots",
            AWS_CHECKSUM_ALGORITHM: "sha256",
        });
        expect(environment.QDRANT__STORAGE__SNAPSHOTS_CONFIG__S3_CONFIG__BUCKET).toMatch(/backups/);
        expect(Object.keys(environment).filter((name) => /ACCESS_KEY|SECRET_KEY/.test(name))).toEqual([]);
        const account = own.named("ServiceAccount", "qdrant");
        expect(account.inputs.metadata.annotations).toHaveProperty("tars-platform/identity");
        expect(graph.waitsFor(own.named("StatefulSet", "qdrant"), account)).toBe(true);
        const { egress } = own.named("NetworkPolicy", "qdrant-snapshots").inputs.spec;
        const reached = egress.flatMap(({ to }: { to: { ipBlock: { cidr: string } }[] }) =>
            to.map(({ ipBlock }) => ipBlock.cidr),
        );
        expect(reached).toEqual(["169.254.170.23/32", "0.0.0.0/0"]);
    });

    test("has a certificate for the service and for every pod that there may be, signed by an authority of its own", () => {
        expect(own.named("Certificate", "qdrant").inputs.spec).toMatchObject({
            secretName: "qdrant-tls",
            dnsNames: [...storeNames],
            usages: ["server auth"],
            duration: "2160h0m0s",
            issuerRef: { kind: "Issuer", name: "qdrant" },
        });
        expect(own.named("Issuer", "qdrant").inputs.spec).toEqual({ ca: { secretName: "qdrant-authority" } });
        expect(storeNames).toEqual(
            expect.arrayContaining([
                "qdrant.vector-store.svc.cluster.local",
                "qdrant-0.qdrant-headless",
                "qdrant-8.qdrant-headless",
            ]),
        );
    });

    test("has the service of requirements/003 with its figures", () => {
        const container = containerOf(api());
        expect(container.resources.requests).toMatchObject({ cpu: "2", memory: "4Gi" });
        expect(container.resources.limits).toMatchObject({ cpu: "4", memory: "8Gi" });
        expect(container.ports).toEqual([{ name: "http", containerPort: 8080 }]);
        expect(own.named("HorizontalPodAutoscaler", "pinecone-service").inputs.spec).toMatchObject({
            minReplicas: 2,
            maxReplicas: 10,
            metrics: [
                {
                    type: "Resource",
                    resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
                },
            ],
        });
        expect(api().spec.template.metadata.labels.app).toBe("vector-store");
        const { affinity, tolerations, nodeSelector } = api().spec.template.spec;
        expect(affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution).toEqual([
            {
                weight: 100,
                preference: { matchExpressions: [{ key: "node-type", operator: "In", values: ["memory-optimized"] }] },
            },
        ]);
        const terms = affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms;
        expect(
            terms.map((term: { matchExpressions: { values: string[] }[] }) => term.matchExpressions[0]?.values),
        ).toEqual([["memory-optimized"], ["general"]]);
        expect(tolerations).toContainEqual(expect.objectContaining({ key: "node-type", value: "memory-optimized" }));
        expect(nodeSelector).toBeUndefined();
    });

    test("runs it under the account of requirements/003, made once, with a token that it asks for itself", () => {
        const accounts = own.of("ServiceAccount").filter(({ inputs }) => inputs.metadata.name === "pinecone-service");
        expect(accounts).toHaveLength(1);
        const [account] = accounts;
        if (account === undefined) throw new Error("no account");
        expect(graph.waitsFor(own.named("Deployment", "pinecone-service"), account)).toBe(true);
        expect(own.named("Role", "pinecone-reader").inputs.rules).toEqual([
            { apiGroups: [""], resources: ["pods", "services"], verbs: ["get", "list", "watch"] },
        ]);
        const pod = api().spec.template.spec;
        expect(pod.serviceAccountName).toBe("pinecone-service");
        expect(pod.automountServiceAccountToken).toBe(false);
        expect(JSON.stringify(pod.volumes)).toContain("serviceAccountToken");
    });

    test("shows it one key and the authority, never the store's own key", () => {
        const volumes = api().spec.template.spec.volumes;
        const items = volumes.flatMap(({ secret }: Raw) => (secret === undefined ? [] : [secret]));
        expect(items).toEqual([
            expect.objectContaining({ secretName: "qdrant-keys", items: [{ key: "api-key", path: "api-key" }] }),
            expect.objectContaining({ secretName: "qdrant-tls", items: [{ key: "ca.crt", path: "ca.crt" }] }),
        ]);
        expect(environmentOf(api())).toMatchObject({
            QDRANT_API_KEY_FILE: "/run/secrets/qdrant-key/api-key",
            QDRANT_CA_FILE: "/run/secrets/qdrant-authority/ca.crt",
        });
        expect(graph.waitsFor(own.named("Deployment", "pinecone-service"), own.named("StatefulSet", "qdrant"))).toBe(
            true,
        );
    });

    test("takes its callers' namespace and label together, and lets it out to metrics and the store alone", () => {
        const { ingress, egress } = own.named("NetworkPolicy", "pinecone-service").inputs.spec;
        const [from] = ingress;
        expect(from.from).toContainEqual({
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "api-gateway" } },
            podSelector: { matchLabels: { role: "client" } },
        });
        expect(from.ports[0]).toEqual({ protocol: "TCP", port: 8080 });
        expect(egress[0].to).toEqual([
            { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } } },
        ]);
        expect(egress[0].ports[0]).toEqual({ protocol: "TCP", port: 9090 });
    });

    test("opens the store to the service and to its own pods, in the network and in the mesh, and to nobody else", () => {
        const open = accessMatrix(graph.all).filter(({ to }) => to === "vector-store/qdrant");
        const called = open.filter(isOpen).map(({ from, port }) => `${from}:${port}`);
        expect(called.sort()).toEqual([
            "vector-store/pinecone-service:6333",
            "vector-store/pinecone-service:6334",
            "vector-store/qdrant:6333",
            "vector-store/qdrant:6335",
            "vector-store/vectors-backup:6333",
        ]);
    });

    test("has room for every pod of both in the quota, which is never less than the document's", () => {
        const { hard } = own.named("ResourceQuota", "quota").inputs.spec;
        // (10 + 2) x 2 of the service while it is rolled out, 3 x 2 of the store, a backup and two drills, each a quarter beside its program or server.
        expect(hard["requests.cpu"]).toBe("34750m");
        expect(bytes(hard["requests.memory"])).toBe((12 * 4 + 3 * 8 + 0.5 + 2 * 8.5) * 2 ** 30);
        expect(millicores(hard["limits.cpu"])).toBe((12 * 4 + 3 * 4 + 0.25 + 2 * 4.25) * 1000);
        expect(hard.persistentvolumeclaims).toBe("5");
    });
});

describe("production on Azure, whose store speaks no S3", () => {
    let own: Graph;
    beforeAll(async () => {
        own = inNamespace(await graphOf("prod-azure"), "vector-store");
    });

    test("keeps snapshots with the pods, and lets these call nobody outside", () => {
        const text = JSON.stringify(own.named("StatefulSet", "qdrant").inputs);
        expect(text).not.toContain("SNAPSHOTS_CONFIG");
        expect(own.of("NetworkPolicy").map(({ inputs }) => inputs.metadata.name)).not.toContain("qdrant-snapshots");
    });

    test("counts the proxy that the mesh puts into each pod", () => {
        const { mode } = settingsWith("prod-azure").mesh;
        expect(mode).toBe("sidecar");
        const loads = vectorLoads(settingsWith("prod-azure").data.vectors, mode);
        expect(loads.map(({ size }) => size.sidecar !== undefined)).toEqual([true, true]);
    });
});

describe("dev, with a store of vectors", () => {
    let own: Graph;
    beforeAll(async () => {
        own = inNamespace(await graphOf("dev"), "vector-store");
    });

    test("has one pod of Qdrant, on the nodes that there are, and the document's quota at least", () => {
        const { spec } = own.named("StatefulSet", "qdrant").inputs;
        expect(spec.replicas).toBe(1);
        expect(spec.template.spec.affinity).toBeUndefined();
        expect(own.named("ResourceQuota", "quota").inputs.spec.hard).toMatchObject({
            "requests.cpu": "16",
            "requests.memory": "32Gi",
            "limits.cpu": "32",
            "limits.memory": "64Gi",
        });
    });
});

test("pods that the memory pool has no room for need it among general nodes, so each pool must have room for all", () => {
    const [load] = vectorLoads(settingsWith("prod-aws").data.vectors, "ambient");
    if (load === undefined) throw new Error("nothing is counted");
    expect(mayLandOn(load, new Set(["general", "memory", "gpu"]))).toEqual(["memory", "general"]);
    expect(mayLandOn(load, new Set(["general"]))).toEqual(["general"]);
    expect(mayLandOn({ roles: ["memory", "general"] }, new Set(["general", "memory"]))).toEqual(["memory"]);
});

test("what keeps vectors is counted where a stack has it, and its image is told from an owner's own", () => {
    const names = (settings: ReturnType<typeof settingsWith>) => systemLoads(settings).pods.map(({ name }) => name);
    expect(names(settingsWith("dev"))).toEqual(expect.arrayContaining(["qdrant", "pinecone-service"]));
    const off = parsed({ ...settingsOf("dev"), data: { vectors: { kind: "off" } } }).settings;
    expect(names(off)).not.toContain("qdrant");
    const keys = (settings: ReturnType<typeof settingsWith>) => exampleUses(settings).map(({ key }) => key);
    expect(keys(settingsWith("dev"))).toContain("data.vectors.api.image.registry");
    expect(keys(off)).not.toContain("data.vectors.api.image.registry");
    const image = { registry: "registry.internal" };
    expect(keys(settingsWith("dev", { api: { image } }))).not.toContain("data.vectors.api.image.registry");
});

test("a write is answered by two of three copies, and by one where there are two, which nobody could else write to", () => {
    const factorOf = (replicationFactor: number) =>
        planEnvironment({ keys: "keys", replicationFactor, snapshots: undefined }).find(
            ({ name }) => name === "QDRANT__STORAGE__COLLECTION__WRITE_CONSISTENCY_FACTOR",
        )?.value;
    expect([1, 2, 3, 5].map(factorOf)).toEqual(["1", "1", "2", "3"]);
});

test("a pod joins the first one by its own name", () => {
    expect(startScript).toContain("--bootstrap http://qdrant-0.qdrant-headless:6335");
    expect(startScript).toContain('--uri "http://$HOSTNAME.qdrant-headless:6335"');
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell that reads it
    expect(startScript).toContain('"${HOSTNAME##*-}"');
});
