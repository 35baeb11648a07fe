import type { Registration } from "../../cli/src/graph";
import { keeping } from "../../components/cloud/azure/protection";
import { roles } from "../../components/cloud/azure/roles";
import { type Graph, readGraph } from "./graph";

let graph: Graph;
beforeAll(async () => {
    graph = await readGraph("prod-azure");
});

// biome-ignore lint/suspicious/noExplicitAny: the shape is Azure's, and each test reads a few fields of it
type Inputs = any;
const all = (kind: string) => graph.all.filter(({ type }) => type === `azure-native:${kind}`);
const inputs = (registration: Registration | undefined): Inputs => registration?.inputs;
const one = (kind: string, name?: string): Registration => {
    const [found, ...others] = all(kind).filter((registration) => name === undefined || registration.name === name);
    if (found === undefined || others.length > 0) throw new Error(`not one ${kind} ${name ?? ""}`);
    return found;
};
const cluster = () => one("containerservice:ManagedCluster");
const grants = (role: keyof typeof roles) =>
    all("authorization:RoleAssignment").filter((right) => inputs(right).roleDefinitionId.endsWith(`/${roles[role]}`));
const kubernetesProvider = () => {
    const found = graph.all.find(({ type }) => type === "pulumi:providers:kubernetes");
    if (found === undefined) throw new Error("no provider of the cluster");
    return found;
};

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

describe("the network", () => {
    const rules = (group: Registration, direction: string): Inputs[] =>
        inputs(group).securityRules.filter((rule: Inputs) => rule.direction === direction);

    test("has subnets for API server, endpoints, gateways and nodes, each behind rules of its own", () => {
        const subnets = all("network:Subnet").map((subnet) => inputs(subnet));
        expect(subnets.map(({ subnetName, addressPrefix }) => [subnetName, addressPrefix])).toEqual([
            ["api-server", "10.20.0.0/27"],
            ["endpoints", "10.20.0.128/25"],
            ["gateways", "10.20.1.0/24"],
            ["nodes", "10.20.4.0/22"],
        ]);
        expect(new Set(subnets.map(({ networkSecurityGroup }) => networkSecurityGroup.id)).size).toBe(4);
        expect(subnets.map(({ defaultOutboundAccess }) => defaultOutboundAccess)).toEqual([false, false, false, false]);
    });

    test("denies what no rule allows, both ways, last", () => {
        for (const group of all("network:NetworkSecurityGroup")) {
            for (const direction of ["Inbound", "Outbound"]) {
                const last = rules(group, direction).at(-1);
                expect(last).toMatchObject({ access: "Deny", priority: 4096, protocol: "*", sourceAddressPrefix: "*" });
                expect(last.destinationAddressPrefix).toBe("*");
            }
        }
    });

    test("lets nothing in from the Internet", () => {
        const allowed = all("network:NetworkSecurityGroup").flatMap((group) => rules(group, "Inbound"));
        const open = allowed.filter(
            ({ access, sourceAddressPrefix }) => access === "Allow" && ["*", "Internet"].includes(sourceAddressPrefix),
        );
        expect(open).toEqual([]);
    });

    test("gives its rules distinct priorities in each direction", () => {
        for (const group of all("network:NetworkSecurityGroup")) {
            for (const direction of ["Inbound", "Outbound"]) {
                const priorities = rules(group, direction).map(({ priority }) => priority);
                expect(new Set(priorities).size).toBe(priorities.length);
            }
        }
    });

    test("lets the API server reach the vault's endpoint, without which it cannot read its key", () => {
        const group = one("network:NetworkSecurityGroup", "network-rules-api-server");
        expect(rules(group, "Outbound")).toContainEqual(
            expect.objectContaining({
                access: "Allow",
                destinationAddressPrefix: "10.20.0.128/25",
                destinationPortRange: "443",
            }),
        );
    });

    test("hands the API server's subnet to AKS, and only nodes have a way out", () => {
        const delegated = inputs(one("network:Subnet", "network-subnet-api-server")).delegations;
        expect(delegated[0].serviceName).toBe("Microsoft.ContainerService/managedClusters");
        const out = all("network:Subnet").filter((subnet) => inputs(subnet).natGateway !== undefined);
        expect(out.map(({ name }) => name)).toEqual(["network-subnet-nodes"]);
    });

    test("makes its subnets one after the other, and endpoints after all of them", () => {
        const subnets = ["api-server", "endpoints", "gateways", "nodes"].map((name) =>
            one("network:Subnet", `network-subnet-${name}`),
        );
        for (const [index, later] of subnets.entries()) {
            for (const earlier of subnets.slice(0, index)) expect(graph.waitsFor(later, earlier)).toBe(true);
            for (const endpoint of all("network:PrivateEndpoint")) expect(graph.waitsFor(endpoint, later)).toBe(true);
        }
    });

    test("records its flows in an account without keys, and sums of them in the workspace", () => {
        const flows = inputs(one("network:FlowLog"));
        expect(flows).toMatchObject({ enabled: true, targetResourceId: "network-virtual-network-id" });
        expect(flows.storageId).toBe("storage-network-logs-account-id");
        expect(flows.identity.userAssignedIdentities).toEqual(["flow-logs-writer-id"]);
        const { networkWatcherFlowAnalyticsConfiguration: sums } = flows.flowAnalyticsConfiguration;
        expect(sums).toMatchObject({ enabled: true, workspaceResourceId: "logs-workspace-id" });
    });
});

