import { imagesOf } from "../../cli/src/images/lock";
import { planTopic } from "../../components/data/kafka/topics";
import { kafkaSizes } from "../../components/foundation/kafkaSizes";
import { systemLoads } from "../../components/settings/systemLoads";
import { unknownTo } from "./definitions";
import { type Graph, inNamespace, readGraph } from "./graph";
import { parsed, type Raw, settingsWith } from "./stack";
import { definitions, schemaOf } from "./strimziDefinitions";

jest.setTimeout(600_000);

/** Production on AWS with a topic of each kind and a user of each login. */
const asked = () =>
    settingsWith("prod-aws", "data.kafka", {
        kind: "cluster",
        topics: {
            events: { partitions: 6, retention: "month", mostGi: 30 },
            state: { partitions: 3, compacted: true, mostGi: 6 },
        },
        users: {
            backend: { namespace: "tars", serviceAccount: "tars-backend", produces: ["events"] },
            reports: {
                namespace: "team-reports",
                serviceAccount: "reader",
                login: "tls",
                consumes: ["events", "state"],
            },
        },
    });

let graph: Graph;
let own: Graph;
beforeAll(async () => {
    graph = await readGraph("prod-aws", { data: asked().data });
    own = inNamespace(graph, "kafka");
});
const cluster = () => own.named("Kafka", "kafka");
const pool = (role: string) => own.named("KafkaNodePool", role);
const chart = () => {
    const [found, ...others] = graph.of("Chart").filter(({ name }) => name === "kafka-operator");
    if (found === undefined || others.length > 0) throw new Error("not one chart of Strimzi");
    return found;
};

