import { bytes, millicores } from "../../components/foundation/quantities";
import { type Graph, inNamespace, type KubernetesObject, readGraph } from "./graph";

/** Everything, and what of it belongs to the namespace of the applications or to none. */
let whole: Graph;
let graph: Graph;
beforeAll(async () => {
    whole = await readGraph("dev");
    graph = inNamespace(whole, "tars");
});

const workloadKinds = ["Deployment", "StatefulSet"];
const workloads = () => workloadKinds.flatMap((kind) => graph.of(kind));
const podsOf = (workload: KubernetesObject) => workload.inputs.spec.template;
const nameOf = ({ inputs }: KubernetesObject): string => inputs.metadata.name;

/** Whether a selector's labels are all among the given ones. */
function selects(selector: Record<string, string>, labels: Record<string, string>): boolean {
    return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

describe("every registration", () => {
    test("has a parent, but for the stack", () => {
        const orphans = graph.all.filter(({ parent, type }) => parent === "" && type !== "pulumi:pulumi:Stack");
        expect(orphans).toEqual([]);
    });

    test("names its provider, where it has one", () => {
        const custom = graph.all.filter(({ type }) => /^(kubernetes|random|tls):/.test(type));
        expect(custom.length).toBeGreaterThan(40);
        expect(custom.filter(({ provider }) => !provider.includes("pulumi:providers:"))).toEqual([]);
    });

    test("shows no secret", () => {
        for (const { inputs } of whole.of("Secret")) expect(inputs.stringData).toBe("[secret]");
        expect(JSON.stringify(graph.all)).not.toMatch(/admin_001|\[base64\]|\[privateKeyPem\]/);
    });
});

describe("the cluster's provider", () => {
    test("is bound to one cluster, applies on the server and updates configuration in place", () => {
        const provider = graph.all.find(
            ({ type, name }) => type === "pulumi:providers:kubernetes" && name === "cluster",
        );
        expect(provider?.inputs).toEqual({
            clusterIdentifier: "00000000-0000-0000-0000-000000000000",
            enableServerSideApply: "true",
            kubeconfig: "",
            enableConfigMapMutable: "true",
            enableSecretMutable: "true",
        });
    });

    test("makes every object, and only once the cluster's identity is confirmed", () => {
        const providers = new Set(whole.objects.map(({ provider }) => provider));
        expect([...providers]).toEqual([expect.stringMatching(/::cluster$/)]);
        const provider = graph.all.find(({ urn }) => providers.has(urn));
        expect(provider?.dependencies).toContainEqual(expect.stringMatching(/pulumi:index:Stash::cluster-identity$/));
    });
});

describe("every object", () => {
    test("is in a namespace that the graph makes, or in none", () => {
        const namespaces = whole.of("Namespace").map(nameOf);
        expect(namespaces).toContain("tars");
        const ofCluster = /^(Namespace|PriorityClass|ClusterIssuer|ClusterRole(Binding)?|ValidatingAdmissionPolicy.*)$/;
        const others = whole.objects.filter(({ kind, inputs }) => inputs.metadata && !ofCluster.test(kind));
        for (const { inputs } of others) expect(namespaces).toContain(inputs.metadata.namespace);
    });

    test("is there once: no two have the same kind and name", () => {
        const objects = whole.objects.filter(({ inputs }) => inputs.metadata !== undefined);
        const keys = objects.map((object) => `${object.kind} ${object.inputs.metadata.namespace} ${nameOf(object)}`);
        expect(new Set(keys).size).toBe(keys.length);
    });

    test("says whose it is", () => {
        const owned = {
            owner: "platform-team",
            environment: "dev",
            "data-class": "internal",
            "cost-centre": "cc-1001",
        };
        const common = { ...owned, "app.kubernetes.io/part-of": "tars", "app.kubernetes.io/managed-by": "pulumi" };
        for (const { inputs } of whole.objects) {
            if (inputs.metadata !== undefined) expect(inputs.metadata.labels).toMatchObject(common);
        }
    });
});

describe("the namespace", () => {
    test("enforces Pod Security restricted, of one version", () => {
        const { labels } = graph.named("Namespace", "tars").inputs.metadata;
        expect(labels["pod-security.kubernetes.io/enforce"]).toBe("restricted");
        expect(labels["pod-security.kubernetes.io/enforce-version"]).toMatch(/^v1\.\d+$/);
    });

    test("denies all traffic both ways, and allows name lookups", () => {
        expect(graph.named("NetworkPolicy", "default-deny").inputs.spec).toEqual({
            podSelector: {},
            policyTypes: ["Ingress", "Egress"],
        });
        const [lookup] = graph.named("NetworkPolicy", "allow-dns").inputs.spec.egress;
        expect(lookup.ports).toEqual([
            { protocol: "UDP", port: 53 },
            { protocol: "TCP", port: 53 },
        ]);
    });

    test("has a quota that holds every workload at its maximum while it is updated", () => {
        const { hard } = graph.named("ResourceQuota", "quota").inputs.spec;
        const [autoscaler] = graph.of("HorizontalPodAutoscaler");
        const sum = (read: (pod: KubernetesObject["inputs"]) => number) =>
            workloads().reduce((total, workload) => {
                const { replicas, strategy } = workload.inputs.spec;
                const pods =
                    (replicas ?? autoscaler?.inputs.spec.maxReplicas) + (strategy?.rollingUpdate.maxSurge ?? 0);
                return total + pods * read(podsOf(workload).spec.containers[0].resources);
            }, 0);
        expect(millicores(hard["requests.cpu"])).toBeGreaterThanOrEqual(
            sum(({ requests }) => millicores(requests.cpu)),
        );
        expect(bytes(hard["requests.memory"])).toBeGreaterThanOrEqual(sum(({ requests }) => bytes(requests.memory)));
        expect(millicores(hard["limits.cpu"])).toBeGreaterThanOrEqual(sum(({ limits }) => millicores(limits.cpu)));
        expect(bytes(hard["limits.memory"])).toBeGreaterThanOrEqual(sum(({ limits }) => bytes(limits.memory)));
        expect(Number(hard.pods)).toBeGreaterThanOrEqual(sum(() => 1));
    });

    test("has a limit range for containers that do not say what they need", () => {
        expect(graph.of("LimitRange")).toHaveLength(1);
    });
});

describe("every workload", () => {
    test("is one of the five of the T.A.R.S. guide", () => {
        expect(workloads().map(nameOf).sort()).toEqual(["chromadb", "ollama", "postgres", "redis", "tars-backend"]);
    });

    test("selects its pods by a label that never changes", () => {
        for (const workload of workloads()) {
            const { matchLabels } = workload.inputs.spec.selector;
            expect(matchLabels).toEqual({ "app.kubernetes.io/name": nameOf(workload) });
            expect(selects(matchLabels, podsOf(workload).metadata.labels)).toBe(true);
        }
    });

    test("can be found by the label that the guide's commands use", () => {
        for (const workload of workloads()) expect(podsOf(workload).metadata.labels.app).toBe(nameOf(workload));
    });

    test("runs hardened pods under an identity of its own", () => {
        const accounts = graph.of("ServiceAccount").map(nameOf);
        for (const workload of workloads()) {
            const { spec } = podsOf(workload);
            expect(accounts).toContain(spec.serviceAccountName);
            expect(spec.serviceAccountName).toBe(nameOf(workload));
            expect(spec).toMatchObject({
                automountServiceAccountToken: false,
                enableServiceLinks: false,
                securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
            });
            expect(spec.securityContext.runAsUser).toBeGreaterThan(0);
            for (const { securityContext } of spec.containers) {
                expect(securityContext).toEqual({
                    allowPrivilegeEscalation: false,
                    capabilities: { drop: ["ALL"] },
                    privileged: false,
                    readOnlyRootFilesystem: true,
                });
            }
        }
    });

    test("asks for what it needs, says when it lives, and stops in an orderly way", () => {
        for (const workload of workloads()) {
            const { containers, terminationGracePeriodSeconds } = podsOf(workload).spec;
            for (const container of containers) {
                for (const amounts of [container.resources.requests, container.resources.limits]) {
                    expect(Object.keys(amounts)).toEqual(
                        expect.arrayContaining(["cpu", "memory", "ephemeral-storage"]),
                    );
                }
                expect(container.startupProbe && container.livenessProbe && container.readinessProbe).toBeTruthy();
                expect(container.livenessProbe).not.toEqual(container.readinessProbe);
                expect(container.lifecycle.preStop.sleep.seconds).toBeLessThan(terminationGracePeriodSeconds);
                expect(container.image).toMatch(/^[^:]+(:\d+\/[^:]+)?:(?!latest$)[\w.-]+$/);
            }
        }
    });

    test("is spread over zones and nodes by its own pods, and loses one pod at a time", () => {
        for (const workload of workloads()) {
            const { matchLabels } = workload.inputs.spec.selector;
            const spread = podsOf(workload).spec.topologySpreadConstraints;
            expect(spread.map(({ topologyKey }: { topologyKey: string }) => topologyKey)).toEqual([
                "topology.kubernetes.io/zone",
                "kubernetes.io/hostname",
            ]);
            for (const { labelSelector } of spread) expect(labelSelector.matchLabels).toEqual(matchLabels);
            const budget = graph.named("PodDisruptionBudget", nameOf(workload)).inputs.spec;
            expect(budget).toEqual({ maxUnavailable: 1, selector: { matchLabels } });
        }
    });

    test("reads only configuration that the graph makes, and is made after it", () => {
        for (const workload of workloads()) {
            const [{ envFrom, env }] = podsOf(workload).spec.containers;
            const volumes = podsOf(workload).spec.volumes;
            const secrets = [
                ...envFrom.flatMap(({ secretRef }: KubernetesObject["inputs"]) => secretRef?.name ?? []),
                ...env.flatMap(({ valueFrom }: KubernetesObject["inputs"]) => valueFrom?.secretKeyRef.name ?? []),
                ...volumes.flatMap(({ secret }: KubernetesObject["inputs"]) => secret?.secretName ?? []),
            ];
            for (const name of secrets) expect(graph.waitsFor(workload, graph.named("Secret", name))).toBe(true);
            for (const { configMapRef } of envFrom) {
                if (configMapRef)
                    expect(graph.waitsFor(workload, graph.named("ConfigMap", configMapRef.name))).toBe(true);
            }
        }
    });
});

describe("tars-backend", () => {
    test("is what the guide says, and leaves the number of its pods to the autoscaler", () => {
        const { spec } = graph.named("Deployment", "tars-backend").inputs;
        expect(spec.replicas).toBeUndefined();
        const [container] = spec.template.spec.containers;
        expect(container.image).toBe("your-registry/tars-backend:0.3.0-alpha");
        expect(container.resources.limits).toMatchObject({ cpu: "2", memory: "4Gi" });
        expect(container.livenessProbe.httpGet.path).toBe("/health");
        expect(container.readinessProbe.httpGet.path).toBe("/ready");
        expect(spec.template.metadata.annotations["prometheus.io/scrape"]).toBe("true");
        expect(graph.named("HorizontalPodAutoscaler", "tars-backend").inputs.spec).toEqual({
            scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "tars-backend" },
            minReplicas: 3,
            maxReplicas: 10,
            metrics: [
                {
                    type: "Resource",
                    resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
                },
            ],
        });
    });
});