describe("the cluster", () => {
    test("is private, in the network, without run-command and without a public name", () => {
        expect(inputs(cluster()).apiServerAccessProfile).toEqual({
            enableVnetIntegration: true,
            subnetId: "network-subnet-api-server-id",
            disableRunCommand: true,
            enablePrivateCluster: true,
            enablePrivateClusterPublicFQDN: false,
            privateDNSZone: "dns-api-server-id",
        });
    });

    test("lets people in by Entra and Azure's roles only", () => {
        expect(inputs(cluster())).toMatchObject({
            disableLocalAccounts: true,
            enableRBAC: true,
            aadProfile: { managed: true, enableAzureRBAC: true },
        });
    });

    test("signs tokens for workload identities", () => {
        expect(inputs(cluster()).oidcIssuerProfile).toEqual({ enabled: true });
        expect(inputs(cluster()).securityProfile.workloadIdentity).toEqual({ enabled: true });
    });

    test("has an overlay with Cilium, and leaves by the network's gateway", () => {
        expect(inputs(cluster()).networkProfile).toMatchObject({
            networkPlugin: "azure",
            networkPluginMode: "overlay",
            networkDataplane: "cilium",
            networkPolicy: "cilium",
            outboundType: "userAssignedNATGateway",
            podCidr: "10.0.0.0/14",
            serviceCidr: "10.4.0.0/14",
            dnsServiceIP: "10.4.0.10",
        });
    });

    test("encrypts Secrets with its own key in the private vault, and disks with the platform's", () => {
        expect(inputs(cluster()).securityProfile.azureKeyVaultKms).toEqual({
            enabled: true,
            keyId: "[keyUriWithVersion of secrets-cluster-key]",
            keyVaultNetworkAccess: "Private",
            keyVaultResourceId: "secrets-vault-id",
        });
        expect(inputs(cluster()).diskEncryptionSetID).toBe("aks-disks-id");
        expect(inputs(one("compute:DiskEncryptionSet")).activeKey.keyUrl).toContain("secrets-key");
    });

    test("is kept new in a window, and clean", () => {
        expect(inputs(cluster()).autoUpgradeProfile).toEqual({
            upgradeChannel: "patch",
            nodeOSUpgradeChannel: "NodeImage",
        });
        expect(inputs(cluster()).securityProfile.imageCleaner.enabled).toBe(true);
        const windows = all("containerservice:MaintenanceConfiguration").map((window) => inputs(window));
        expect(windows.map(({ configName }) => configName).sort()).toEqual([
            "aksManagedAutoUpgradeSchedule",
            "aksManagedNodeOSUpgradeSchedule",
        ]);
        for (const { maintenanceWindow } of windows) expect(maintenanceWindow.durationHours).toBeGreaterThanOrEqual(4);
    });

    test("pins a version, and pays for an agreed uptime", () => {
        expect(inputs(cluster()).kubernetesVersion).toMatch(/^1\.\d{2}$/);
        expect(inputs(cluster()).sku.tier).toBe("Standard");
    });

    test("tells everything of its control plane", () => {
        const { logs, workspaceId } = inputs(one("monitor:DiagnosticSetting", "aks-logs"));
        expect(workspaceId).toBe("logs-workspace-id");
        const categories = logs.map(({ category }: Inputs) => category);
        expect(categories).toEqual(
            expect.arrayContaining(["kube-apiserver", "kube-audit", "kube-audit-admin", "guard"]),
        );
        expect(logs.every(({ enabled }: Inputs) => enabled)).toBe(true);
    });

    test("comes up only with its rights, its key and a way to the vault", () => {
        const needed = [
            ...grants("networkContributor"),
            ...grants("vaultCryptoUser"),
            ...grants("privateDnsZoneContributor"),
            ...grants("managedIdentityOperator"),
            one("network:PrivateDnsZoneGroup", "secrets-endpoint-name"),
            one("keyvault:Key", "secrets-cluster-key"),
        ];
        expect(needed.length).toBe(7);
        for (const earlier of needed)
            expect([earlier.name, graph.waitsFor(cluster(), earlier)]).toEqual([earlier.name, true]);
    });
});