describe("Kafka in production", () => {
    test("has three that vote apart from three that keep, never two of them on a node, spread over zones", () => {
        expect(pool("controller").inputs.spec).toMatchObject({ replicas: 3, roles: ["controller"] });
        expect(pool("broker").inputs.spec).toMatchObject({ replicas: 3, roles: ["broker"] });
        for (const role of ["controller", "broker"]) {
            const { pod } = pool(role).inputs.spec.template;
            const [apart] = pod.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution;
            expect(apart).toMatchObject({
                topologyKey: "kubernetes.io/hostname",
                labelSelector: { matchLabels: { "strimzi.io/pool-name": role } },
            });
            expect(pod.topologySpreadConstraints).toEqual([
                expect.objectContaining({
                    topologyKey: "topology.kubernetes.io/zone",
                    whenUnsatisfiable: "DoNotSchedule",
                }),
            ]);
            expect(pod.priorityClassName).toBe("tars-data");
        }
        expect(cluster().inputs.spec.kafka.rack).toEqual({ topologyKey: "topology.kubernetes.io/zone" });
    });

    test("keeps its volumes whatever goes, and is kept from going", () => {
        const volumes = ["controller", "broker"].flatMap((role) => pool(role).inputs.spec.storage.volumes);
        expect(volumes).toHaveLength(2);
        for (const volume of volumes) expect(volume).toMatchObject({ type: "persistent-claim", deleteClaim: false });
        const guarded = [cluster(), pool("controller"), pool("broker"), own.named("KafkaTopic", "events")];
        for (const object of guarded) expect(object.options?.protect).toBe(true);
        expect(cluster().inputs.metadata.annotations).toMatchObject({
            "pulumi.com/waitFor": "condition=Ready",
            "tars-platform/retention-days": "30",
        });
    });

    test("counts what is written once two of three have it, and lets nobody in without TLS 1.3 and a login", () => {
        const { config, listeners, authorization } = cluster().inputs.spec.kafka;
        expect(config).toMatchObject({
            "default.replication.factor": 3,
            "min.insync.replicas": 2,
            "offsets.topic.replication.factor": 3,
            "transaction.state.log.min.isr": 2,
            "auto.create.topics.enable": false,
            "unclean.leader.election.enable": false,
            "ssl.enabled.protocols": "TLSv1.3",
        });
        expect(listeners).toEqual([
            { name: "scram", port: 9093, type: "internal", tls: true, authentication: { type: "scram-sha-512" } },
            { name: "mtls", port: 9094, type: "internal", tls: true, authentication: { type: "tls" } },
        ]);
        expect(authorization).toEqual({ type: "simple" });
    });

    test("gives each user what it is named for, and its own login to read, and nothing else", () => {
        expect(own.named("KafkaUser", "backend").inputs.spec).toEqual({
            authentication: { type: "scram-sha-512" },
            authorization: {
                type: "simple",
                acls: [
                    {
                        resource: { type: "topic", name: "events", patternType: "literal" },
                        operations: ["Describe", "Write"],
                    },
                ],
            },
        });
        const reader = own.named("KafkaUser", "reports").inputs.spec;
        expect(reader.authentication).toEqual({ type: "tls" });
        expect(reader.authorization.acls.map((rule: { operations: string[] }) => rule.operations.join())).toEqual([
            "Describe,Read",
            "Describe,Read",
            "Read",
        ]);
        expect(own.named("Role", "consumer-reports").inputs.rules).toEqual([
            {
                apiGroups: [""],
                resources: ["secrets"],
                resourceNames: ["reports", "kafka-cluster-ca-cert"],
                verbs: ["get", "watch"],
            },
        ]);
        expect(own.named("RoleBinding", "consumer-reports").inputs.subjects).toEqual([
            { kind: "ServiceAccount", name: "reader", namespace: "team-reports" },
        ]);
    });

    test("is called by its users at the listener of their login, and by nobody else", () => {
        const consumers = own.named("NetworkPolicy", "consumers").inputs.spec;
        expect(consumers.podSelector.matchLabels).toHaveProperty(["strimzi.io/broker-role"], "true");
        expect(consumers.ingress.map(callerOf)).toEqual(["tars/tars-backend:9093", "team-reports/reader:9094"]);
        const way = inNamespace(graph, "tars").named("NetworkPolicy", "kafka-backend").inputs.spec;
        expect(way.podSelector.matchLabels).toEqual({ "app.kubernetes.io/name": "tars-backend" });
        expect(way.egress).toEqual([
            {
                to: [
                    {
                        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kafka" } },
                        podSelector: {
                            matchLabels: { "strimzi.io/cluster": "kafka", "strimzi.io/broker-role": "true" },
                        },
                    },
                ],
                ports: [{ protocol: "TCP", port: 9093 }],
            },
        ]);
        // The operator's own would open metrics and health to everybody.
        expect(chart().inputs.values).toMatchObject({
            generateNetworkPolicy: false,
            generatePodDisruptionBudget: true,
        });
        const opened = own
            .of("NetworkPolicy")
            .flatMap(({ inputs }) => inputs.spec.ingress ?? [])
            .filter(({ from }: { from?: unknown[] }) => from === undefined || from.length === 0);
        expect(opened).toEqual([]);
    });

    test("is outside of the mesh in a namespace that is as restricted as any", () => {
        const { labels } = own.named("Namespace", "kafka").inputs.metadata;
        expect(labels).toMatchObject({ "pod-security.kubernetes.io/enforce": "restricted" });
        expect(Object.keys(labels).filter((label) => label.includes("istio"))).toEqual([]);
    });

    test("has each container bounded, as another user than root, on a file system that it cannot write", () => {
        const { entityOperator, cruiseControl } = cluster().inputs.spec;
        const { kafkaContainer, initContainer } = pool("broker").inputs.spec.template;
        const { topicOperatorContainer, userOperatorContainer } = entityOperator.template;
        const containers = [
            kafkaContainer,
            initContainer,
            topicOperatorContainer,
            userOperatorContainer,
            cruiseControl.template.cruiseControlContainer,
        ];
        for (const { securityContext } of containers) {
            expect(securityContext).toMatchObject({
                runAsNonRoot: true,
                runAsUser: 1001,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ["ALL"] },
            });
        }
        const bounded = [
            pool("broker").inputs.spec,
            pool("controller").inputs.spec,
            entityOperator.topicOperator,
            entityOperator.userOperator,
            cruiseControl,
        ];
        for (const { resources } of bounded) {
            expect(Object.keys(resources.limits).sort()).toEqual(["cpu", "ephemeral-storage", "memory"]);
            expect(Object.keys(resources.requests).sort()).toEqual(["cpu", "ephemeral-storage", "memory"]);
        }
        const { resources, jvmOptions } = pool("broker").inputs.spec;
        expect(resources.limits).toEqual(resources.requests);
        expect([resources.requests.memory, jvmOptions["-Xmx"]]).toEqual(["4Gi", "2048m"]);
    });

    test("names every image that its operator runs, so that the stack's lock can hold it to one content", () => {
        expect(imagesOf(graph.all)).toEqual(
            expect.arrayContaining(["quay.io/strimzi/operator:1.2.0", "quay.io/strimzi/kafka:1.2.0-kafka-4.3.1"]),
        );
        expect(imagesOf(graph.all).filter((image) => image.startsWith("quay.io/strimzi"))).toHaveLength(2);
    });

    test("says nothing that its operator's own definitions do not know", () => {
        const objects = Object.keys(definitions).flatMap((kind) => own.of(kind));
        expect(objects).toHaveLength(1 + 2 + 2 + 2);
        for (const { kind, inputs } of objects)
            expect(unknownTo(schemaOf(kind), inputs.spec, `${kind}.spec`)).toEqual([]);
        const { spec } = cluster().inputs;
        const spoiled = { ...spec, kafka: { ...spec.kafka, replicas: 3, authorization: { type: "opa" } } };
        expect(unknownTo(schemaOf("Kafka"), spoiled, "spec")).toEqual([
            "spec.kafka.authorization.type",
            "spec.kafka.replicas",
        ]);
    });

    test("moves partitions by itself where brokers come and go", () => {
        expect(cluster().inputs.spec.cruiseControl.autoRebalance).toEqual([
            { mode: "add-brokers" },
            { mode: "remove-brokers" },
        ]);
    });

    test("comes after its operator, and that after its kinds and what bounds its pods", () => {
        expect(chart().inputs).toMatchObject({ version: "1.2.0", namespace: "kafka", skipCrds: true });
        expect(graph.waitsFor(cluster(), chart())).toBe(true);
        for (const role of ["controller", "broker"]) expect(graph.waitsFor(cluster(), pool(role))).toBe(true);
        for (const policy of own.of("NetworkPolicy").filter(({ inputs }) => inputs.metadata.namespace === "kafka")) {
            expect(graph.waitsFor(chart(), policy)).toBe(true);
        }
        expect(graph.waitsFor(own.named("KafkaTopic", "events"), cluster())).toBe(true);
        expect(graph.waitsFor(own.named("KafkaUser", "backend"), cluster())).toBe(true);
    });

    test("has room in its namespace's quota for all of its pods and volumes", () => {
        const { data, copies } = parsed(asked()).settings;
        if (data.kafka.kind !== "cluster") throw new Error("no Kafka");
        const { hard } = own.named("ResourceQuota", "quota").inputs.spec;
        expect(hard.persistentvolumeclaims).toBe("6");
        // Three and three, the entity operator, Cruise Control and the one after it, two operators and two after them.
        expect(hard.pods).toBe(`${3 + 3 + 1 + 2 + 4}`);
        expect(kafkaSizes(data.kafka, copies).cruiseControl).toBeDefined();
    });
});

