import { AzureRun, at, group } from "./azureCloud";
import { grant, makeKey, makeNetwork, makeSubnet, makeVault } from "./azureGround";
import { subscription } from "./azureProgram";

/** What the simulated Azure refuses besides networks and clusters. */

let azure: AzureRun;
beforeEach(async () => {
    azure = new AzureRun();
    await makeNetwork(azure);
});
afterEach(() => azure.close());

const deployer = "11111111-1111-1111-1111-111111111111";
const identity = (resourceName: string) =>
    azure.make("managedidentity:UserAssignedIdentity", resourceName, { ...group, resourceName });

describe("a vault", () => {
    test("keeps its name after it is gone, and says why when it is purge-protected", async () => {
        const id = await makeVault(azure);
        expect(id).toBe(at("Microsoft.KeyVault/vaults/tars-vault"));
        await azure.remove("keyvault:Vault", "vault", id);
        await expect(makeVault(azure)).rejects.toThrow(
            /is that of a deleted vault, .*locations\/westeurope\/deletedVaults\/tars-vault: it is purge-protected/,
        );
        await expect(makeVault(azure, "other-vault")).resolves.toContain("other-vault");
        const recovered = {
            vaultName: "tars-vault",
            properties: { createMode: "recover", enablePurgeProtection: true },
        };
        await expect(azure.make("keyvault:Vault", "vault", { ...group, ...recovered })).resolves.toMatchObject({
            properties: { vaultUri: "https://tars-vault.vault.azure.net/" },
        });
    });

    test.each([
        ["tars--vault", "single hyphens"],
        ["a-vault-with-a-name-too-long", "3-24 letters"],
        ["1vault", "beginning with a letter"],
    ])("is not named %s", async (name, reason) => {
        await expect(makeVault(azure, name)).rejects.toThrow(reason);
    });

    test("keeps its purge protection and its retention", async () => {
        const id = await makeVault(azure);
        const change = (properties: Record<string, boolean | number>) =>
            azure.change("keyvault:Vault", "vault", id, { ...group, vaultName: "tars-vault", properties });
        await expect(change({ enablePurgeProtection: false })).rejects.toThrow("cannot be taken back");
        await expect(change({ enablePurgeProtection: true, softDeleteRetentionInDays: 7 })).rejects.toThrow(
            "does not let properties.softDeleteRetentionInDays change",
        );
    });

    test("gives up a key only to a crypto officer, and keeps the key's name", async () => {
        const vault = await makeVault(azure);
        const { id, keyUriWithVersion } = await makeKey(azure);
        expect(keyUriWithVersion).toMatch(/^https:\/\/tars-vault\.vault\.azure\.net\/keys\/cluster\/[0-9a-f]{32}$/);
        await expect(azure.remove("keyvault:Key", "key", id)).rejects.toThrow("ForbiddenByRbac");
        // A right to something else is no right here.
        await grant(azure, at("Microsoft.Network/virtualNetworks/net"), deployer, "cryptoOfficer", "User");
        await expect(azure.remove("keyvault:Key", "key", id)).rejects.toThrow("ForbiddenByRbac");
        await grant(azure, vault, deployer, "cryptoOfficer", "User");
        await azure.remove("keyvault:Key", "key", id);
        await expect(makeKey(azure)).rejects.toThrow("is that of a deleted key");
    });
});

describe("a lock", () => {
    test("holds what it is on and what is below, until it is deleted itself", async () => {
        const vault = await makeVault(azure);
        const { principalId } = await identity("reader");
        const right = await grant(azure, vault, String(principalId), "cryptoUser");
        const lock = await azure.make("authorization:ManagementLockByScope", "lock", {
            scope: vault,
            lockName: "keep",
            level: "CanNotDelete",
        });
        expect(lock.id).toBe(`${vault}/providers/Microsoft.Authorization/locks/keep`);
        await expect(azure.remove("keyvault:Vault", "vault", vault)).rejects.toThrow(/ScopeLocked: .*locks\/keep/);
        await expect(azure.remove("authorization:RoleAssignment", "right", right.id)).rejects.toThrow("ScopeLocked");
        await azure.remove("authorization:ManagementLockByScope", "lock", lock.id);
        await azure.remove("authorization:RoleAssignment", "right", right.id);
        await azure.remove("keyvault:Vault", "vault", vault);
    });

    test("that lets nothing be written refuses what is to come below it", async () => {
        const scope = at("Microsoft.Network/virtualNetworks/net");
        await azure.make("authorization:ManagementLockByScope", "lock", {
            scope,
            lockName: "still",
            level: "ReadOnly",
        });
        await expect(makeSubnet(azure, "nodes", "10.20.0.0/24")).rejects.toThrow("is below the read-only lock");
    });
});