describe("pools", () => {
    const system = () => inputs(cluster()).agentPoolProfiles;
    const pools = () => [...system(), ...all("containerservice:AgentPool").map((pool) => inputs(pool))];
    const pool = (role: string) => pools().find(({ name, agentPoolName }) => role === (name ?? agentPoolName));

    test("are those of the documents: one inline, the others beside the cluster", () => {
        expect(system()).toHaveLength(1);
        const bounds = pools().map(({ name, agentPoolName, vmSize, minCount, count, maxCount }) => [
            name ?? agentPoolName,
            vmSize,
            minCount,
            count,
            maxCount,
        ]);
        expect(bounds).toEqual([
            ["system", "Standard_D4ds_v6", 3, 3, 6],
            ["compute", "Standard_F8as_v6", 2, 3, 10],
            ["general", "Standard_D16ds_v6", 6, 6, 12],
            ["gpu", "Standard_NV36ads_A10_v5", 0, 0, 4],
            ["memory", "Standard_E8ds_v6", 1, 2, 5],
            ["spot", "Standard_D16ds_v6", 0, 0, 10],
        ]);
    });

    test("are scaled in three zones, encrypted at the host, without public addresses", () => {
        for (const made of pools()) {
            expect(made).toMatchObject({
                enableAutoScaling: true,
                enableEncryptionAtHost: true,
                enableNodePublicIP: false,
                availabilityZones: ["1", "2", "3"],
                vnetSubnetID: "network-subnet-nodes-id",
            });
        }
    });

    test("leave their size to the scaler", () => {
        for (const { options } of all("containerservice:AgentPool")) expect(options?.ignoreChanges).toEqual(["count"]);
        expect(cluster().options?.ignoreChanges).toEqual(["agentPoolProfiles[0].count"]);
    });

    test("carry the labels and taints that pods choose them by", () => {
        expect(pool("memory")).toMatchObject({
            nodeLabels: { "node-type": "memory-optimized" },
            nodeTaints: ["node-type=memory-optimized:NoSchedule"],
        });
        expect(pool("general").nodeTaints).toEqual([]);
        expect(pool("system").nodeTaints).toEqual(["CriticalAddonsOnly=true:NoSchedule"]);
    });

    test("replace a third of the nodes at a time, but for spot, where Azure takes no surge", () => {
        for (const made of pools()) {
            const surge = made.scaleSetPriority === "Spot" ? undefined : "33%";
            expect(made.upgradeSettings?.maxSurge).toBe(surge);
        }
    });

    test("of spot nodes lose them when Azure takes them back", () => {
        expect(pool("spot")).toMatchObject({
            scaleSetPriority: "Spot",
            scaleSetEvictionPolicy: "Delete",
            spotMaxPrice: -1,
            nodeTaints: ["kubernetes.azure.com/scalesetpriority=spot:NoSchedule"],
        });
    });

    test("of GPU nodes have the driver, and ollama asks for a GPU there", () => {
        expect(pool("gpu").gpuProfile).toEqual({ driver: "Install" });
        const { spec } = graph.named("StatefulSet", "ollama").inputs.spec.template;
        expect(JSON.stringify(spec)).toContain('"node-type":"gpu"');
        expect(spec.containers[0].resources.limits).toHaveProperty(["nvidia.com/gpu"]);
    });
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
        expect(services.sort()).toEqual(["blob", "registry", "vault"]);
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
        expect(all("network:PrivateDnsZoneGroup")).toHaveLength(3);
    });

    test("keeps versions, gets cheaper with time, and no backup changes", () => {
        expect(inputs(one("storage:BlobServiceProperties")).isVersioningEnabled).toBe(true);
        const [tiers] = inputs(one("storage:ManagementPolicy")).policy.rules;
        expect(tiers.definition.actions.baseBlob).toHaveProperty("tierToCold");
        expect(inputs(one("storage:BlobContainerImmutabilityPolicy"))).toMatchObject({
            containerName: "backups",
            immutabilityPeriodSinceCreationInDays: 35,
            allowProtectedAppendWrites: false,
        });
    });

    test("loses images without a tag after 7 days, and old ones after 30", () => {
        const { policies } = inputs(one("containerregistry:Registry"));
        expect(policies.retentionPolicy).toEqual({ status: "enabled", days: 7 });
        const { step } = inputs(one("containerregistry:Task"));
        const task = Buffer.from(step.encodedTaskContent, "base64").toString("utf8");
        expect(task).toContain("--ago 30d");
        expect(task).toMatch(/acr-cli:\d+\.\d+ purge/);
    });
});

