import { beginning, openAzure } from "./azureProgram";
import type { CloudScene } from "./cloudScene";

/** The simulated Azure through the real engine: a cluster from nothing to nothing. */

let scene: CloudScene;

jest.setTimeout(180_000);
beforeAll(async () => {
    scene = await openAzure();
}, 1_200_000);
afterAll(() => scene.close());

/** A cluster whose rights, pools and credentials follow from what is made before them. */
const platform = (size = "Standard_D8ds_v6", most = 4, name = "general", options = "") => `${beginning}
const named = { resourceGroupName: group.name };
const network = new azure.network.VirtualNetwork("network", { ...place, virtualNetworkName: "tars", addressSpace: { addressPrefixes: ["10.20.0.0/16"] } });
const nodes = new azure.network.Subnet("nodes", { ...named, virtualNetworkName: network.name, subnetName: "nodes", addressPrefix: "10.20.0.0/24" });
const identity = (name) => new azure.managedidentity.UserAssignedIdentity(name, { ...place, resourceName: name });
const [control, worker] = [identity("control"), identity("worker")];
const caller = azure.authorization.getClientConfigOutput();
const role = (id) => pulumi.interpolate\`/subscriptions/\${caller.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/\${id}\`;
const right = (name, scope, principalId, id) => new azure.authorization.RoleAssignment(name, { roleAssignmentName: name, scope, principalId,
    principalType: "ServicePrincipal", roleDefinitionId: role(id) });
const joins = right("00000000-0000-4000-8000-000000000001", nodes.id, control.principalId, "4d97b98b-1d4f-4787-a291-c67834d212e7");
const cluster = new azure.containerservice.ManagedCluster("cluster", { ...place, resourceName: "tars", dnsPrefix: "tars", kubernetesVersion: "1.34",
    identity: { type: "UserAssigned", userAssignedIdentities: [control.id] }, oidcIssuerProfile: { enabled: true },
    aadProfile: { managed: true, enableAzureRBAC: true }, disableLocalAccounts: true,
    networkProfile: { networkPlugin: "azure", networkPluginMode: "overlay", podCidr: "10.0.0.0/14", serviceCidr: "10.4.0.0/14", dnsServiceIP: "10.4.0.10" },
    agentPoolProfiles: [{ name: "system", mode: "System", vmSize: "Standard_D4ds_v6", count: 3, vnetSubnetID: nodes.id, availabilityZones: ["1", "2", "3"] }],
}, { dependsOn: joins });
const pool = new azure.containerservice.AgentPool("pool", { ...named, resourceName: cluster.name, agentPoolName: "${name}", mode: "User", vmSize: "${size}",
    count: 1, minCount: 1, maxCount: ${most}, enableAutoScaling: true, vnetSubnetID: nodes.id }, { ignoreChanges: ["count"]${options} });
right("00000000-0000-4000-8000-000000000002", cluster.id, caller.objectId, "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b");
const issuer = cluster.oidcIssuerProfile.apply((profile) => profile.issuerURL);
new azure.managedidentity.FederatedIdentityCredential("trust", { ...named, resourceName: worker.name, federatedIdentityCredentialResourceName: "cluster",
    issuer, subject: "system:serviceaccount:a:b", audiences: ["api://AzureADTokenExchange"] });
const access = azure.containerservice.listManagedClusterUserCredentialsOutput({ ...named, resourceName: cluster.name });
module.exports = { issuer, kubeconfig: access.kubeconfigs.apply(([{ name }]) => name) };`;

const clusters = () => JSON.parse(scene.read("cloud/clusters.json"));
const left = () =>
    JSON.parse(scene.read("cloud/azure-native.json")).resources.map(({ type }: { type: string }) => type);

test("from nothing: known and unknown are told apart, nothing is to do twice, and nothing is left", async () => {
    scene.program(platform());
    const preview = await scene.pulumi("preview", "--diff");
    expect(preview).toMatch(/issuer\s*: \[unknown\]/);
    expect(preview).toMatch(/\+ 11 to create/);
    expect(await scene.up()).not.toContain("warning");
    expect(await scene.outputs()).toMatchObject({
        kubeconfig: "clusterUser",
        issuer: expect.stringContaining("westeurope.oic.prod-aks"),
    });
    expect(clusters()).toMatchObject({
        tars: { access: true, pools: { system: {}, general: { nodes: { min: 1, max: 4 } } } },
    });
    await scene.pulumi("preview", "--expect-no-changes");
    await scene.pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes");
});

test("a pool grows in place and takes other machines by replacement, the old ones gone first", async () => {
    scene.program(platform("Standard_D8ds_v6", 8));
    expect(await scene.up()).toMatch(/AgentPool +pool updated/);
    expect(clusters()).toMatchObject({ tars: { pools: { general: { nodes: { max: 8 } } } } });
    scene.program(platform("Standard_E8ds_v6", 8));
    const replaced = await scene.up();
    expect(replaced.indexOf("deleted original")).toBeLessThan(replaced.indexOf("created replacement"));
    expect(clusters()).toMatchObject({ tars: { pools: { general: { machineType: "Standard_E8ds_v6" } } } });
});

test("a pool of another name, as the platform's are, comes before the one goes whose place it takes", async () => {
    scene.program(platform("Standard_D8ds_v6", 8, "general0a1b", ", deleteBeforeReplace: false"));
    const replaced = await scene.up();
    expect(replaced.indexOf("created replacement")).toBeGreaterThan(-1);
    expect(replaced.indexOf("created replacement")).toBeLessThan(replaced.indexOf("deleted original"));
    expect(Object.keys(clusters().tars.pools).sort()).toEqual(["general0a1b", "system"]);
});

test("a create that fails is made by the next update, and a destroy leaves no cluster", async () => {
    await scene.destroy();
    expect(left()).toEqual([]);
    expect(clusters()).toEqual({});
    const fault = {
        type: "azure-native:containerservice:AgentPool",
        operation: "create",
        call: 1,
        message: "OverconstrainedAllocationRequest",
    };
    scene.write("cloud/faults.json", JSON.stringify([fault]));
    expect(await scene.refused(scene.up())).toContain("OverconstrainedAllocationRequest");
    scene.write("cloud/faults.json", "[]");
    await scene.up();
    await scene.pulumi("preview", "--expect-no-changes");
    await scene.destroy();
    expect(left()).toEqual([]);
});
