import { rootCertificates } from "node:tls";
import { judgedResources } from "../../cli/src/judgedResources";
import { hostOf } from "../../components/cloud/aws/streaming";
import authorities from "../../components/cloud/aws/streamingAuthorities.json";
import { Issues } from "../../components/foundation/issues";
import { holdingsOf } from "../../components/settings/holdings";
import { checkHoldings } from "../../components/settings/holdingsChecks";
import { defaultConfiguration } from "../../policy/configuration";
import { judge } from "../../policy/judge";
import { rules } from "../../policy/registry";
import { environmentOf } from "../../policy/terms/environment";
import { readPackFiles } from "../../policy/terms/files";
import { bareTerms } from "../../policy/terms/terms";
import { awsGraph, key } from "./awsGraph";
import { type Graph, inNamespace } from "./graph";
import { parsed, type Raw, settingsOf, settingsWith } from "./stack";

jest.setTimeout(120_000);

const asked = {
    kind: "managed",
    topics: { events: { partitions: 6, mostGi: 12 }, state: { compacted: true, mostGi: 1 } },
    users: {
        backend: { namespace: "tars", serviceAccount: "tars-backend", produces: ["events"] },
        reports: { namespace: "reporting", serviceAccount: "reports", consumes: ["events"] },
    },
};

/** The graph of one stack is captured once in a program's life. */
async function graphOf(changes: Raw): Promise<Graph> {
    jest.resetModules();
    return (await import("./graph")).readGraph("prod-aws", changes);
}

const terms = { ...bareTerms, ...readPackFiles(rules), environment: environmentOf("production") };

/** Kafka that MSK runs, in the place of production's own: no committed stack gives its topics away for a test. */
describe("production, with brokers of MSK", () => {
    let graph: Graph;
    let aws: ReturnType<typeof awsGraph>;
    let kafka: Graph;
    beforeAll(async () => {
        graph = await graphOf({ data: { ...Object(settingsOf("prod-aws").data), kafka: asked } });
        aws = awsGraph(graph);
        kafka = inNamespace(graph, "kafka");
    });
    const brokers = () => aws.named("Cluster", "kafka-server");
    const logins = () => aws.of("SingleScramSecretAssociation");
    const job = () => kafka.of("Job").find(({ name }) => name === "kafka-access-lists");

    test("has one in each of three zones, takes nothing but TLS and passwords, and is not public", () => {
        expect(brokers().inputs).toMatchObject({
            clusterName: "tars-production-kafka",
            kafkaVersion: "4.0.x.kraft",
            numberOfBrokerNodes: 3,
            enhancedMonitoring: "PER_TOPIC_PER_BROKER",
            clientAuthentication: { unauthenticated: false, sasl: { scram: true, iam: false } },
            encryptionInfo: {
                encryptionAtRestKmsKeyArn: key,
                encryptionInTransit: { clientBroker: "TLS", inCluster: true },
            },
            brokerNodeGroupInfo: {
                instanceType: "kafka.m7g.large",
                clientSubnets: ["a", "b", "c"].map((zone) => `network-data-eu-central-1${zone}-id`),
                securityGroups: ["kafka-server-group-id"],
                storageInfo: { ebsStorageInfo: { volumeSize: 200 } },
                connectivityInfo: { publicAccess: { type: "DISABLED" } },
            },
            loggingInfo: { brokerLogs: { cloudwatchLogs: { enabled: true } } },
        });
        expect(aws.named("LogGroup", "kafka-server-log").inputs).toMatchObject({ kmsKeyId: key });
        const { serverProperties } = aws.only("Configuration").inputs;
        for (const line of [
            "min.insync.replicas=2",
            "auto.create.topics.enable=false",
            "unclean.leader.election.enable=false",
        ])
            expect(serverProperties.split("\n")).toContain(line);
    });

    test("is called by pods alone, at one port", () => {
        const rules = [...aws.of("SecurityGroupIngressRule"), ...aws.of("SecurityGroupEgressRule")]
            .map(({ inputs }) => inputs)
            .filter(({ securityGroupId }) => securityGroupId === "kafka-server-group-id");
        expect(rules.map(({ referencedSecurityGroupId: from, fromPort, toPort }) => [from, fromPort, toPort])).toEqual([
            ["eks-nodes-id", 9096, 9096],
        ]);
    });

    test("is deleted by nobody, and no topic of it", () => {
        expect(brokers().options).toMatchObject({ protect: true });
        const topics = aws.of("Topic").filter(({ type }) => type.startsWith("aws:msk/"));
        expect(
            topics.map(({ inputs, options }) => [
                inputs.name,
                inputs.partitionCount,
                inputs.replicationFactor,
                options?.protect,
            ]),
        ).toEqual([
            ["events", 6, 3, true],
            ["state", 3, 3, true],
        ]);
        const [events, state] = topics.map(({ inputs }) => JSON.parse(inputs.configs));
        expect(events).toMatchObject({
            "cleanup.policy": "delete",
            "retention.ms": "604800000",
            "retention.bytes": "2147483648",
        });
        expect(state).toMatchObject({ "cleanup.policy": "compact" });
    });

    test("lets its users log in once it is said what they may do, and before that the platform alone", () => {
        const [lists] = [job()];
        if (lists === undefined) throw new Error("no job");
        const named = (user: string) => aws.named("SingleScramSecretAssociation", `kafka-login-${user}-admission`);
        expect(logins().map(({ name }) => name)).toHaveLength(3);
        expect(lists.dependencies).toContain(named("kafka-admin").urn);
        for (const user of ["backend", "reports"]) expect(named(user).dependencies).toContain(lists.urn);
        expect(named("kafka-admin").dependencies).not.toContain(lists.urn);
        const secrets = aws.of("Secret").filter(({ name }) => name.startsWith("kafka-login-"));
        expect(secrets.map(({ inputs }) => [inputs.name, inputs.kmsKeyId])).toEqual(
            ["backend", "kafka-admin", "reports"].map((user) => [`AmazonMSK_tars-production_${user}`, key]),
        );
        const [value] = aws.of("SecretVersion");
        expect(value?.inputs.secretString).toBe("[secret]");
    });

    test("gives users what Kafka in the cluster gives them, by the same names", () => {
        for (const name of ["backend", "reports"])
            expect(kafka.of("Secret").map(({ inputs }) => inputs.metadata.name)).toContain(name);
        expect(kafka.named("Role", "consumer-backend").inputs.rules).toEqual([
            {
                apiGroups: [""],
                resources: ["secrets"],
                resourceNames: ["backend"],
                verbs: ["get", "watch"],
            },
        ]);
    });

    test("leaves the backend and the job a way to brokers", () => {
        const subnets = aws.of("Subnet").filter(({ name }) => name.startsWith("network-data-"));
        const to = subnets.map(({ inputs }) => ({ ipBlock: { cidr: inputs.cidrBlock } }));
        const way = [{ to, ports: [{ protocol: "TCP", port: 9096 }] }];
        const tars = inNamespace(graph, "tars");
        expect(tars.named("NetworkPolicy", "kafka-backend").inputs.spec.egress).toEqual(way);
        expect(kafka.named("NetworkPolicy", "access-lists").inputs.spec.egress).toEqual(way);
        expect(tars.of("ServiceEntry").map(({ inputs }) => inputs.metadata.name)).not.toContain("kafka");
    });

    test("breaks no mandatory rule of the policy pack", () => {
        const { findings } = judge(judgedResources(graph.all), defaultConfiguration, terms);
        const broken = findings.filter(({ level }) => level === "mandatory");
        expect(broken.map(({ rule, name, message }) => `${rule} ${name}: ${message}`)).toEqual([]);
    });

    test("runs no broker and no operator in the cluster", () => {
        for (const kind of ["Kafka", "KafkaNodePool", "KafkaTopic", "KafkaUser", "Deployment"])
            expect(kafka.of(kind)).toEqual([]);
    });
});

