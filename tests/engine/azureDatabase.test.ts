import type { Properties } from "../../simulator/providers/properties";
import { AzureRun, at, group } from "./azureCloud";
import { grant, makeKey, makeNetwork, makeSubnet, makeVault } from "./azureGround";

/** What the simulated Azure asks of a PostgreSQL server. */

const kind = "dbforpostgresql:Server";
const id = at("Microsoft.DBforPostgreSQL/flexibleServers/tars-postgres");
const asked: Properties = {
    ...group,
    serverName: "tars-postgres",
    version: "18",
    sku: { name: "Standard_D4ds_v5", tier: "GeneralPurpose" },
    administratorLogin: "tars_user",
    administratorLoginPassword: "only-for-this-test",
    storage: { storageSizeGB: 128, autoGrow: "Enabled" },
    backup: { backupRetentionDays: 35, geoRedundantBackup: "Disabled" },
    availabilityZone: "1",
    highAvailability: { mode: "ZoneRedundant", standbyAvailabilityZone: "2" },
    network: { publicNetworkAccess: "Disabled" },
};

let azure: AzureRun;
beforeEach(async () => {
    azure = new AzureRun();
    await makeNetwork(azure);
});
afterEach(() => azure.close());

const server = (more: Properties = {}) => azure.make(kind, "server", { ...asked, ...more });
const change = (more: Properties) => azure.change(kind, "server", id, { ...asked, ...more });

/** What a server needs to be encrypted with a key, and to read it. */
async function encrypted(hasRight: boolean): Promise<Properties> {
    const vault = await makeVault(azure);
    const { keyUri } = await makeKey(azure, "platform");
    const identity = await azure.make("managedidentity:UserAssignedIdentity", "reader", {
        ...group,
        resourceName: "reader",
    });
    if (hasRight) await grant(azure, vault, String(identity.principalId), "cryptoServiceUser");
    const reader = String(identity.id);
    return {
        identity: { type: "UserAssigned", userAssignedIdentities: { [reader]: {} } },
        dataEncryption: {
            type: "AzureKeyVault",
            primaryKeyURI: keyUri ?? "",
            primaryUserAssignedIdentityId: reader,
        },
    };
}

test("a server is reached at its endpoint, under the name that it has everywhere", async () => {
    await expect(server()).resolves.toMatchObject({
        id,
        fullyQualifiedDomainName: "tars-postgres.postgres.database.azure.com",
    });
    const subnet = await makeSubnet(azure, "endpoints", "10.20.0.0/25");
    const endpoint = (groupIds: readonly string[]) =>
        azure.make("network:PrivateEndpoint", "endpoint", {
            ...group,
            privateEndpointName: "postgres",
            subnet: { id: subnet },
            privateLinkServiceConnections: [{ name: "postgres", privateLinkServiceId: id, groupIds: [...groupIds] }],
        });
    await expect(endpoint(["server"])).rejects.toThrow("has postgresqlServer");
    await expect(endpoint(["postgresqlServer"])).resolves.toMatchObject({ name: "postgres" });
});

test("a server is encrypted with a key that an identity of its own may read", async () => {
    await expect(server(await encrypted(true))).resolves.toMatchObject({ id });
});

test("a server without the right to its key is refused, and so is one whose reader is somebody else's", async () => {
    const sealed = await encrypted(false);
    await expect(server(sealed)).rejects.toThrow("Key Vault Crypto Service Encryption User");
    await expect(server({ ...sealed, identity: { type: "UserAssigned" } })).rejects.toThrow(
        "which is none of the server's identities",
    );
});

test("a disk grows and never shrinks, no version goes back, and the kind of its key stays", async () => {
    await server();
    await change({ storage: { storageSizeGB: 256 } });
    await expect(change({})).rejects.toThrow("cannot become smaller than 256, got 128");
    const larger = { storage: { storageSizeGB: 256 } };
    await expect(change({ ...larger, version: "17" })).rejects.toThrow("cannot go back from 18 to 17");
    await expect(change({ ...larger, dataEncryption: { type: "AzureKeyVault" } })).rejects.toThrow();
});

test("a database and parameters are of a server that is there, and go with nobody's help but their own", async () => {
    const place = { resourceGroupName: "tars", serverName: "tars-postgres" };
    const database = () =>
        azure.make("dbforpostgresql:Database", "database", { ...place, databaseName: "tars_analytics" });
    const parameter = (configurationName: string, value: string) =>
        azure.make("dbforpostgresql:Configuration", configurationName, { ...place, configurationName, value });
    await expect(database()).rejects.toThrow("names a place that does not exist");
    await server();
    const made = await database();
    await expect(parameter("require_secure_transport", "yes")).rejects.toThrow("must not be yes");
    await expect(parameter("fast", "on")).rejects.toThrow("has no parameter fast");
    await expect(parameter("require_secure_transport", "on")).resolves.toMatchObject({ value: "on" });
    await expect(azure.remove(kind, "server", id)).rejects.toThrow(String(made.id));
});

test.each<[what: string, more: Properties, reason: string]>([
    ["a disk that Azure does not have", { storage: { storageSizeGB: 100 } }, "must be one of 32, 64"],
    ["backups for longer than Azure keeps them", { backup: { backupRetentionDays: 36 } }, "must be 7 to 35, got 36"],
    [
        "a size of another tier",
        { sku: { name: "Standard_B2s", tier: "GeneralPurpose" } },
        "Standard_B2s is of another tier",
    ],
    [
        "a burstable server with a second one",
        { sku: { name: "Standard_B2s", tier: "Burstable" } },
        "is not for burstable servers",
    ],
    [
        "two machines in one zone",
        { highAvailability: { mode: "ZoneRedundant", standbyAvailabilityZone: "1" } },
        "must be another zone than the server's",
    ],
    ["a version that is not offered", { version: "10" }, "must be 11 to 18, got 10"],
    ["a name with capitals", { serverName: "Tars" }, "lower-case letters"],
    ["a reserved user", { administratorLogin: "azure_superuser" }, "is reserved"],
])("%s is refused", async (_, more, reason) => {
    await expect(server(more)).rejects.toThrow(reason);
});

test("a subnet that is not the servers' own takes none", async () => {
    const subnet = await makeSubnet(azure, "nodes", "10.20.0.0/24");
    await expect(server({ network: { delegatedSubnetResourceId: subnet } })).rejects.toThrow(
        "must be delegated to Microsoft.DBforPostgreSQL/flexibleServers",
    );
});
