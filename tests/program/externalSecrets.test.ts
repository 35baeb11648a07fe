import { vaultOf, vaultSettings } from "../../components/cloud/existing/secretStore";
import { planProvider } from "../../components/security/secretStore";
import { anotherGraph } from "./anotherGraph";
import { type Graph, inNamespace } from "./graph";
import { devSettings } from "./stack";

type Changes = Readonly<Record<string, unknown>>;

/** The graph of one stack is captured once in a program's life, and once here. */
const captured = new Map<string, Promise<Graph>>();
function graphOf(stack: string, changes: Changes = {}): Promise<Graph> {
    const key = JSON.stringify([stack, changes]);
    const graph = captured.get(key) ?? anotherGraph(stack, changes);
    captured.set(key, graph);
    return graph;
}

const vault = {
    kind: "vault",
    server: "https://vault.example.com:8200",
    path: "team/kv",
    role: "tars",
    ranges: ["192.168.20.8/32"],
};
const secondPassword: Changes = { secrets: { databaseGeneration: 2 } };
const onVault: Changes = { cluster: { ...Object(devSettings().cluster), secretStore: vault } };

/** Everything in the operator's namespace, and what of its kinds is elsewhere. */
const ofOperator = (graph: Graph) =>
    graph.objects.filter(
        ({ inputs, name }) => inputs.metadata?.namespace === "external-secrets" || /external-secrets/.test(name),
    );

const chartOf = (graph: Graph) => {
    const [chart, ...others] = graph.of("Chart").filter(({ inputs }) => inputs.chart === "external-secrets");
    if (chart === undefined || others.length > 0) throw new Error("not one chart of External Secrets");
    return chart;
};
const policy = (graph: Graph, name: string) => {
    const own = graph.of("NetworkPolicy").filter(({ inputs }) => inputs.metadata.namespace === "external-secrets");
    return own.find(({ inputs }) => inputs.metadata.name === name)?.inputs.spec;
};
const blocks = (rules: readonly { readonly to: readonly { readonly ipBlock: { readonly cidr: string } }[] }[]) =>
    rules.map(({ to }) => to.map(({ ipBlock }) => ipBlock.cidr));

