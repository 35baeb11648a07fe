import { azureGraph } from "./azureGraph";
import { type Graph, readGraph } from "./graph";

let graph: Graph;
let all: ReturnType<typeof azureGraph>["all"];
let inputs: ReturnType<typeof azureGraph>["inputs"];
let one: ReturnType<typeof azureGraph>["one"];
let grants: ReturnType<typeof azureGraph>["grants"];
beforeAll(async () => {
    graph = await readGraph("prod-azure");
    ({ all, inputs, one, grants } = azureGraph(graph));
});

describe("what is stored", () => {
    test("is encrypted with the platform's key, and waits for the right to it", () => {
        const [right] = grants("vaultEncryption");
        if (right === undefined) throw new Error("nobody may use the key");
        const users = [
            ...all("storage:StorageAccount"),
            ...all("containerregistry:Registry"),
            one("compute:DiskEncryptionSet"),
        ];
        expect(users).toHaveLength(4);
        for (const user of users) expect([user.name, graph.waitsFor(user, right)]).toEqual([user.name, true]);
        for (const account of all("storage:StorageAccount")) {
            expect(inputs(account).encryption).toMatchObject({
                keySource: "Microsoft.Keyvault",
                requireInfrastructureEncryption: true,
            });
        }
        expect(inputs(one("containerregistry:Registry")).encryption.status).toBe("enabled");
    });

    test("is reached through the network only, and by identity", () => {
        for (const account of all("storage:StorageAccount")) {
            expect(inputs(account)).toMatchObject({
                publicNetworkAccess: "Disabled",
                allowSharedKeyAccess: false,
                allowBlobPublicAccess: false,
                networkRuleSet: { defaultAction: "Deny" },
            });
        }
        expect(inputs(one("containerregistry:Registry"))).toMatchObject({
            sku: { name: "Premium" },
            adminUserEnabled: false,
            publicNetworkAccess: "Disabled",
        });
        expect(inputs(one("keyvault:Vault")).properties).toMatchObject({
            enableRbacAuthorization: true,
            enablePurgeProtection: true,
            publicNetworkAccess: "Disabled",
        });
        const services = all("network:PrivateEndpoint").flatMap(
            (endpoint) => inputs(endpoint).privateLinkServiceConnections[0].groupIds,
        );
        expect(services.sort()).toEqual(["blob", "blob", "registry", "vault"]);
    });

    test("has a private name for each endpoint, which the network knows", () => {
        const zones = all("privatedns:PrivateZone").map((zone) => inputs(zone).privateZoneName);
        expect(zones.sort()).toEqual([
            "private.westeurope.azmk8s.io",
            "privatelink.azurecr.io",
            "privatelink.blob.core.windows.net",
            "privatelink.vaultcore.azure.net",
        ]);
        const linked = all("privatedns:VirtualNetworkLink").map((link) => inputs(link).privateZoneName);
        expect(linked.sort()).toEqual(zones);
        expect(all("network:PrivateDnsZoneGroup")).toHaveLength(4);
    });

    test("keeps versions, gets cheaper with time, and no backup changes", () => {
        for (const service of all("storage:BlobServiceProperties")) {
            expect(inputs(service).isVersioningEnabled).toBe(true);
        }
        const { rules } = inputs(one("storage:ManagementPolicy", "storage-lifecycle")).policy;
        const [tiers, versions, backupVersions, ...others] = rules.map(
            ({ definition }: { definition: object }) => definition,
        );
        expect(others).toEqual([]);
        expect(tiers.filters.prefixMatch).toEqual(["data/"]);
        expect(tiers.actions.baseBlob).toHaveProperty("tierToCold");
        const forgetting = (container: string, days: number) => ({
            filters: { blobTypes: ["blockBlob"], prefixMatch: [`${container}/`] },
            actions: { version: { delete: { daysAfterCreationGreaterThan: days } } },
        });
        // A backup's versions go when no lock holds them any more; the backup itself goes by whoever made it.
        expect([versions, backupVersions]).toEqual([forgetting("data", 90), forgetting("backups", 35)]);
        expect(inputs(one("storage:BlobContainerImmutabilityPolicy", "storage-backups-immutable"))).toMatchObject({
            containerName: "backups",
            immutabilityPeriodSinceCreationInDays: 35,
            allowProtectedAppendWrites: false,
        });
    });

    test("keeps what flowed as it was written, in a container that is there before Azure would make it", () => {
        const container = one("storage:BlobContainer", "storage-network-logs-flows");
        expect(inputs(container)).toMatchObject({
            containerName: "insights-logs-flowlogflowevent",
            immutableStorageWithVersioning: { enabled: true },
        });
        const { retentionPolicy } = inputs(one("network:FlowLog"));
        const policy = inputs(one("storage:BlobContainerImmutabilityPolicy", "storage-network-logs-flows-immutable"));
        expect(policy.immutabilityPeriodSinceCreationInDays).toBe(retentionPolicy.days);
        expect(graph.waitsFor(one("network:FlowLog"), container)).toBe(true);
    });

    test("has a key that changes every year, but for the cluster's, of which AKS names one version", () => {
        const [own, cluster] = ["secrets-key", "secrets-cluster-key"].map((name) => one("keyvault:Key", name));
        if (own === undefined || cluster === undefined) throw new Error("a key is missing");
        expect(inputs(own).properties.rotationPolicy).toMatchObject({ attributes: { expiryTime: "P2Y" } });
        expect(inputs(cluster).properties).not.toHaveProperty("rotationPolicy");
    });

    test("loses images without a tag after 7 days, and old ones after 30", () => {
        const { policies } = inputs(one("containerregistry:Registry"));
        expect(policies.retentionPolicy).toEqual({ status: "enabled", days: 7 });
        const { step } = inputs(one("containerregistry:Task"));
        const task = Buffer.from(step.encodedTaskContent, "base64").toString("utf8");
        expect(task).toContain("--ago 30d");
        expect(task).toMatch(/acr-cli:\d+\.\d+ purge/);
    });

    test("loses them by a task that logs in with its own identity, and so with the rights of that alone", () => {
        const { credentials, identity } = inputs(one("containerregistry:Task"));
        expect(identity).toEqual({ type: "SystemAssigned" });
        expect(credentials.sourceRegistry).toEqual({ loginMode: "None" });
        expect(Object.values(credentials.customRegistries)).toEqual([{ identity: "[system]" }]);
        expect(Object.keys(credentials.customRegistries)[0]).toBe("[loginServer]");
    });
});