test("a topic keeps what its tier says, or the newest of each key, and no more than its share of the volumes", () => {
    const partition = (30 * 2 ** 30) / 6;
    expect(planTopic({ partitions: 6, mostGi: 30, keeps: { kind: "time", tier: "month" } }, 3)).toEqual({
        partitions: 6,
        replicas: 3,
        config: {
            "cleanup.policy": "delete",
            "retention.ms": 30 * 24 * 3600 * 1000,
            "retention.bytes": partition,
            "segment.bytes": partition / 16,
        },
    });
    const { config } = planTopic({ partitions: 1, mostGi: 100, keeps: { kind: "compacted" } }, 1);
    expect(config).toEqual({ "cleanup.policy": "compact", "segment.bytes": 2 ** 30 });
});

test("one broker has one copy, asks for no zone, and has nobody who moves partitions", async () => {
    const dev = parsed(settingsWith("dev", "data.kafka", { kind: "cluster" })).settings;
    if (dev.data.kafka.kind !== "cluster") throw new Error("no Kafka");
    expect(dev.data.kafka).toMatchObject({
        controllers: 1,
        brokers: 1,
        replication: 1,
        minInsync: 1,
        metadata: "4.3.1",
    });
    expect(kafkaSizes(dev.data.kafka, dev.copies).cruiseControl).toBeUndefined();
});

test("what Kafka is made of is counted where a stack has it, and only there", () => {
    const names = (raw: Raw) => systemLoads(parsed(raw).settings).pods.map(({ name }) => name);
    const all = ["kafka-operator", "kafka-controller", "kafka-broker", "kafka-entity-operator", "kafka-cruise-control"];
    expect(names(asked())).toEqual(expect.arrayContaining(all));
    const off = settingsWith("prod-aws", "data.kafka", { kind: "off" });
    expect(names(off).filter((name) => name.startsWith("kafka"))).toEqual([]);
});

interface Allowed {
    readonly from: readonly [
        {
            readonly namespaceSelector: { readonly matchLabels: Readonly<Record<string, string>> };
            readonly podSelector: { readonly matchLabels: Readonly<Record<string, string>> };
        },
    ];
    readonly ports: readonly [{ readonly port: number }];
}

function callerOf({ from: [{ namespaceSelector, podSelector }], ports: [{ port }] }: Allowed): string {
    const namespace = namespaceSelector.matchLabels["kubernetes.io/metadata.name"];
    return `${namespace}/${podSelector.matchLabels["app.kubernetes.io/name"]}:${port}`;
}