describe("traffic", () => {
    test("reaches every service's pods: each service selects one workload, on a port that it has", () => {
        for (const { inputs } of graph.of("Service")) {
            const selected = workloads().filter((workload) =>
                selects(inputs.spec.selector, podsOf(workload).metadata.labels),
            );
            expect(selected.map(nameOf)).toEqual([inputs.metadata.name]);
            const ports = selected.flatMap((workload) => podsOf(workload).spec.containers[0].ports);
            for (const { targetPort, port } of inputs.spec.ports) {
                expect(ports).toContainEqual({ name: targetPort, containerPort: port });
            }
        }
    });

    test("is allowed only to pods that exist, on ports that they have", () => {
        // What lets in all pods of the namespace alike is of no workload: the mesh's.
        const ofWorkloads = graph.of("NetworkPolicy").filter(({ inputs }) => inputs.spec.podSelector.matchLabels);
        const policies = ofWorkloads.filter(({ inputs }) => inputs.spec.ingress?.length > 0);
        expect(policies.map(nameOf).sort()).toEqual(["chromadb", "ollama", "postgres", "redis", "tars-backend"]);
        for (const { inputs } of policies) {
            const called = workloads().find((workload) =>
                selects(inputs.spec.podSelector.matchLabels, podsOf(workload).metadata.labels),
            );
            // The nodes' proxies carry every call between pods of the mesh to a port of their own.
            const ports = [...(called ? podsOf(called).spec.containers[0].ports : []), { containerPort: 15_008 }];
            for (const rule of inputs.spec.ingress) {
                for (const { port } of rule.ports)
                    expect(ports).toContainEqual(expect.objectContaining({ containerPort: port }));
            }
        }
    });

    test("from outside ends its TLS at the gateway, for both hosts, and leads to the backend", () => {
        const { listeners } = whole.named("Gateway", "tars-gateway").inputs.spec;
        const hosts = ["tars.local", "api.tars.local"];
        const secure = listeners.filter(({ protocol }: { protocol: string }) => protocol === "HTTPS");
        expect(secure.map(({ hostname }: { hostname: string }) => hostname)).toEqual(hosts);
        for (const { tls } of secure) expect(tls.certificateRefs).toMatchObject([{ name: "tars-tls-cert" }]);
        const { hostnames, rules } = graph.named("HTTPRoute", "tars-backend").inputs.spec;
        expect(hostnames).toEqual(hosts);
        expect(rules[0].matches.map(({ path }: { path: { value: string } }) => path.value)).toContain("/docs");
        expect(rules[0].backendRefs).toEqual([{ group: "", kind: "Service", name: "tars-backend", port: 8000 }]);
    });
});

