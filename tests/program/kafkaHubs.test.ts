import { judgedResources } from "../../cli/src/judgedResources";
import { roles } from "../../components/cloud/azure/roles";
import { Issues } from "../../components/foundation/issues";
import { holdingsOf } from "../../components/settings/holdings";
import { checkHoldings } from "../../components/settings/holdingsChecks";
import { defaultConfiguration } from "../../policy/configuration";
import { judge } from "../../policy/judge";
import { rules } from "../../policy/registry";
import { environmentOf } from "../../policy/terms/environment";
import { readPackFiles } from "../../policy/terms/files";
import { bareTerms } from "../../policy/terms/terms";
import { azureGraph } from "./azureGraph";
import { type Graph, inNamespace, readGraph } from "./graph";
import { parsed, settingsOf, settingsWith } from "./stack";

jest.setTimeout(120_000);

const asked = {
    kind: "managed",
    units: 2,
    topics: { events: { partitions: 6, retention: "month" }, state: { compacted: true } },
    users: {
        backend: { namespace: "tars", serviceAccount: "tars-backend", produces: ["events"] },
        // Of a team whose account has another identity in the stack file already, and is one that the pack expects (AZ-18).
        reports: { namespace: "team-app", serviceAccount: "api-watcher", consumes: ["events", "state"] },
    },
};

/** Production on Azure, were its Kafka topics of Event Hubs: no committed stack gives its topics away for a test. */
let graph: Graph;
let tars: Graph;
let azure: ReturnType<typeof azureGraph>;
beforeAll(async () => {
    graph = await readGraph("prod-azure", { data: { ...Object(settingsOf("prod-azure").data), kafka: asked } });
    tars = inNamespace(graph, "tars");
    azure = azureGraph(graph);
});
const namespace = () => azure.one("eventhub:Namespace");
const hubId = (topic: string) => `kafka-hubs-topic-${topic}-id`;

test("has a namespace without keys that only its network reaches, in three zones, under the platform's key", () => {
    expect(azure.inputs(namespace())).toMatchObject({
        namespaceName: expect.stringMatching(/^tars-production-kafka-[0-9a-f]{8}$/),
        sku: { name: "Premium", tier: "Premium", capacity: 2 },
        zoneRedundant: true,
        disableLocalAuth: true,
        minimumTlsVersion: "1.2",
        publicNetworkAccess: "Disabled",
        identity: { type: "UserAssigned", userAssignedIdentities: ["secrets-encryption-id"] },
        encryption: {
            keySource: "Microsoft.KeyVault",
            keyVaultProperties: [{ identity: { userAssignedIdentity: "secrets-encryption-id" } }],
        },
    });
});

test("has its topics as event hubs, kept by time or by key", () => {
    const hubs = azure.all("eventhub:EventHub").map(({ inputs }) => inputs);
    expect(
        hubs.map(({ eventHubName, partitionCount, retentionDescription }) => [
            eventHubName,
            partitionCount,
            retentionDescription,
        ]),
    ).toEqual([
        ["events", 6, { cleanupPolicy: "Delete", retentionTimeInHours: 720 }],
        ["state", 3, { cleanupPolicy: "Compact", tombstoneRetentionTimeInHours: 24 }],
    ]);
});

test("gives each user an identity of its own, and rights to the very topics that it is named for", () => {
    const given = (role: "eventSender" | "eventReceiver") =>
        azure.grants(role).map((right) => [azure.inputs(right).principalId, azure.inputs(right).scope]);
    expect(given("eventSender")).toEqual([["[principalId of kafka-hubs-backend]", hubId("events")]]);
    expect(given("eventReceiver")).toEqual([
        ["[principalId of kafka-hubs-reports]", hubId("events")],
        ["[principalId of kafka-hubs-reports]", hubId("state")],
    ]);
    const trust = azure.inputs(azure.one("managedidentity:FederatedIdentityCredential", "kafka-hubs-reports-trust"));
    expect(trust).toMatchObject({
        subject: "system:serviceaccount:team-app:api-watcher",
        audiences: ["api://AzureADTokenExchange"],
    });
    // The owner of all data of Event Hubs is nobody.
    const owner = "f526a384-b230-433a-b45c-95f59c4a2dec";
    const assigned = azure.all("authorization:RoleAssignment").map((right) => azure.inputs(right).roleDefinitionId);
    expect(assigned.filter((role: string) => role.endsWith(owner))).toEqual([]);
    expect(Object.values(roles)).not.toContain(owner);
});

