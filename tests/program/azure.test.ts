import { keeping } from "../../components/cloud/azure/protection";
import { roles } from "../../components/cloud/azure/roles";
import { azureGraph } from "./azureGraph";
import { type Graph, readGraph } from "./graph";

let graph: Graph;
let all: ReturnType<typeof azureGraph>["all"];
let inputs: ReturnType<typeof azureGraph>["inputs"];
let one: ReturnType<typeof azureGraph>["one"];
let cluster: ReturnType<typeof azureGraph>["cluster"];
let grants: ReturnType<typeof azureGraph>["grants"];
let kubernetesProvider: ReturnType<typeof azureGraph>["kubernetesProvider"];
beforeAll(async () => {
    graph = await readGraph("prod-azure");
    ({ all, inputs, one, cluster, grants, kubernetesProvider } = azureGraph(graph));
});

describe("the caller", () => {
    test("is asked for by a provider that knows no subscription, and only what comes of that makes resources", () => {
        const providers = graph.all.filter(({ type }) => type === "pulumi:providers:azure-native");
        const [main, reader] = providers.sort((a, b) => a.name.length - b.name.length);
        expect(inputs(reader)).not.toHaveProperty("subscriptionId");
        expect(inputs(main).subscriptionId).toBe("00000000-0000-0000-0000-000000000000");
        const azure = graph.all.filter(({ type }) => type.startsWith("azure-native:"));
        expect(azure.length).toBeGreaterThan(70);
        expect(azure.filter(({ provider }) => provider !== main?.urn)).toEqual([]);
    });

    test("has no secret in either provider", () => {
        const providers = graph.all.filter(({ type }) => type === "pulumi:providers:azure-native");
        for (const { inputs: given } of providers) {
            expect(Object.keys(given).filter((key) => /secret|certificate|token|password|clientId/i.test(key))).toEqual(
                [],
            );
        }
    });
});

describe("every resource", () => {
    test("that takes tags says whose it is", () => {
        const owned = { owner: "platform-team", environment: "production", "cost-centre": "cc-1001" };
        const tagged = graph.all.filter(
            ({ type, inputs: { location } }) => type.startsWith("azure-native:") && location !== undefined,
        );
        expect(tagged.length).toBeGreaterThan(30);
        for (const { inputs: given } of tagged) expect(given.tags).toMatchObject(owned);
    });

    test("stands in the stack's region, or is global", () => {
        const places = new Set(graph.all.map(({ inputs: { location } }) => location));
        expect([...places].sort()).toEqual(["global", "westeurope", undefined]);
    });
});

describe("rights", () => {
    test("of the deployer's groups are there before the cluster, and so before the provider of its objects", () => {
        const granted = [...grants("clusterAdmin"), ...grants("clusterUser")];
        const admins = granted.filter(({ name }) => name.startsWith("aks-"));
        expect(admins).toHaveLength(2);
        for (const right of admins) {
            expect(inputs(right).principalType).toBe("Group");
            expect(graph.waitsFor(cluster(), right)).toBe(true);
            expect(graph.waitsFor(kubernetesProvider(), right)).toBe(true);
        }
    });

    test("of pods follow from what their identity is for, and reach no further than that", () => {
        const of = (name: string) =>
            all("authorization:RoleAssignment")
                .filter((right) => inputs(right).principalId === `[principalId of identities-${name}]`)
                .map((right) => [inputs(right).roleDefinitionId.split("/").at(-1), inputs(right).scope]);
        expect(of("backup")).toEqual([[roles.blobContributor, "storage-backups-id"]]);
        const writer = inputs(one("authorization:RoleDefinition"));
        expect(of("secrets")).toEqual([
            [roles.vaultSecretsUser, "secrets-vault-id"],
            [writer.roleDefinitionId, "secrets-vault-id"],
        ]);
        expect(writer.permissions).toEqual([{ dataActions: ["Microsoft.KeyVault/vaults/secrets/setSecret/action"] }]);
        expect(of("team-app")).toEqual([
            [roles.blobReader, "storage-data-id"],
            [roles.imagePull, "registry-registry-id"],
        ]);
        const subjects = all("managedidentity:FederatedIdentityCredential").map((trust) => inputs(trust).subject);
        expect(subjects).toContain("system:serviceaccount:team-app:api-watcher");
    });

    test("to write to the vault are held to generated secrets, and given once the role is there", () => {
        const definition = one("authorization:RoleDefinition");
        const right = one("authorization:RoleAssignment", "identities-secrets-secretstore-write");
        expect(inputs(right)).toMatchObject({
            conditionVersion: "2.0",
            condition: expect.stringMatching(/secrets:name\] StringStartsWith 'generated-'\)\)$/),
        });
        expect(graph.waitsFor(right, definition)).toBe(true);
        const others = all("authorization:RoleAssignment").filter((other) => other !== right);
        for (const other of others) expect(inputs(other).condition).toBeUndefined();
    });

    test("have names that are GUIDs, each its own, and none is given on the whole subscription", () => {
        const rights = all("authorization:RoleAssignment").map((right) => inputs(right));
        const names = rights.map(({ roleAssignmentName }) => roleAssignmentName);
        expect(new Set(names).size).toBe(rights.length);
        for (const name of names)
            expect(name).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(rights.filter(({ scope }) => /^\/?subscriptions\/[^/]*$/.test(scope))).toEqual([]);
    });
});