describe("certificates and keys", () => {
    test("are as strong and last as long as the guide says", () => {
        const named = (type: string) => graph.all.filter((registration) => registration.type === type);
        const { spec } = whole.named("Certificate", "tars-tls-cert").inputs;
        expect(spec).toMatchObject({
            secretName: "tars-tls-cert",
            commonName: "tars.local",
            subject: { organizations: ["TARS"] },
            dnsNames: ["tars.local", "api.tars.local"],
            duration: `${365 * 24}h`,
            privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
        });
        const lengths = named("random:index/randomPassword:RandomPassword").map(({ name, inputs }) => [
            name,
            inputs.length,
        ]);
        expect(Object.fromEntries(lengths)).toEqual({
            "secrets-jwt-key": 44,
            "secrets-database-password": 24,
            "secrets-cache-password": 24,
            "secrets-clickhouse-cluster": 24,
            "secrets-clickhouse-default": 24,
            "secrets-clickhouse-interserver": 24,
            "secrets-clickhouse-operator": 24,
            "secrets-clickhouse-user-backend": 24,
            "secrets-counters-password": 24,
            "secrets-elasticsearch-backend": 24,
            "secrets-elasticsearch-tars-platform": 24,
            "secrets-objects-backend-access": 20,
            "secrets-objects-backend-secret": 40,
            "secrets-postgres-team_app": 24,
            "secrets-vectors-key": 44,
            "secrets-vectors-read-key": 44,
            "secrets-registry-backend": 44,
            "secrets-registry-backend-salt": 24,
        });
    });
});

describe("the order", () => {
    test("is namespace, configuration, data, services, backend, gateway", () => {
        const order = [
            graph.named("Namespace", "tars"),
            graph.named("NetworkPolicy", "default-deny"),
            graph.named("ConfigMap", "tars-config"),
            graph.named("StatefulSet", "postgres"),
            graph.named("Service", "postgres"),
            graph.named("Deployment", "tars-backend"),
            graph.named("Service", "tars-backend"),
            whole.named("Gateway", "tars-gateway"),
            graph.named("HTTPRoute", "tars-backend"),
        ];
        for (const [index, earlier] of order.entries()) {
            for (const later of order.slice(index + 1)) {
                expect([nameOf(later), graph.waitsFor(later, earlier)]).toEqual([nameOf(later), true]);
                expect(graph.waitsFor(earlier, later)).toBe(false);
            }
        }
    });

    test.each(["postgres", "redis", "chromadb", "ollama"])("makes the backend wait for %s", (name) => {
        const backend = graph.named("Deployment", "tars-backend");
        expect(graph.waitsFor(backend, graph.named("Service", name))).toBe(true);
        expect(graph.waitsFor(graph.named("Service", name), graph.named("Secret", "tars-secrets"))).toBe(true);
    });
});
