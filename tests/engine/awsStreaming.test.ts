import type { Properties } from "../../simulator/providers/properties";
import { account, inFreshAccounts, make, statement, subnet, subnetA, subnetB, token } from "./awsGround";

/** What the simulated account asks of brokers of MSK, their topics and who logs in to them. */

const types = {
    brokers: token("msk", "Cluster"),
    configuration: token("msk", "Configuration"),
    topic: token("msk", "Topic"),
    login: token("msk", "SingleScramSecretAssociation"),
    secret: token("secretsmanager", "Secret"),
    version: token("secretsmanager", "SecretVersion"),
    policy: token("secretsmanager", "SecretPolicy"),
    key: token("kms", "Key"),
};

const nodes = (more: Properties = {}): Properties => ({
    instanceType: "kafka.m7g.large",
    clientSubnets: [subnetA, subnetB],
    securityGroups: [],
    storageInfo: { ebsStorageInfo: { volumeSize: 100 } },
    ...more,
});

const asked = (more: Properties = {}): Properties => ({
    clusterName: "tars",
    kafkaVersion: "4.0.x.kraft",
    numberOfBrokerNodes: 2,
    brokerNodeGroupInfo: nodes(),
    clientAuthentication: { unauthenticated: false, sasl: { scram: true, iam: false } },
    ...more,
});

const brokers = (more: Properties = {}, name?: string) => make(types.brokers, asked(more), name);
const topic = (clusterArn: string, more: Properties = {}) =>
    make(types.topic, { clusterArn, name: "events", partitionCount: 3, replicationFactor: 2, ...more });

async function login(clusterArn: string, name = "AmazonMSK_tars_backend", of: { key?: boolean; value?: boolean } = {}) {
    const { key = true, value = true } = of;
    const kmsKeyId = key ? await make(types.key, {}) : undefined;
    const secretArn = await make(types.secret, { name, ...(kmsKeyId === undefined ? {} : { kmsKeyId }) });
    if (value) await make(types.version, { secretId: secretArn, secretString: "{}" });
    await make(types.policy, { secretArn, policy: statement({ Principal: { Service: "kafka.amazonaws.com" } }) });
    return make(types.login, { clusterArn, secretArn });
}

inFreshAccounts();

test("brokers name three of them to begin with, and hold the key of nothing that they do not stand on", async () => {
    const id = await brokers({ numberOfBrokerNodes: 4 });
    const [first, ...others] = String(account.outputsOf(types.brokers, id, "bootstrapBrokersSaslScram")).split(",");
    expect(first).toMatch(/^b-1\.tars\.[0-9a-f]{6}\.c1\.kafka\.eu-central-1\.amazonaws\.com:9096$/);
    expect(others).toHaveLength(2);
    expect(account.outputsOf(types.brokers, id, "bootstrapBrokersTls")).toBe("");
    await topic(id);
    await expect(account.remove(types.brokers, id)).rejects.toThrow("events");
});

test("brokers and their volumes become more and never fewer, and topics too", async () => {
    const id = await brokers();
    const larger = nodes({ storageInfo: { ebsStorageInfo: { volumeSize: 200 } } });
    await account.change(types.brokers, id, asked({ brokerNodeGroupInfo: larger, numberOfBrokerNodes: 4 }));
    await expect(account.change(types.brokers, id, asked({ numberOfBrokerNodes: 4 }))).rejects.toThrow(
        "cannot go back from 200",
    );
    const made = await topic(id);
    const fewer = { clusterArn: id, name: "events", partitionCount: 2, replicationFactor: 2 };
    await expect(account.change(types.topic, made, fewer)).rejects.toThrow("cannot go back from 3");
});

test("a configuration that says something else is another revision, and only for its versions", async () => {
    const said = { name: "tars", kafkaVersions: ["3.9.x.kraft"], serverProperties: "a=1\n" };
    const arn = await make(types.configuration, said);
    await account.change(types.configuration, arn, { ...said, serverProperties: "a=2\n" });
    const revision = (number: number, kafkaVersion: string, name: string) =>
        brokers({ configurationInfo: { arn, revision: number }, kafkaVersion, clusterName: name }, name);
    await expect(revision(2, "3.9.x.kraft", "right")).resolves.toContain("right");
    await expect(revision(3, "3.9.x.kraft", "later")).rejects.toThrow("is 3 of 2");
    await expect(brokers({ configurationInfo: { arn, revision: 1 } })).rejects.toThrow("is for 3.9.x.kraft");
});

test("a user logs in by a Secret of the name, key and value that MSK asks for", async () => {
    await expect(login(await brokers())).resolves.toContain("AmazonMSK_tars_backend");
});

test.each<[what: string, attempt: () => Promise<unknown>, reason: string]>([
    ["a version that is not offered", () => brokers({ kafkaVersion: "4.0" }), "must be one of"],
    ["brokers that are not spread", () => brokers({ numberOfBrokerNodes: 3 }), "must be a multiple of the 2 subnets"],
    ["one subnet", () => brokers({ brokerNodeGroupInfo: nodes({ clientSubnets: [subnetA] }) }), "must be two or three"],
    [
        "two subnets of a zone",
        async () => {
            const beside = await subnet("10.20.64.0/24", "a");
            return brokers({ brokerNodeGroupInfo: nodes({ clientSubnets: [subnetA, beside] }) });
        },
        "must each be of another zone",
    ],
    ["a second cluster of a name", () => brokers().then(() => brokers({}, "two")), "tars is taken"],
    [
        "passwords in the clear",
        () => brokers({ encryptionInfo: { encryptionInTransit: { clientBroker: "PLAINTEXT" } } }),
        "must be TLS where users log in with passwords",
    ],
    [
        "more copies than brokers",
        async () => topic(await brokers(), { replicationFactor: 3 }),
        "more than the 2 brokers",
    ],
    ["words that are no settings", async () => topic(await brokers(), { configs: "a=1" }), "must be a JSON document"],
    ["a Secret of any name", async () => login(await brokers(), "backend"), "must begin with AmazonMSK_"],
    [
        "a Secret under AWS' own key",
        async () => login(await brokers(), "AmazonMSK_a", { key: false }),
        "has no key of the account",
    ],
    ["a Secret of nothing", async () => login(await brokers(), "AmazonMSK_a", { value: false }), "which has no value"],
    [
        "a password where there are none",
        async () => login(await brokers({ clientAuthentication: { sasl: { iam: true } } })),
        "take no passwords",
    ],
])("%s is refused", async (_, attempt, reason) => {
    await expect(attempt()).rejects.toThrow(reason);
});