describe.each<[stack: string, changes: Changes, copies: readonly [number, number]]>([
    ["prod-azure", {}, [2, 3]],
    ["prod-aws", secondPassword, [2, 3]],
    ["dev", onVault, [1, 1]],
])("%s", (stack, changes, [controllers, webhooks]) => {
    let graph: Graph;
    beforeAll(async () => {
        graph = await graphOf(stack, changes);
    });

    test("runs the operator from its pinned chart, after its definitions and the account that the store knows", () => {
        const chart = chartOf(graph);
        expect(chart.inputs).toMatchObject({
            version: "2.9.0",
            repositoryOpts: { repo: "https://charts.external-secrets.io" },
            namespace: "external-secrets",
            skipCrds: true,
            values: {
                installCRDs: false,
                replicaCount: controllers,
                leaderElect: true,
                image: { repository: "ghcr.io/external-secrets/external-secrets", tag: "v2.9.0" },
                serviceAccount: { create: false, name: "external-secrets" },
                webhook: { replicaCount: webhooks, certManager: { enabled: true } },
            },
        });
        const earlier = [
            graph.all.find(({ name }) => name === "external-secrets-definitions"),
            graph.named("ServiceAccount", "external-secrets"),
            graph.of("Chart").find(({ inputs }) => /cert-manager$/.test(inputs.chart)),
            inNamespace(graph, "external-secrets").named("Certificate", "webhook-authority"),
        ];
        for (const found of earlier) expect(found !== undefined && graph.waitsFor(chart, found)).toBe(true);
    });

    test("lets the operator do what is used and no more", () => {
        const { values } = chartOf(graph).inputs;
        expect(values.rbac).toEqual({
            create: true,
            serviceAccountTokenCreate: false,
            aggregateToView: true,
            aggregateToEdit: false,
            aggregateToAdmin: false,
            servicebindings: { create: false },
        });
        expect(values.certController).toEqual({ create: false });
        const off = ["ClusterExternalSecret", "ClusterPushSecret", "ClusterGenerator", "SecretStore"];
        for (const what of off) expect(values[`process${what}`]).toBe(false);
    });

    test("hardens its pods, and lets one at a time be taken from its node", () => {
        const { values } = chartOf(graph).inputs;
        for (const [part, pods] of [
            [values, controllers],
            [values.webhook, webhooks],
        ]) {
            expect(part.securityContext).toMatchObject({
                runAsNonRoot: true,
                readOnlyRootFilesystem: true,
                allowPrivilegeEscalation: false,
                capabilities: { drop: ["ALL"] },
                seccompProfile: { type: "RuntimeDefault" },
            });
            expect(part.podSecurityContext).toMatchObject({
                runAsNonRoot: true,
                runAsUser: 65_534,
                runAsGroup: 65_534,
            });
            expect(part.serviceAccount.automount).toBe(false);
            expect(part.extraVolumes[0].projected.sources[0]).toEqual({
                serviceAccountToken: { path: "token", expirationSeconds: 3600 },
            });
            expect(part.priorityClassName).toBe("tars-system");
            expect(Object.keys(part.resources.limits).sort()).toEqual(["cpu", "ephemeral-storage", "memory"]);
            const budget = pods > 1 ? { enabled: true, minAvailable: pods - 1 } : { enabled: false };
            expect(part.podDisruptionBudget).toEqual(budget);
        }
    });

    test("opens the store to the platform's namespaces, once the operator is there", () => {
        const store = graph.named("ClusterSecretStore", "platform");
        expect(store.inputs.spec.conditions).toEqual([{ namespaces: ["external-secrets", "tars"] }]);
        expect(store.inputs.metadata.annotations).toEqual({ "pulumi.com/waitFor": "condition=Ready" });
        expect(graph.waitsFor(store, chartOf(graph))).toBe(true);
        expect(JSON.stringify(store.inputs.spec)).not.toMatch(/secretref/i);
        expect(graph.of("SecretStore")).toEqual([]);
    });

    test("pushes each generated secret once, from a Secret that nobody can change, to an entry of its generation", () => {
        const pushes = graph.of("PushSecret");
        const database = changes === secondPassword ? 2 : 1;
        const names = ["cache-password-1", `database-password-${database}`, "jwt-key-1"].map(
            (name) => `generated-${name}`,
        );
        expect(pushes.map(({ inputs }) => inputs.metadata.name).sort()).toEqual(names);
        for (const push of pushes) {
            const { name } = push.inputs.metadata;
            expect(push.inputs.spec).toMatchObject({
                updatePolicy: "IfNotExists",
                deletionPolicy: "None",
                secretStoreRefs: [{ kind: "ClusterSecretStore", name: "platform" }],
                selector: { secret: { name } },
                data: [{ match: { remoteRef: { remoteKey: name } } }],
            });
            const source = graph.named("Secret", name);
            expect(source.inputs).toMatchObject({ immutable: true, metadata: { namespace: "external-secrets" } });
            for (const earlier of [source, graph.named("ClusterSecretStore", "platform")])
                expect(graph.waitsFor(push, earlier)).toBe(true);
        }
    });

    test("lets everybody there call the API server, and only the controller call the store", () => {
        const apis = policy(graph, "api-server");
        expect(apis.podSelector).toEqual({ matchLabels: { "app.kubernetes.io/instance": "external-secrets" } });
        expect(apis.egress[0].ports.map(({ port }: { port: number }) => port)).toEqual([443, 6443]);
        expect(policy(graph, "store").podSelector).toEqual({
            matchLabels: { "app.kubernetes.io/name": "external-secrets" },
        });
        const webhook = policy(graph, "webhook");
        expect(webhook.podSelector.matchLabels).toEqual({ "app.kubernetes.io/name": "external-secrets-webhook" });
        expect(webhook.ingress[0].ports).toEqual([{ protocol: "TCP", port: 10250 }]);
        const everybody = [...apis.egress[0].to, ...webhook.ingress[0].from].filter(
            ({ ipBlock }) => ipBlock?.cidr === "0.0.0.0/0",
        );
        expect(everybody).toEqual([]);
    });
});