test("proxies in pods know all brokers by name, wherever users are", async () => {
    const graph = await graphOf({ mesh: { mode: "sidecar" }, data: { kafka: { ...asked, brokersPerZone: 2 } } });
    const { spec } = inNamespace(graph, "tars").named("ServiceEntry", "kafka").inputs;
    expect(spec.hosts).toEqual([1, 2, 3, 4, 5, 6].map((broker) => `b-${broker}.[bootstrap].amazonaws.com`));
    expect(spec).toMatchObject({ exportTo: [".", "reporting"], ports: [{ number: 9096, protocol: "TCP" }] });
});

test("those who vouch for brokers are still believed by everybody", () => {
    const believed = rootCertificates.map((each) => each.trim());
    for (const root of Object.values(authorities.roots)) expect(believed).toContain(root.trim());
});

test("brokers that are not named to begin with have the same name but for their number", () => {
    expect(hostOf("b-2.tars.a1.c2.kafka.eu-central-1.amazonaws.com:9096,b-1.tars", 5)).toBe(
        "b-5.tars.a1.c2.kafka.eu-central-1.amazonaws.com",
    );
});

test("a stack keeps what its brokers hold: it stays managed, and its volumes never get smaller", () => {
    const held = (more: object) =>
        holdingsOf(parsed(settingsWith("prod-aws", "data.kafka", { kind: "managed", ...more })).settings);
    const before = held({ storageGi: 500 });
    const told = (now: ReturnType<typeof held>) => {
        const issues = new Issues();
        checkHoldings({ before, now, migrate: [] }, issues);
        return issues.all.length;
    };
    expect(before.kafka).toEqual({ form: "managed", volumes: { broker: "500Gi" } });
    expect(told(held({ storageGi: 600 }))).toBe(0);
    expect(told(held({ storageGi: 400 }))).toBe(1);
    expect(told(holdingsOf(parsed(settingsWith("prod-aws", "data.kafka", { kind: "cluster" })).settings))).toBe(1);
});
