import { accessMatrix, isHalfOpen, isOpen } from "../../cli/src/access/matrix";
import { systemLoads } from "../../components/settings/systemLoads";
import { anotherGraph } from "./anotherGraph";
import { unknownTo } from "./definitions";
import type { Graph } from "./graph";
import { inNamespace } from "./graph";
import { loginEdge } from "./loginStack";
import { parsed, type Raw, settingsOf, settingsWith } from "./stack";
import { schemaOf } from "./strimziDefinitions";

jest.setTimeout(600_000);

/** A stack with Kafka UI behind its login, beside the registry that its file has. */
function withUi(stack: string, domain: string, ui: Raw = {}): Raw {
    const { data, edge } = settingsOf(stack);
    const { kafka, ...others } = Object(data);
    const dashboards = {
        kafka: {
            host: `kafka.${domain}`,
            namespace: "kafka",
            service: "kafka-ui",
            port: 8080,
            groups: ["platform"],
        },
    };
    return {
        data: { ...others, kafka: { ...kafka, ui: { kind: "kafbat", ...ui } } },
        edge: { ...Object(edge), ...loginEdge(domain), dashboards },
    };
}

async function graphOf(stack: string, changes: Readonly<Record<string, unknown>>): Promise<Graph> {
    return inNamespace(await anotherGraph(stack, changes), "kafka");
}

/** Production on Azure, where pods have proxies of their own; on AWS, where nodes have them, with a page that writes. */
let azure: Graph;
let aws: Graph;
beforeAll(async () => {
    azure = await graphOf("prod-azure", withUi("prod-azure", "tars.example.com"));
    aws = await graphOf("prod-aws", withUi("prod-aws", "tars.example.com", { writes: true }));
});

const podsOf = (graph: Graph) => graph.named("Deployment", "kafka-ui").inputs.spec.template;
const containerOf = (graph: Graph) => podsOf(graph).spec.containers[0];
const variablesOf = (graph: Graph): Readonly<Record<string, string>> =>
    Object.fromEntries(containerOf(graph).env.map(({ name, value }: { name: string; value: string }) => [name, value]));

