import { roles } from "../../simulator/providers/azure/roles";
import type { Properties } from "../../simulator/providers/properties";
import { type AzureRun, at, group } from "./azureCloud";
import { subscription } from "./azureProgram";

/** What a private cluster stands on, as ids. */
export interface Ground {
    readonly nodes: string;
    readonly apiServer: string;
    readonly vault: string;
    readonly key: string;
    readonly control: string;
    readonly kubelet: string;
    readonly controlPrincipal: string;
}

const text = (properties: Properties, name: string) => String(properties[name]);
const guid = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
const roleId = (role: string) => `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${role}`;

/** Rights that AKS needs of the control plane's identity, by what they are on. */
const needed = [
    ["nodes", "networkContributor"],
    ["apiServer", "networkContributor"],
    ["vault", "cryptoUser"],
    ["vault", "vaultContributor"],
    ["kubelet", "identityOperator"],
] as const;
export type Needed = (typeof needed)[number][1];

export async function makeNetwork(azure: AzureRun): Promise<void> {
    await azure.make("resources:ResourceGroup", "group", group);
    await azure.make("network:VirtualNetwork", "network", {
        ...group,
        virtualNetworkName: "net",
        addressSpace: { addressPrefixes: ["10.20.0.0/16"] },
    });
}

export async function makeSubnet(
    azure: AzureRun,
    name: string,
    addressPrefix: string,
    more: Properties = {},
): Promise<string> {
    const place = { resourceGroupName: "tars", virtualNetworkName: "net" };
    const made = await azure.make("network:Subnet", name, { ...place, subnetName: name, addressPrefix, ...more });
    return text(made, "id");
}

export async function makeVault(azure: AzureRun, name = "tars-vault"): Promise<string> {
    const properties = {
        tenantId: "00000000-0000-0000-0000-000000000000",
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
        enablePurgeProtection: true,
        publicNetworkAccess: "Disabled",
    };
    return text(await azure.make("keyvault:Vault", "vault", { ...group, vaultName: name, properties }), "id");
}

export function makeKey(azure: AzureRun, keyName = "cluster"): Promise<Properties> {
    const properties = { kty: "RSA", keySize: 3072 };
    return azure.make("keyvault:Key", keyName, {
        resourceGroupName: "tars",
        vaultName: "tars-vault",
        keyName,
        properties,
    });
}

let granted = 0;
export function grant(
    azure: AzureRun,
    scope: string,
    principalId: string,
    role: keyof typeof roles,
    principalType = "ServicePrincipal",
) {
    granted += 1;
    return azure.make("authorization:RoleAssignment", `grant-${granted}`, {
        roleAssignmentName: guid(granted),
        roleDefinitionId: roleId(roles[role]),
        scope,
        principalId,
        principalType,
    });
}

/** Everything that a private cluster needs, less the rights in `without`. */
export async function makeGround(azure: AzureRun, without: readonly Needed[] = []): Promise<Ground> {
    await makeNetwork(azure);
    const delegations = [{ name: "aks", serviceName: "Microsoft.ContainerService/managedClusters" }];
    const identity = (resourceName: string) =>
        azure.make("managedidentity:UserAssignedIdentity", resourceName, { ...group, resourceName });
    const [control, kubelet] = [await identity("control"), await identity("kubelet")];
    const vault = await makeVault(azure);
    const places = {
        nodes: await makeSubnet(azure, "nodes", "10.20.0.0/24"),
        apiServer: await makeSubnet(azure, "api", "10.20.1.0/28", { delegations }),
        vault,
        kubelet: text(kubelet, "id"),
    };
    const controlPrincipal = text(control, "principalId");
    for (const [place, role] of needed)
        if (!without.includes(role)) await grant(azure, places[place], controlPrincipal, role);
    const key = text(await makeKey(azure), "keyUriWithVersion");
    return { ...places, key, control: text(control, "id"), controlPrincipal };
}

export const systemPool = (subnet: string): Properties => ({
    name: "system",
    mode: "System",
    vmSize: "Standard_D4ds_v6",
    count: 3,
    minCount: 3,
    maxCount: 6,
    enableAutoScaling: true,
    availabilityZones: ["1", "2", "3"],
    vnetSubnetID: subnet,
    osDiskSizeGB: 100,
    nodeLabels: { "node-type": "system" },
    upgradeSettings: { maxSurge: "33%" },
});

/** A private cluster on its ground, with changes. */
export const clusterOn = (ground: Ground, changes: Properties = {}): Properties => ({
    ...group,
    resourceName: "tars",
    dnsPrefix: "tars",
    kubernetesVersion: "1.34",
    identity: { type: "UserAssigned", userAssignedIdentities: [ground.control] },
    identityProfile: { kubeletidentity: { resourceId: ground.kubelet } },
    agentPoolProfiles: [systemPool(ground.nodes)],
    apiServerAccessProfile: { enableVnetIntegration: true, enablePrivateCluster: true, subnetId: ground.apiServer },
    networkProfile: {
        networkPlugin: "azure",
        networkPluginMode: "overlay",
        networkDataplane: "cilium",
        networkPolicy: "cilium",
        podCidr: "10.0.0.0/14",
        serviceCidr: "10.4.0.0/14",
        dnsServiceIP: "10.4.0.10",
    },
    aadProfile: { managed: true, enableAzureRBAC: true },
    disableLocalAccounts: true,
    oidcIssuerProfile: { enabled: true },
    securityProfile: {
        workloadIdentity: { enabled: true },
        azureKeyVaultKms: {
            enabled: true,
            keyId: ground.key,
            keyVaultNetworkAccess: "Private",
            keyVaultResourceId: ground.vault,
        },
    },
    ...changes,
});

export const poolOn = (subnet: string, name: string, changes: Properties = {}): Properties => ({
    resourceGroupName: "tars",
    resourceName: "tars",
    agentPoolName: name,
    mode: "User",
    vmSize: "Standard_D8ds_v6",
    count: 1,
    minCount: 0,
    maxCount: 4,
    enableAutoScaling: true,
    vnetSubnetID: subnet,
    ...changes,
});

export const clusterId = at("Microsoft.ContainerService/managedClusters/tars");