describe("on Azure the operator", () => {
    let graph: Graph;
    beforeAll(async () => {
        graph = await graphOf("prod-azure");
    });

    test("logs in to the vault as its pods' identity", () => {
        const { spec } = graph.named("ClusterSecretStore", "platform").inputs;
        expect(spec.provider).toEqual({ azurekv: { authType: "WorkloadIdentity", vaultUrl: expect.any(String) } });
        expect(graph.named("ServiceAccount", "external-secrets").inputs.metadata.annotations).toMatchObject({
            "azure.workload.identity/client-id": "[clientId of identities-secrets]",
        });
        expect(chartOf(graph).inputs.values.podLabels).toEqual({ "azure.workload.identity/use": "true" });
        expect(chartOf(graph).inputs.values.webhook.podLabels).toBeUndefined();
    });

    test("reaches the vault in the network, and Entra where it answers", () => {
        const { egress } = policy(graph, "store");
        expect(blocks(egress)).toEqual([
            ["10.20.0.0/16", "20.20.32.0/19", "20.190.128.0/18", "20.231.128.0/19", "40.126.0.0/18"],
        ]);
        expect(egress[0].ports).toEqual([{ protocol: "TCP", port: 443 }]);
    });

    test("marks entries as whose they are", () => {
        const [push] = graph.of("PushSecret");
        const metadata = push?.inputs.spec.data[0].metadata;
        expect(metadata).toMatchObject({
            apiVersion: "kubernetes.external-secrets.io/v1alpha1",
            kind: "PushSecretMetadata",
        });
        expect(metadata.spec.tags).toMatchObject({ owner: "platform-team", environment: "production" });
        expect(metadata.spec.tags["managed-by"]).toBeUndefined();
    });
});

describe("on AWS the operator", () => {
    let graph: Graph;
    beforeAll(async () => {
        graph = await graphOf("prod-aws", secondPassword);
    });

    test("logs in to Secrets Manager as its pods' role, under the stack's prefix", () => {
        const { spec } = graph.named("ClusterSecretStore", "platform").inputs;
        expect(spec.provider).toEqual({
            aws: { service: "SecretsManager", region: "eu-central-1", prefix: "tars-production/" },
        });
        const { annotations } = graph.named("ServiceAccount", "external-secrets").inputs.metadata;
        // Known once the cloud lets its pods have it: those that start before are told nothing.
        expect(annotations).toEqual({ "tars-platform/identity": expect.any(String) });
        expect(chartOf(graph).inputs.values.podLabels).toEqual({});
    });

    test("reaches its endpoint in the network, and the agent that says who it is", () => {
        const { egress } = policy(graph, "store");
        expect(blocks(egress)).toEqual([["10.40.0.0/16"], ["169.254.170.23/32"]]);
        expect(egress.map(({ ports }: { ports: { port: number }[] }) => ports[0]?.port)).toEqual([443, 80]);
    });

    test("adds entries as text, encrypted with the stack's key", () => {
        const [push] = graph.of("PushSecret");
        expect(push?.inputs.spec.data[0].metadata.spec).toMatchObject({
            secretPushFormat: "string",
            kmsKeyId: "[arn of keys-key]",
            tags: { owner: "platform-team" },
        });
    });

    test("adds an entry for a new generation and names the old one no more", () => {
        const names = graph.of("PushSecret").map(({ inputs }) => inputs.metadata.name);
        expect(names).toContain("generated-database-password-2");
        expect(names).not.toContain("generated-database-password-1");
        expect(graph.of("Secret").map(({ inputs }) => inputs.metadata.name)).not.toContain(
            "generated-database-password-1",
        );
    });
});

describe("on a cluster that is given", () => {
    test("there is no store, and so no operator", async () => {
        const graph = await graphOf("dev");
        expect(ofOperator(graph)).toEqual([]);
        for (const kind of ["ClusterSecretStore", "PushSecret"]) expect(graph.of(kind)).toEqual([]);
    });

    test("a Vault server is logged in to by the operator's own account", async () => {
        const graph = await graphOf("dev", onVault);
        expect(graph.named("ClusterSecretStore", "platform").inputs.spec.provider).toEqual({
            vault: {
                server: "https://vault.example.com:8200",
                path: "team/kv",
                version: "v2",
                auth: { kubernetes: { mountPath: "kubernetes", role: "tars" } },
            },
        });
        const { egress } = policy(graph, "store");
        expect([blocks(egress), egress[0].ports]).toEqual([[["192.168.20.8/32"]], [{ protocol: "TCP", port: 8200 }]]);
        for (const { inputs } of graph.of("PushSecret")) expect(inputs.spec.data[0].metadata).toBeUndefined();
    });

    test("who vouches for the server is passed on, and https needs no port", () => {
        const authorities = Buffer.from("-----BEGIN CERTIFICATE-----\n").toString("base64");
        const provider = vaultOf(vaultSettings.parse({ ...vault, server: "https://vault.example.com", authorities }));
        expect(planProvider(provider)).toMatchObject({ vault: { caBundle: authorities } });
        expect(provider.reach).toEqual([{ ranges: ["192.168.20.8/32"], port: 443 }]);
    });
});