describe("production keeps what holds data", () => {
    const kindOf: Readonly<Record<string, readonly (keyof typeof keeping)[]>> = {
        "resources:ResourceGroup": ["resourceGroup"],
        "keyvault:Vault": ["vault"],
        "keyvault:Key": ["key"],
        "storage:BlobContainer": ["container"],
        "storage:BlobServiceProperties": ["blobService"],
        "storage:BlobContainerImmutabilityPolicy": ["immutability"],
        "storage:ManagementPolicy": ["lifecycle"],
        "compute:DiskEncryptionSet": ["diskEncryption"],
        "operationalinsights:Workspace": ["workspace"],
        "dns:Zone": ["dnsZone"],
        "containerregistry:Registry": ["registry"],
        "containerservice:ManagedCluster": ["cluster"],
        "network:VirtualNetwork": ["virtualNetwork"],
    };

    test.each(Object.entries(kindOf))("%s as the table says", (kind, [row]) => {
        const { protect, retainOnDelete } =
            row === undefined ? { protect: false, retainOnDelete: false } : keeping[row];
        expect(all(kind).length).toBeGreaterThan(0);
        for (const { options } of all(kind)) {
            expect([options?.protect ?? false, options?.retainOnDelete ?? false]).toEqual([protect, retainOnDelete]);
        }
    });

    test("and nothing beside the table but the accounts, what reads their key, definitions, Kafka, Elasticsearch, ClickHouse, and the way into the cluster", () => {
        const others = graph.all.filter(
            ({ type, options }) =>
                type !== "kubernetes:yaml/v2:ConfigGroup" &&
                (options?.protect ?? options?.retainOnDelete) &&
                !(type.replace("azure-native:", "") in kindOf),
        );
        expect(others.map(({ name }) => name).sort()).toEqual([
            "clickhouse-keepers",
            "clickhouse-servers",
            "cluster",
            "elasticsearch-cluster",
            "kafka-broker",
            "kafka-cluster",
            "kafka-controller",
            "kafka-topic-events",
            "schema-registry-topic",
            "secrets-encryption",
            "secrets-encryption-right",
            "storage-account",
            "storage-network-logs-account",
        ]);
    });

    test("and leaves this in Azure when it is destroyed, without which blobs and disks would be lost or unreadable", () => {
        const staying = graph.all.flatMap(({ name, options }) => (options?.retainOnDelete ? [name] : []));
        expect(staying.sort()).toEqual([
            "aks-disks",
            "dns-public",
            "group",
            "logs-workspace",
            "secrets-cluster-key",
            "secrets-encryption",
            "secrets-encryption-right",
            "secrets-key",
            "secrets-vault",
            "storage-account",
            "storage-backups",
            "storage-backups-immutable",
            "storage-data",
            "storage-lifecycle",
            "storage-network-logs-account",
            "storage-network-logs-flows",
            "storage-network-logs-flows-immutable",
            "storage-network-logs-lifecycle",
            "storage-network-logs-versions",
            "storage-versions",
        ]);
        const open = staying.filter((name) =>
            /^(storage-(account|data|backups)|secrets-(vault|key)|group)$/.test(name),
        );
        for (const name of open) expect(graph.all.find((found) => found.name === name)?.options?.protect).toBe(true);
    });

    test("with locks in Azure on vault, blobs, images and audit records", () => {
        const locks = all("authorization:ManagementLockByScope").map((lock) => inputs(lock));
        expect(locks.map(({ scope }) => scope).sort()).toEqual([
            "logs-workspace-id",
            "registry-registry-id",
            "secrets-vault-id",
            "storage-account-id",
        ]);
        for (const { level } of locks) expect(level).toBe("CanNotDelete");
    });

    test("that come after every right and go before them, as nothing below a lock can be deleted", () => {
        const rights = all("authorization:RoleAssignment").filter(({ name }) => !/^(flow-logs|team-rights)/.test(name));
        for (const lock of all("authorization:ManagementLockByScope")) {
            for (const right of rights) expect([right.name, graph.waitsFor(lock, right)]).toEqual([right.name, true]);
        }
    });
});