describe("Kafka UI", () => {
    test("says nothing of its user that Strimzi's own definition does not know", () => {
        const { spec } = aws.named("KafkaUser", "kafka-ui").inputs;
        expect(unknownTo(schemaOf("KafkaUser"), spec, "spec")).toEqual([]);
    });

    test("shows and changes nothing, by its own word and by Kafka's", () => {
        expect(variablesOf(azure)).toMatchObject({
            KAFKA_CLUSTERS_0_READONLY: "true",
            DYNAMIC_CONFIG_ENABLED: "false",
        });
        const { acls } = azure.named("KafkaUser", "kafka-ui").inputs.spec.authorization;
        const operations = acls.flatMap((each: { operations: string[] }) => each.operations);
        expect([...new Set(operations)].sort()).toEqual(["Describe", "DescribeConfigs", "Read"]);
    });

    test("writes where a stack says so: messages and places of groups, and neither topics nor users", () => {
        expect(variablesOf(aws)).toMatchObject({ KAFKA_CLUSTERS_0_READONLY: "false" });
        const { acls } = aws.named("KafkaUser", "kafka-ui").inputs.spec.authorization;
        expect(acls).toEqual([
            { resource: { type: "cluster" }, operations: ["Describe", "DescribeConfigs"] },
            {
                resource: { type: "topic", name: "*", patternType: "literal" },
                operations: ["Describe", "DescribeConfigs", "Read", "Write"],
            },
            { resource: { type: "group", name: "*", patternType: "literal" }, operations: ["Describe", "Read"] },
        ]);
    });

    test("is called by the gateway alone, in the network and in the mesh, and calls Kafka and the registry", () => {
        const { ingress, egress } = azure.named("NetworkPolicy", "kafka-ui").inputs.spec;
        expect(ingress).toHaveLength(1);
        expect(ingress[0].from[0].namespaceSelector.matchLabels).toEqual({
            "kubernetes.io/metadata.name": "istio-ingress",
        });
        const ports = egress.map(({ ports: [{ port }] }: { ports: [{ port: number }] }) => port);
        expect(ports).toEqual([9093, 8081]);
        const [rule] = azure.named("AuthorizationPolicy", "kafka-ui").inputs.spec.rules;
        expect(rule.from[0].source.principals).toEqual(["cluster.local/ns/istio-ingress/sa/tars-gateway-istio"]);
        const registry = azure.named("NetworkPolicy", "schema-registry").inputs.spec.ingress;
        const names = registry.map(({ from: [{ podSelector }] }: { from: [{ podSelector: Raw }] }) =>
            Object.values(Object(podSelector.matchLabels)),
        );
        expect(names.flat()).toContain("kafka-ui");
    });

    test("is in the mesh, so that the way from the gateway is encrypted, while Kafka beside it is not", () => {
        expect(podsOf(azure).metadata.labels).toHaveProperty(["sidecar.istio.io/inject"], "true");
        expect(podsOf(aws).metadata.labels).toHaveProperty(["istio.io/dataplane-mode"], "ambient");
        const { selector } = aws.named("Deployment", "kafka-ui").inputs.spec;
        expect(Object.keys(selector.matchLabels)).toEqual(["app.kubernetes.io/name"]);
        const [{ ports }] = aws.named("NetworkPolicy", "kafka-ui").inputs.spec.ingress;
        expect(ports.map(({ port }: { port: number }) => port)).toEqual([8080, 15_008]);
        for (const graph of [azure, aws]) {
            const { podSelector } = graph.named("NetworkPolicy", "kafka-ui-mesh").inputs.spec;
            expect(podSelector).toEqual({ matchLabels: { "app.kubernetes.io/name": "kafka-ui" } });
        }
    });

    test.each(["prod-azure", "prod-aws"])("is reached by nobody else of the whole of %s", (stack) => {
        const { all } = stack === "prod-aws" ? aws : azure;
        const paths = accessMatrix(all).filter(({ to }) => to === "kafka/kafka-ui");
        expect(paths.filter(isOpen).map(({ from, port }) => `${from}:${port}`)).toEqual([
            "istio-ingress/tars-gateway-istio:8080",
        ]);
        expect(paths.filter(isHalfOpen)).toEqual([]);
    });

    test("agrees to the route that leads to it", () => {
        expect(azure.named("ReferenceGrant", "kafka-ui").inputs.spec).toEqual({
            from: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", namespace: "tars" }],
            to: [{ group: "", kind: "Service", name: "kafka-ui" }],
        });
    });

    test("is hardened, writes to /tmp alone, and has its logins as files", () => {
        const { securityContext, volumes } = podsOf(azure).spec;
        expect(securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 65_532 });
        expect(containerOf(azure).securityContext).toMatchObject({
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
        });
        const empty = volumes.filter((volume: Raw) => volume.emptyDir !== undefined);
        expect(empty.map(({ name }: { name: string }) => name)).toEqual(["tmp"]);
        expect(containerOf(azure).env.filter((each: Raw) => each.valueFrom !== undefined)).toEqual([]);
        expect(variablesOf(azure)).toMatchObject({
            KAFKA_CLUSTERS_0_PROPERTIES_SECURITY_PROTOCOL: "SASL_SSL",
            KAFKA_CLUSTERS_0_SCHEMAREGISTRY: "https://schema-registry.kafka.svc.cluster.local:8081",
        });
    });

    test("is two pods in production, and nowhere without its setting", () => {
        expect(azure.named("Deployment", "kafka-ui").inputs.spec.replicas).toBe(2);
        const counted = (raw: Raw) => systemLoads(parsed(raw).settings).pods.some(({ name }) => name === "kafka-ui");
        expect(counted(settingsWith("prod-aws", "secrets", {}))).toBe(false);
    });
});