describe("rights", () => {
    test("of the deployer's groups are there before the cluster, and so before the provider of its objects", () => {
        const admins = [...grants("clusterAdmin"), ...grants("clusterUser")];
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
        expect(of("secrets")).toEqual([[roles.vaultSecretsUser, "secrets-vault-id"]]);
        expect(of("team-app")).toEqual([
            [roles.blobReader, "storage-data-id"],
            [roles.imagePull, "registry-registry-id"],
        ]);
        const subjects = all("managedidentity:FederatedIdentityCredential").map((trust) => inputs(trust).subject);
        expect(subjects).toContain("system:serviceaccount:team-app:team-app");
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

describe("the way into the cluster", () => {
    test("is a kubeconfig without a secret, which gets its tokens from kubelogin", () => {
        const { kubeconfig } = inputs(kubernetesProvider());
        const { users, clusters } = JSON.parse(kubeconfig);
        expect(users[0].user.exec).toMatchObject({ command: "kubelogin", interactiveMode: "Never" });
        expect(users[0].user.exec.args).toEqual(
            expect.arrayContaining(["get-token", "--server-id", "6dae42f8-4368-4678-94ff-3960e28e3630"]),
        );
        expect(Object.keys(users[0].user)).toEqual(["exec"]);
        expect(Object.keys(clusters[0].cluster).sort()).toEqual(["certificate-authority-data", "server"]);
    });

    test("is bound to this very cluster, and open only when its nodes are there", () => {
        expect(inputs(kubernetesProvider())).toMatchObject({
            clusterIdentifier: "[issuerURL]",
            enableServerSideApply: "true",
        });
        for (const pool of all("containerservice:AgentPool")) {
            expect(graph.waitsFor(kubernetesProvider(), pool)).toBe(true);
        }
    });

    test("leads to storage classes that every zone can follow, and that keep their volumes", () => {
        const classes = graph.of("StorageClass").map(({ inputs: given }) => given);
        expect(classes.map(({ metadata, parameters }) => [metadata.name, parameters.skuName])).toEqual([
            ["tars-cold", "Standard_LRS"],
            ["tars-fast", "Premium_ZRS"],
            ["tars-standard", "StandardSSD_ZRS"],
        ]);
        for (const given of classes) {
            expect(given).toMatchObject({
                provisioner: "disk.csi.azure.com",
                reclaimPolicy: "Retain",
                volumeBindingMode: "WaitForFirstConsumer",
                allowVolumeExpansion: true,
            });
        }
        const claims = graph.of("StatefulSet").flatMap(({ inputs: given }) => given.spec.volumeClaimTemplates);
        expect(new Set(claims.map(({ spec }) => spec.storageClassName)).size).toBeGreaterThan(0);
        for (const { spec } of claims) expect(spec.storageClassName).toMatch(/^tars-(fast|standard|cold)$/);
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

    test("and nothing beside the table but the data's account and what reads its key", () => {
        const others = graph.all.filter(
            ({ type, options }) =>
                (options?.protect ?? options?.retainOnDelete) && !(type.replace("azure-native:", "") in kindOf),
        );
        expect(others.map(({ name }) => name).sort()).toEqual([
            "secrets-encryption",
            "secrets-encryption-right",
            "storage-account",
        ]);
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
        const rights = all("authorization:RoleAssignment").filter(({ name }) => !/^flow-logs/.test(name));
        for (const lock of all("authorization:ManagementLockByScope")) {
            for (const right of rights) expect([right.name, graph.waitsFor(lock, right)]).toEqual([right.name, true]);
        }
    });
});