test("makes its endpoint among the others, with a zone of names, and lets pods call it there", () => {
    const endpoint = azure.inputs(azure.one("network:PrivateEndpoint", "kafka-hubs-endpoint"));
    expect(endpoint.privateLinkServiceConnections[0].groupIds).toEqual(["namespace"]);
    expect(azure.inputs(azure.one("privatedns:PrivateZone", "kafka-hubs-zone")).privateZoneName).toBe(
        "privatelink.servicebus.windows.net",
    );
    const { securityRules } = azure.inputs(azure.one("network:NetworkSecurityGroup", "network-rules-endpoints"));
    const events = securityRules.filter(
        (rule: { destinationPortRange?: string }) => rule.destinationPortRange === "9093",
    );
    expect(events.map(({ name, access }: { name: string; access: string }) => [name, access])).toEqual([
        ["allow-inbound-events", "Allow"],
    ]);
});

test("leaves the backend a way to its topics and to who gives tokens, and the mesh both by name", () => {
    const endpoints = azure.inputs(azure.one("network:Subnet", "network-subnet-endpoints")).addressPrefix;
    const [toHubs, toTokens, ...others] = tars.named("NetworkPolicy", "kafka-backend").inputs.spec.egress;
    expect(toHubs).toEqual({ to: [{ ipBlock: { cidr: endpoints } }], ports: [{ protocol: "TCP", port: 9093 }] });
    expect(toTokens).toMatchObject({ ports: [{ protocol: "TCP", port: 443 }] });
    expect(toTokens.to).toContainEqual({ ipBlock: { cidr: "40.126.0.0/18" } });
    expect(others).toEqual([]);
    expect(tars.named("ServiceEntry", "kafka").inputs.spec).toMatchObject({
        hosts: [expect.stringMatching(/^tars-production-kafka-[0-9a-f]{8}\.servicebus\.windows\.net$/)],
        exportTo: [".", "team-app"],
        ports: [{ number: 9093, protocol: "TCP" }],
    });
    expect(tars.named("ServiceEntry", "kafka-tokens").inputs.spec).toMatchObject({
        hosts: ["login.microsoftonline.com"],
        ports: [{ number: 443, protocol: "TLS" }],
    });
});

test("has the backend's pods be given the token that it shows, as its identity", () => {
    const account = tars.named("ServiceAccount", "tars-backend").inputs;
    expect(account.metadata.annotations).toMatchObject({
        "azure.workload.identity/client-id": "[clientId of kafka-hubs-backend]",
    });
    expect(account.automountServiceAccountToken).toBe(false);
    const { labels } = tars.named("Deployment", "tars-backend").inputs.spec.template.metadata;
    expect(labels).toMatchObject({ "azure.workload.identity/use": "true" });
});

test("guards the namespace and its topics, and locks them when all else stands", () => {
    expect(namespace().options).toMatchObject({ protect: true, retainOnDelete: true });
    const lock = azure.one("authorization:ManagementLockByScope", "kafka-hubs-lock-namespace");
    for (const hub of azure.all("eventhub:EventHub")) {
        expect(hub.options).toMatchObject({ protect: true, retainOnDelete: true });
        expect(graph.waitsFor(lock, hub)).toBe(true);
    }
    for (const right of [...azure.grants("eventSender"), ...azure.grants("eventReceiver")])
        expect(graph.waitsFor(lock, right)).toBe(true);
});

test("runs nothing for it in the cluster, and makes no password", () => {
    const kafka = inNamespace(graph, "kafka");
    for (const kind of ["Kafka", "KafkaTopic", "Job", "Secret", "Deployment"]) expect(kafka.of(kind)).toEqual([]);
    expect(graph.all.map(({ name }) => name).filter((name) => name.startsWith("secrets-kafka"))).toEqual([]);
});

test("breaks no mandatory rule of the policy pack", () => {
    const terms = { ...bareTerms, ...readPackFiles(rules), environment: environmentOf("production") };
    const { findings } = judge(judgedResources(graph.all), defaultConfiguration, terms);
    const broken = findings.filter(({ level }) => level === "mandatory");
    expect(broken.map(({ rule, name, message }) => `${rule} ${name}: ${message}`)).toEqual([]);
});

test("a stack keeps what its topics hold: it stays managed", () => {
    const held = (kafka: object) => holdingsOf(parsed(settingsWith("prod-azure", "data.kafka", kafka)).settings);
    const before = held({ kind: "managed" });
    const told = (now: ReturnType<typeof held>) => {
        const issues = new Issues();
        checkHoldings({ before, now, migrate: [] }, issues);
        return issues.all.length;
    };
    expect(before.kafka).toEqual({ form: "managed", volumes: {} });
    expect(told(held({ kind: "managed", units: 4 }))).toBe(0);
    expect(told(held({ kind: "cluster" }))).toBe(1);
});
