import type { Properties } from "../../simulator/providers/properties";
import { AzureRun, at, group } from "./azureCloud";
import { grant, makeKey, makeNetwork, makeSubnet, makeVault } from "./azureGround";

/** What the simulated Azure asks of topics of Event Hubs. */

const kind = "eventhub:Namespace";
const id = at("Microsoft.EventHub/namespaces/tars-kafka");
const asked: Properties = {
    ...group,
    namespaceName: "tars-kafka",
    sku: { name: "Premium", tier: "Premium", capacity: 1 },
    zoneRedundant: true,
    disableLocalAuth: true,
    publicNetworkAccess: "Disabled",
};
const place = { resourceGroupName: "tars", namespaceName: "tars-kafka" };
const deleted = { cleanupPolicy: "Delete", retentionTimeInHours: 168 };

let azure: AzureRun;
beforeEach(async () => {
    azure = new AzureRun();
    await makeNetwork(azure);
});
afterEach(() => azure.close());

const namespace = (more: Properties = {}) => azure.make(kind, "kafka", { ...asked, ...more });
const hub = (eventHubName: string, more: Properties = {}) =>
    azure.make("eventhub:EventHub", eventHubName, {
        ...place,
        eventHubName,
        partitionCount: 6,
        retentionDescription: deleted,
        ...more,
    });

/** A key, and an identity that reads it where it has the right. */
async function sealed(hasRight: boolean): Promise<Properties> {
    const vault = await makeVault(azure);
    await makeKey(azure, "platform");
    const identity = await azure.make("managedidentity:UserAssignedIdentity", "reader", {
        ...group,
        resourceName: "reader",
    });
    if (hasRight) await grant(azure, vault, String(identity.principalId), "cryptoServiceUser");
    const reader = String(identity.id);
    return {
        identity: { type: "UserAssigned", userAssignedIdentities: [reader] },
        encryption: {
            keySource: "Microsoft.KeyVault",
            keyVaultProperties: [
                {
                    keyName: "platform",
                    keyVaultUri: "https://tars-vault.vault.azure.net/",
                    identity: { userAssignedIdentity: reader },
                },
            ],
        },
    };
}

test("a namespace is reached at its endpoint, under the name that it has everywhere", async () => {
    await expect(namespace()).resolves.toMatchObject({
        id,
        serviceBusEndpoint: "https://tars-kafka.servicebus.windows.net:443/",
    });
    const subnet = await makeSubnet(azure, "endpoints", "10.20.0.0/25");
    const endpoint = (groupId: string) =>
        azure.make("network:PrivateEndpoint", "endpoint", {
            ...group,
            privateEndpointName: "kafka",
            subnet: { id: subnet },
            privateLinkServiceConnections: [{ name: "kafka", privateLinkServiceId: id, groupIds: [groupId] }],
        });
    await expect(endpoint("eventhub")).rejects.toThrow("has namespace");
    await expect(endpoint("namespace")).resolves.toMatchObject({ name: "kafka" });
});

test("its key is read by an identity of its own, which has the right to it", async () => {
    await expect(namespace(await sealed(true))).resolves.toMatchObject({ id });
});

test("a key that nobody may read, that is somebody else's to read or that comes to another tier is refused", async () => {
    const seal = await sealed(false);
    await expect(namespace(seal)).rejects.toThrow("Key Vault Crypto Service Encryption User");
    await expect(namespace({ encryption: seal.encryption ?? {} })).rejects.toThrow(
        "which is none of the namespace's identities",
    );
    await expect(namespace({ ...seal, sku: { name: "Standard", capacity: 1 } })).rejects.toThrow(
        "is for Premium namespaces",
    );
});

test("a key comes to an empty namespace alone, and zones to a new one", async () => {
    await namespace();
    await hub("events");
    const seal = await sealed(true);
    const change = (more: Properties) => azure.change(kind, "kafka", id, { ...asked, ...more });
    await expect(change(seal)).rejects.toThrow("is for a namespace that is still empty");
    await expect(change({ zoneRedundant: false })).rejects.toThrow("does not let zoneRedundant change");
    await expect(change({ sku: { name: "Premium", tier: "Premium", capacity: 2 } })).resolves.toBeDefined();
});

test.each([
    [{ sku: { name: "Premium", capacity: 3 } }, "must be one of 1, 2, 4, 8, 16, got 3"],
    [{ namespaceName: "kafka" }, "6-50 letters"],
])("a namespace is not %j", async (more, words) => {
    await expect(namespace(more)).rejects.toThrow(words);
});

test("nobody else has its name", async () => {
    await namespace();
    await expect(azure.make(kind, "other", asked)).rejects.toThrow("NameUnavailable");
});

test("a topic gets more partitions and never fewer, and is kept as it was first told to be", async () => {
    await namespace();
    const { id: topic } = await hub("events");
    const change = (more: Properties) =>
        azure.change("eventhub:EventHub", "events", topic, {
            ...place,
            eventHubName: "events",
            partitionCount: 6,
            retentionDescription: deleted,
            ...more,
        });
    await expect(change({ partitionCount: 8 })).resolves.toMatchObject({ partitionIds: { length: 8 } });
    await expect(change({ partitionCount: 4 })).rejects.toThrow("cannot become fewer than 8");
    await expect(change({ partitionCount: 8, retentionDescription: { cleanupPolicy: "Compact" } })).rejects.toThrow(
        "does not let retentionDescription.cleanupPolicy change",
    );
});

test("topics have the room of their namespace's units", async () => {
    await namespace();
    await expect(hub("wide", { partitionCount: 101 })).rejects.toThrow("must be 100 at most");
    const long = { cleanupPolicy: "Delete", retentionTimeInHours: 365 * 24 };
    await expect(hub("long", { retentionDescription: long })).rejects.toThrow("must be 2160 hours at most");
    await hub("one", { partitionCount: 100 });
    await hub("two", { partitionCount: 99 });
    await expect(hub("three", { partitionCount: 2 })).rejects.toThrow("makes 201 of the namespace's 200");
});
