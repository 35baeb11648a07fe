import { AzureRun } from "./azureCloud";
import {
    clusterId,
    clusterOn,
    type Ground,
    grant,
    makeGround,
    makeSubnet,
    type Needed,
    poolOn,
    systemPool,
} from "./azureGround";
import { subscription } from "./azureProgram";

/** A simulated AKS cluster: what it needs before it is made, what it becomes, and what is said to its control plane. */

let azure: AzureRun;
let ground: Ground;
beforeEach(() => {
    azure = new AzureRun();
});
afterEach(() => azure.close());

const cluster = "containerservice:ManagedCluster";
const pool = "containerservice:AgentPool";

describe("on ground that is ready", () => {
    beforeEach(async () => {
        ground = await makeGround(azure);
    });

    test("it comes up as AKS would: names, issuer, identities, and the pool with its machines in each zone", async () => {
        const made = await azure.make(cluster, "cluster", clusterOn(ground));
        expect(made).toMatchObject({
            id: clusterId,
            type: "Microsoft.ContainerService/managedClusters",
            fqdn: expect.stringMatching(/^tars-[0-9a-f]{8}\.hcp\.westeurope\.azmk8s\.io$/),
            privateFQDN: expect.stringMatching(/^tars-[0-9a-f]{8}\.private\.westeurope\.azmk8s\.io$/),
            oidcIssuerProfile: {
                issuerURL: expect.stringMatching(/^https:\/\/westeurope\.oic\.prod-aks\.azure\.com\/0{8}-.*\/$/),
            },
            identity: { userAssignedIdentities: { [ground.control]: { principalId: ground.controlPrincipal } } },
            nodeResourceGroup: "MC_tars_tars_westeurope",
        });
        expect(azure.clusters()).toMatchObject({
            tars: {
                access: false,
                pools: {
                    system: {
                        machineType: "Standard_D4ds_v6",
                        zones: ["westeurope-1", "westeurope-2", "westeurope-3"],
                        capacity: { cpu: "4", memory: "16Gi", storage: "100Gi", pods: 250 },
                        allocatable: { cpu: "3860m", storage: "90Gi" },
                        devices: {},
                        nodes: { min: 3, max: 6, desired: 3 },
                        labels: { "node-type": "system", agentpool: "system", "kubernetes.azure.com/mode": "system" },
                        taints: [],
                    },
                },
            },
        });
    });

    test("further pools: spot ones with Azure's label and taint, GPU ones with their devices; gone when deleted", async () => {
        await azure.make(cluster, "cluster", clusterOn(ground));
        const spot = { scaleSetPriority: "Spot", nodeTaints: ["tars=spot:NoSchedule"] };
        const made = await azure.make(pool, "spot", poolOn(ground.nodes, "spot", spot));
        await azure.make(pool, "gpu", poolOn(ground.nodes, "gpu", { vmSize: "Standard_NC24ads_A100_v4", count: 0 }));
        expect(azure.clusters()).toMatchObject({
            tars: {
                pools: {
                    spot: {
                        labels: { "kubernetes.azure.com/scalesetpriority": "spot" },
                        taints: [
                            { key: "tars", value: "spot", effect: "NoSchedule" },
                            { key: "kubernetes.azure.com/scalesetpriority", value: "spot", effect: "NoSchedule" },
                        ],
                        zones: ["0"],
                    },
                    gpu: { devices: { "nvidia.com/gpu": 1 }, nodes: { min: 0, max: 4, desired: 0 } },
                },
            },
        });
        await azure.change(pool, "spot", made.id, poolOn(ground.nodes, "spot", { ...spot, maxCount: 9 }));
        expect(azure.clusters()).toMatchObject({ tars: { pools: { spot: { nodes: { max: 9 } } } } });
        await azure.remove(pool, "spot", made.id);
        expect(azure.clusters()).not.toMatchObject({ tars: { pools: { spot: {} } } });
    });

    test("whoever deploys gets in by a role, before or after the cluster is there, and not without one", async () => {
        await azure.make(cluster, "cluster", clusterOn(ground));
        const admins = await grant(
            azure,
            clusterId,
            "00000000-0000-0000-0000-000000000009",
            "clusterAdministrator",
            "Group",
        );
        expect(azure.clusters()).toMatchObject({ tars: { access: true } });
        await azure.remove("authorization:RoleAssignment", "grant", admins.id);
        expect(azure.clusters()).toMatchObject({ tars: { access: false } });
        await azure.remove(cluster, "cluster", clusterId);
        expect(azure.clusters()).toEqual({});
        await grant(
            azure,
            `${subscription}/resourceGroups/tars`,
            "11111111-1111-1111-1111-111111111111",
            "clusterAdministrator",
        );
        await azure.make(cluster, "cluster", clusterOn(ground));
        expect(azure.clusters()).toMatchObject({ tars: { access: true } });
    });

    test("its controller of snapshots brings their kinds, where it is asked for", async () => {
        await azure.make(cluster, "cluster", clusterOn(ground));
        expect(azure.clusters()).not.toMatchObject({ tars: { snapshots: true } });
        await azure.remove(cluster, "cluster", clusterId);
        const storageProfile = { snapshotController: { enabled: true } };
        await azure.make(cluster, "cluster", clusterOn(ground, { storageProfile }));
        expect(azure.clusters()).toMatchObject({ tars: { snapshots: true } });
    });

    test("its kubeconfig is the one that AKS gives to users of the directory: a command, no secret", async () => {
        const ask = () =>
            azure.invoke("containerservice:listManagedClusterUserCredentials", {
                resourceGroupName: "tars",
                resourceName: "tars",
            });
        await expect(ask()).rejects.toThrow("ResourceNotFound");
        await azure.make(cluster, "cluster", clusterOn(ground));
        const { kubeconfigs } = await ask();
        const [{ name, value }] = JSON.parse(JSON.stringify(kubeconfigs));
        expect(name).toBe("clusterUser");
        const text = Buffer.from(value, "base64").toString();
        expect(text).toMatch(/^ {4}server: https:\/\/127\.0\.0\.1:1$/m);
        expect(text).toMatch(/^ {4}certificate-authority-data: cmVjb3JkZWQ=$/m);
        expect(text).toMatch(/command: kubelogin/);
        expect(text).not.toMatch(/token:|client-key-data/);
    });

    test.each([
        [
            "services in the network",
            { networkProfile: { serviceCidr: "10.20.64.0/18", dnsServiceIP: "10.20.64.10" } },
            "overlaps the network",
        ],
        [
            "its name server outside",
            { networkProfile: { serviceCidr: "10.4.0.0/16", dnsServiceIP: "10.5.0.10" } },
            "10.5.0.10 must be in 10.4.0.0/16",
        ],
        [
            "pods among services",
            { networkProfile: { serviceCidr: "10.4.0.0/16", dnsServiceIP: "10.4.0.10", podCidr: "10.4.0.0/14" } },
            "overlaps serviceCidr",
        ],
        ["no NAT gateway", { networkProfile: { outboundType: "userAssignedNATGateway" } }, "needs natGateway on"],
        [
            "an open list for a private server",
            { apiServerAccessProfile: { enablePrivateCluster: true, authorizedIPRanges: ["203.0.113.0/28"] } },
            "apply to a public API server only",
        ],
        [
            "a private vault out of reach",
            { apiServerAccessProfile: { enablePrivateCluster: true } },
            "needs enableVnetIntegration to reach a private vault",
        ],
        ["local accounts alone", { aadProfile: {}, disableLocalAccounts: true }, "nobody could log in"],
        ["workload identity without an issuer", { oidcIssuerProfile: {} }, "needs oidcIssuerProfile.enabled"],
        ["no system pool", { agentPoolProfiles: [] }, "must have a pool of mode System"],
        ["a region that is none", { location: "middleearth" }, "must be a region that the simulator knows"],
        ["two prefixes", { fqdnSubdomain: "x" }, "and not both"],
        [
            "a subnet of nobody",
            { agentPoolProfiles: [{ ...systemPool("/subscriptions/x") }] },
            '"/subscriptions/x" does not exist',
        ],
    ])("%s is refused", async (_, changes, reason) => {
        await expect(azure.make(cluster, "cluster", clusterOn(ground, changes))).rejects.toThrow(reason);
        expect(azure.clusters()).toEqual({});
    });

    test.each([
        ["a size of nowhere", { vmSize: "Standard_X1" }, "must be a size that the simulator knows"],
        ["a burstable system pool", { mode: "System", vmSize: "Standard_B8s_v2", minCount: 1 }, "no burstable size"],
        ["a long name", { agentPoolName: "memory-optimized" }, "1-12 lower-case letters and digits"],
        ["a count outside of its bounds", { count: 5 }, "must be 0-4, got 5"],
        ["bounds without a scaler", { enableAutoScaling: false }, "only with enableAutoScaling"],
        [
            "a surge of spot machines",
            { scaleSetPriority: "Spot", upgradeSettings: { maxSurge: "10%" } },
            "takes no maxSurge",
        ],
        ["a zone that is none", { availabilityZones: ["4"] }, "asks for zone 4"],
        ["a label of Azure's", { nodeLabels: { "kubernetes.azure.com/x": "y" } }, "is Azure's"],
        ["a taint without an effect", { nodeTaints: ["a=b"] }, "must be key=value:Effect"],
        ["more nodes than addresses", { maxCount: 400 }, "addresses left of the"],
        ["the name of the first pool", { agentPoolName: "system" }, "is that of a pool that the cluster was made with"],
    ])("as a further pool %s is refused", async (_, changes, reason) => {
        await azure.make(cluster, "cluster", clusterOn(ground));
        await expect(azure.make(pool, "more", poolOn(ground.nodes, "more", changes))).rejects.toThrow(reason);
    });

    test("an allow-list may give way to a private server in place, and what nobody can turn back is refused", async () => {
        const open = {
            apiServerAccessProfile: {
                enableVnetIntegration: true,
                subnetId: ground.apiServer,
                authorizedIPRanges: ["203.0.113.0/28"],
            },
        };
        await azure.make(cluster, "cluster", clusterOn(ground, open));
        expect(await azure.differ(cluster, clusterOn(ground, open), clusterOn(ground))).toEqual([
            "apiServerAccessProfile.authorizedIPRanges: update",
            "apiServerAccessProfile.enablePrivateCluster: update",
        ]);
        await azure.change(cluster, "cluster", clusterId, clusterOn(ground));
        const out = { apiServerAccessProfile: { enablePrivateCluster: true }, securityProfile: {} };
        await expect(azure.change(cluster, "cluster", clusterId, clusterOn(ground, out))).rejects.toThrow(
            "enableVnetIntegration cannot be taken back",
        );
        const larger = { agentPoolProfiles: [{ ...systemPool(ground.nodes), vmSize: "Standard_D8ds_v6" }] };
        await expect(azure.change(cluster, "cluster", clusterId, clusterOn(ground, larger))).rejects.toThrow(
            "does not let agentPoolProfiles.vmSize change",
        );
        const service = { networkProfile: { serviceCidr: "10.8.0.0/14" } };
        expect(await azure.differ(cluster, clusterOn(ground), clusterOn(ground, service))).toContain(
            "networkProfile.serviceCidr: replace",
        );
    });

    test("what it stands on stays while it stands", async () => {
        await azure.make(cluster, "cluster", clusterOn(ground));
        await expect(azure.remove("network:Subnet", "nodes", ground.nodes)).rejects.toThrow(
            "still in use by azure-native:containerservice:ManagedCluster",
        );
        await expect(azure.remove("managedidentity:UserAssignedIdentity", "control", ground.control)).rejects.toThrow(
            "would lose its rights",
        );
        await expect(azure.remove("keyvault:Vault", "vault", ground.vault)).rejects.toThrow("keys/cluster");
        await expect(makeSubnet(azure, "more", "10.20.1.0/29")).rejects.toThrow("overlaps");
    });
});

test.each<[Needed, string]>([
    ["networkContributor", "needs Network Contributor for"],
    ["cryptoUser", "needs Key Vault Crypto User for"],
    ["vaultContributor", "needs Key Vault Contributor for"],
    ["identityOperator", "needs Managed Identity Operator for"],
])("without %s it is refused, and the message names the right", async (role, reason) => {
    ground = await makeGround(azure, [role]);
    await expect(azure.make(cluster, "cluster", clusterOn(ground))).rejects.toThrow(reason);
});
