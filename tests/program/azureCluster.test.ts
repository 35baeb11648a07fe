import { azureGraph, type Inputs } from "./azureGraph";
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
        expect(categories).toEqual(expect.arrayContaining(["kube-apiserver", "kube-audit", "guard"]));
        expect(logs.every(({ enabled }: Inputs) => enabled)).toBe(true);
    });

    test("has audit records copied to another subscription, from whatever keeps them", () => {
        for (const name of ["aks-logs", "secrets-logs", "storage-logs", "registry-logs"]) {
            const { storageAccountId } = inputs(one("monitor:DiagnosticSetting", name));
            expect(storageAccountId).toMatch(/^\/subscriptions\/(?!0{8})[^/]+\/.*\/storageAccounts\/\w+$/);
        }
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
        expect(needed.length).toBe(8);
        for (const earlier of needed)
            expect([earlier.name, graph.waitsFor(cluster(), earlier)]).toEqual([earlier.name, true]);
    });
});

describe("the zone of a private API server", () => {
    test("is linked by AKS too, which may do so on the whole network", () => {
        const scopes = grants("networkContributor").map((right) => inputs(right).scope);
        expect(scopes).toContain("network-virtual-network-id");
    });

    test("is linked by the program before the cluster is made, as are all others", () => {
        const links = all("privatedns:VirtualNetworkLink");
        expect(links).toHaveLength(4);
        for (const link of links) expect([link.name, graph.waitsFor(cluster(), link)]).toEqual([link.name, true]);
    });
});

describe("pools", () => {
    const system = () => inputs(cluster()).agentPoolProfiles;
    const pools = () => [...system(), ...all("containerservice:AgentPool").map((pool) => inputs(pool))];
    /** A pool beside the first is called by its role and four characters more. */
    const roleOf = ({ name, agentPoolName }: Inputs) => name ?? agentPoolName.replace(/[0-9a-f]{4}$/, "");
    const pool = (role: string) => pools().find((made) => role === roleOf(made));

    test("are those of the documents: one inline, the others beside the cluster", () => {
        expect(system()).toHaveLength(1);
        const bounds = pools().map((made) => [roleOf(made), made.vmSize, made.minCount, made.count, made.maxCount]);
        expect(bounds).toEqual([
            ["system", "Standard_D4ds_v6", 3, 3, 6],
            ["compute", "Standard_F8as_v6", 2, 3, 10],
            ["general", "Standard_D16ds_v6", 6, 6, 12],
            ["gpu", "Standard_NV36ads_A10_v5", 0, 0, 4],
            ["memory", "Standard_E8ds_v6", 1, 2, 5],
            ["spot", "Standard_D16ds_v6", 0, 0, 10],
        ]);
    });

    test("have the version of the control plane, and follow it", () => {
        for (const made of pools()) expect(made.orchestratorVersion).toBe(inputs(cluster()).kubernetesVersion);
    });

    test("are scaled in three zones, encrypted at the host, without public addresses", () => {
        for (const made of pools()) {
            expect(made).toMatchObject({
                enableAutoScaling: true,
                enableEncryptionAtHost: true,
                enableNodePublicIP: false,
                securityProfile: { sshAccess: "Disabled" },
                availabilityZones: ["1", "2", "3"],
                vnetSubnetID: "network-subnet-nodes-id",
            });
        }
    });

    test("have a name that changes with what AKS changes in no pool, so that the next one comes before the last one goes", () => {
        for (const { inputs: given, options } of all("containerservice:AgentPool")) {
            expect(given.agentPoolName).toMatch(/^(general|compute|memory|gpu|spot)[0-9a-f]{4}$/);
            expect(String(given.agentPoolName).length).toBeLessThanOrEqual(12);
            expect(options?.deleteBeforeReplace).toBe(false);
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

    test("leads to storage classes that every zone can follow, and that keep their volumes but for those of drills", () => {
        const classes = graph.of("StorageClass").map(({ inputs: given }) => given);
        expect(classes.map(({ metadata, parameters }) => [metadata.name, parameters.skuName])).toEqual([
            ["tars-cold", "Standard_LRS"],
            ["tars-fast", "Premium_ZRS"],
            ["tars-scratch", "StandardSSD_ZRS"],
            ["tars-standard", "StandardSSD_ZRS"],
        ]);
        for (const given of classes) {
            expect(given).toMatchObject({
                provisioner: "disk.csi.azure.com",
                reclaimPolicy: given.metadata.name === "tars-scratch" ? "Delete" : "Retain",
                volumeBindingMode: "WaitForFirstConsumer",
                allowVolumeExpansion: true,
            });
        }
        const claims = graph.of("StatefulSet").flatMap(({ inputs: given }) => given.spec.volumeClaimTemplates ?? []);
        expect(new Set(claims.map(({ spec }) => spec.storageClassName)).size).toBeGreaterThan(0);
        for (const { spec } of claims) expect(spec.storageClassName).toMatch(/^tars-(fast|standard|cold)$/);
    });
});