describe("identities and rights", () => {
    test("two credentials of one identity written at once meet, as they do in the directory", async () => {
        await identity("worker");
        const trust = (name: string, subject: string) =>
            azure.make("managedidentity:FederatedIdentityCredential", name, {
                ...{ resourceGroupName: "tars", resourceName: "worker", federatedIdentityCredentialResourceName: name },
                ...{ issuer: "https://issuer", subject, audiences: ["api://AzureADTokenExchange"] },
            });
        const both = await Promise.allSettled([trust("one", "a"), trust("two", "b")]);
        expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
        expect(JSON.stringify(both.map((one) => ("reason" in one ? String(one.reason) : "")))).toContain(
            "ConcurrentFederatedIdentityCredentialsWrites",
        );
        await trust("three", "c");
        await expect(trust("four", "c")).rejects.toThrow("and issuer are those of");
    });

    test("a right is for somebody who is there, once, and has a GUID for a name", async () => {
        const scope = at("Microsoft.Network/virtualNetworks/net");
        await expect(grant(azure, scope, "00000000-0000-4000-8000-00000000dead", "reader")).rejects.toThrow(
            "PrincipalNotFound",
        );
        const { principalId } = await identity("reader");
        await grant(azure, scope, String(principalId), "reader");
        await expect(grant(azure, scope, String(principalId), "reader")).rejects.toThrow("RoleAssignmentExists");
        await expect(grant(azure, `${scope}x`, String(principalId), "reader")).rejects.toThrow(
            "names a place that does not exist",
        );
        const named = { scope, principalId: deployer, roleAssignmentName: "mine", roleDefinitionId: "reader" };
        await expect(azure.make("authorization:RoleAssignment", "x", named)).rejects.toThrow(
            /must be a GUID.*must be the id of a role definition/,
        );
    });

    test("a role of one's own has a name of its own, and stays as long as somebody has it", async () => {
        const scope = at("Microsoft.Network/virtualNetworks/net");
        const roleDefinitionId = "6a0c3b52-0000-8000-a000-000000000001";
        const role = {
            ...{ roleDefinitionId, scope, roleName: "writer", assignableScopes: [scope] },
            permissions: [{ dataActions: ["Microsoft.KeyVault/vaults/secrets/setSecret/action"] }],
        };
        const made = await azure.make("authorization:RoleDefinition", "writer", role);
        const other = { ...role, roleDefinitionId: roleDefinitionId.replace(/1$/, "2") };
        await expect(azure.make("authorization:RoleDefinition", "other", other)).rejects.toThrow(
            "RoleDefinitionWithSameNameExists",
        );
        const nowhere = { ...other, roleName: "nowhere", assignableScopes: [] };
        await expect(azure.make("authorization:RoleDefinition", "nowhere", nowhere)).rejects.toThrow(
            "must name where the role can be given",
        );
        const { principalId = "" } = await identity("writer");
        const right = await azure.make("authorization:RoleAssignment", "right", {
            roleAssignmentName: "6a0c3b52-0000-8000-a000-00000000000a",
            roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${roleDefinitionId}`,
            ...{ scope, principalId, principalType: "ServicePrincipal" },
        });
        await expect(azure.remove("authorization:RoleDefinition", "writer", made.id)).rejects.toThrow(
            "RoleDefinitionHasAssignments",
        );
        await azure.remove("authorization:RoleAssignment", "right", right.id);
        await azure.remove("authorization:RoleDefinition", "writer", made.id);
    });

    test("the caller is the example that no real subscription is", async () => {
        const example = "00000000-0000-0000-0000-000000000000";
        expect(await azure.invoke("authorization:getClientConfig", {})).toMatchObject({
            subscriptionId: example,
            tenantId: example,
        });
        await expect(azure.invoke("network:getSubnet", {})).rejects.toThrow(
            "no function azure-native:network:getSubnet",
        );
    });
});

describe("stores", () => {
    const account = (changes = {}) =>
        azure.make("storage:StorageAccount", "account", {
            ...group,
            accountName: "tarsdata",
            kind: "StorageV2",
            sku: { name: "Standard_ZRS" },
            ...changes,
        });
    const registry = (changes = {}) =>
        azure.make("containerregistry:Registry", "registry", {
            ...group,
            registryName: "tarsimages",
            sku: { name: "Premium" },
            ...changes,
        });

    test("have the addresses that Azure gives them, and names that nobody else has", async () => {
        expect(await account()).toMatchObject({
            primaryEndpoints: { blob: "https://tarsdata.blob.core.windows.net/" },
        });
        await expect(account({ resourceGroupName: "tars" })).rejects.toThrow("StorageAccountAlreadyTaken");
        await expect(account({ accountName: "tars-data" })).rejects.toThrow("3-24 lower-case letters and digits");
        expect(await registry()).toMatchObject({ loginServer: "tarsimages.azurecr.io" });
        await expect(registry()).rejects.toThrow("AlreadyInUse");
    });

    test("encrypt with a customer's key only when its identity may use it", async () => {
        const vault = await makeVault(azure);
        const key = await makeKey(azure);
        const { id, principalId, clientId } = await identity("encryption");
        const encrypted = {
            identity: { type: "UserAssigned", userAssignedIdentities: [String(id)] },
            encryption: {
                keySource: "Microsoft.Keyvault",
                keyVaultProperties: { keyName: "cluster", keyVaultUri: "https://tars-vault.vault.azure.net/" },
                encryptionIdentity: { encryptionUserAssignedIdentity: String(id) },
            },
        };
        await expect(account(encrypted)).rejects.toThrow("needs Key Vault Crypto Service Encryption User for");
        await grant(azure, vault, String(principalId), "cryptoServiceUser");
        await account(encrypted);
        const keyVaultProperties = { identity: String(clientId), keyIdentifier: String(key.keyUri) };
        const images = { identity: { type: "UserAssigned", userAssignedIdentities: { [String(id)]: {} } } };
        const other = {
            ...images,
            encryption: { status: "enabled", keyVaultProperties: { ...keyVaultProperties, identity: "x" } },
        };
        await expect(registry(other)).rejects.toThrow("is none of the registry's identities");
        await registry({ ...images, encryption: { status: "enabled", keyVaultProperties } });
    });

    test("have private endpoints that lead to them, in a zone that they have, in a subnet with room", async () => {
        const data = String((await account()).id);
        const subnet = await makeSubnet(azure, "endpoints", "10.20.0.0/29");
        const endpoint = (name: string, groupId: string) =>
            azure.make("network:PrivateEndpoint", name, {
                ...group,
                privateEndpointName: name,
                subnet: { id: subnet },
                privateLinkServiceConnections: [{ name, privateLinkServiceId: data, groupIds: [groupId] }],
            });
        await expect(endpoint("vault", "vault")).rejects.toThrow("has the group vault");
        for (const name of ["a", "b", "c"]) await endpoint(name, "blob");
        await expect(endpoint("d", "blob")).rejects.toThrow("has no address left");
        const zone = {
            resourceGroupName: "tars",
            location: "global",
            privateZoneName: "privatelink.vaultcore.azure.net",
        };
        const { id } = await azure.make("privatedns:PrivateZone", "zone", zone);
        const names = { resourceGroupName: "tars", privateEndpointName: "a", privateDnsZoneGroupName: "default" };
        const configs = [{ name: "x", privateDnsZoneId: String(id) }];
        await expect(
            azure.make("network:PrivateDnsZoneGroup", "a", { ...names, privateDnsZoneConfigs: configs }),
        ).rejects.toThrow("has the zone privatelink.vaultcore.azure.net");
        await expect(azure.remove("network:Subnet", "endpoints", subnet)).rejects.toThrow(
            "still in use by azure-native:network:PrivateEndpoint",
        );
    });

    test("only a Premium registry is private", async () => {
        await expect(registry({ sku: { name: "Basic" }, publicNetworkAccess: "Disabled" })).rejects.toThrow(
            "needs the Premium tier",
        );
    });

    test("flow logs go where the region's watcher is, of networks only", async () => {
        const storageId = String((await account()).id);
        const log = (changes: Record<string, string>) =>
            azure.make("network:FlowLog", "log", {
                ...{
                    location: "westeurope",
                    resourceGroupName: "NetworkWatcherRG",
                    networkWatcherName: "NetworkWatcher_westeurope",
                },
                ...{
                    flowLogName: "flows",
                    storageId,
                    targetResourceId: at("Microsoft.Network/virtualNetworks/net"),
                    ...changes,
                },
            });
        await expect(log({ resourceGroupName: "tars" })).rejects.toThrow(
            "has NetworkWatcherRG/NetworkWatcher_westeurope",
        );
        await expect(log({ targetResourceId: at("Microsoft.Network/networkSecurityGroups/x") })).rejects.toThrow(
            "no new flow logs of security groups",
        );
        await expect(log({})).resolves.toMatchObject({ provisioningState: "Succeeded" });
    });
});

test("what counts for the whole subscription is there for this subscription only", async () => {
    const plan = (scopeId: string) =>
        azure.make("security:Pricing", "plan", { scopeId, pricingName: "KeyVaults", pricingTier: "Standard" });
    expect(await plan(subscription.slice(1))).toMatchObject({
        id: `${subscription}/providers/Microsoft.Security/pricings/KeyVaults`,
    });
    await expect(plan("subscriptions/22222222-0000-0000-0000-000000000000")).rejects.toThrow("does not exist");
    const assignment = { policyAssignmentName: "baseline", policyDefinitionId: "/providers/x/policySetDefinitions/y" };
    expect(
        await azure.make("authorization:PolicyAssignment", "a", { scope: subscription, ...assignment }),
    ).toMatchObject({
        id: `${subscription}/providers/Microsoft.Authorization/policyAssignments/baseline`,
    });
});

test("a group goes last: Azure would take with it whatever is left", async () => {
    await expect(
        azure.remove("resources:ResourceGroup", "group", `${subscription}/resourceGroups/tars`),
    ).rejects.toThrow("virtualNetworks/net");
});
