import { RoleDefinition } from "@pulumi/azure-native/authorization";
import { Key, Vault } from "@pulumi/azure-native/keyvault";
import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity";
import type { input } from "@pulumi/azure-native/types";
import type * as pulumi from "@pulumi/pulumi";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import type { Ownership } from "../../foundation/labels";
import { ownerTags } from "../common/tags";
import { generatedPrefix, type SecretProvider } from "../contract";
import { createEndpoint, type EndpointPlace } from "./endpoints";
import { entraRanges } from "./entra";
import { type Logs, sendLogs } from "./logs";
import { stableGuid } from "./names";
import { keep } from "./protection";
import { grant, type OwnRole } from "./roles";
import type { AzureSettings } from "./settings";
import { placeOf, type Site } from "./site";

export interface SecretsArgs extends EndpointPlace {
    readonly logs: Logs;
}

/** The vault of secrets and of the platform's keys, which only its network reaches. */
export class Secrets extends TarsComponent {
    readonly vault: Vault;
    /** Encrypts what is stored: blobs, images, disks. */
    readonly key: Key;
    /** Encrypts the Secrets of the cluster. */
    readonly clusterKey: Key;
    /** Reads the key for the services that store something. */
    readonly encryption: UserAssignedIdentity;
    /** Sets secrets, and can neither read nor delete any. */
    readonly writer: OwnRole;
    /** What whoever uses a key must wait for: the right to it, and a way to the vault. */
    readonly ready: readonly pulumi.Resource[];

    constructor(
        name: string,
        args: SecretsArgs,
        opts: pulumi.ComponentResourceOptions & Pick<ChildOptions, "provider">,
    ) {
        super("cloud", "Secrets", name, opts);
        const child = { parent: this, provider: opts.provider };
        const { site, logs } = args;
        this.vault = createVault(name, site, child);
        this.key = createKey(`${name}-key`, "platform", { site, vault: this.vault, rotates: true }, child);
        // AKS names one version of its key, and with an expired one it could write no Secret.
        const fixed = { site, vault: this.vault, rotates: false };
        this.clusterKey = createKey(`${name}-cluster-key`, "cluster", fixed, child);
        this.encryption = createEncryptionIdentity(name, site, child);
        this.writer = createWriter(name, site, child);
        // The endpoint takes a minute to make, in which a new right gets around in Azure.
        const endpoint = createEndpoint(`${name}-endpoint`, args, { service: "vault", id: this.vault.id }, child);
        this.ready = [allowEncryption(name, site, this, child), endpoint];
        sendLogs(name, logs, { id: this.vault.id, logs: [{ categoryGroup: "audit" }] }, child);
        this.registerOutputs({ vault: this.vault.id });
    }
}

function createVault(name: string, site: Site, child: ChildOptions): Vault {
    return new Vault(
        `${name}-vault`,
        {
            ...placeOf(site),
            // The stack's own words would not fit beside what makes the name unlike any other in Azure.
            vaultName: site.naming("vault").slice(0, 15).replace(/-$/, "").concat("-", site.suffix),
            properties: {
                tenantId: site.tenant,
                sku: { family: "A", name: "standard" },
                enableRbacAuthorization: true,
                enableSoftDelete: true,
                softDeleteRetentionInDays: 90,
                enablePurgeProtection: true,
                publicNetworkAccess: "Disabled",
                // Storage, disks and the registry read their key as services that Azure trusts.
                networkAcls: { bypass: "AzureServices", defaultAction: "Deny" },
            },
        },
        { ...child, ...keep("vault", site.rules) },
    );
}

interface KeyPlan {
    readonly site: Site;
    readonly vault: Vault;
    /** Whether whoever uses it takes the newest version by itself. */
    readonly rotates: boolean;
}

/** A version a year, and each is there for the year after, in which the next one takes over. */
const yearly = {
    attributes: { expiryTime: "P2Y" },
    lifetimeActions: [{ action: { type: "rotate" }, trigger: { timeAfterCreate: "P1Y" } }],
} satisfies input.keyvault.RotationPolicyArgs;

function createKey(name: string, keyName: string, { site, vault, rotates }: KeyPlan, child: ChildOptions): Key {
    const { group, naming, tags, rules } = site;
    return new Key(
        name,
        {
            resourceGroupName: group.name,
            vaultName: vault.name,
            keyName: naming("key", keyName),
            tags,
            // Storage and the registry take RSA keys only, of 2048, 3072 or 4096 bits.
            properties: {
                kty: "RSA",
                keySize: 3072,
                keyOps: ["encrypt", "decrypt", "wrapKey", "unwrapKey"],
                ...(rotates && { rotationPolicy: yearly }),
            },
        },
        // The plugin deletes a key through the vault, which takes another right than its owner's and a way into the network
        // (https://github.com/pulumi/pulumi-azure-native/blob/006a62afe453b416e5d5c98d2d91c4c7281f52f9/provider/pkg/resources/customresources/custom_keyvault.go).
        // Nobody needs either: a vault that is deleted takes its keys along.
        { ...child, ...keep("key", rules), retainOnDelete: true },
    );
}

function createEncryptionIdentity(name: string, site: Site, child: ChildOptions): UserAssignedIdentity {
    return new UserAssignedIdentity(
        `${name}-encryption`,
        { ...placeOf(site), resourceName: site.naming("identity", "encryption") },
        { ...child, ...keep("encryptionIdentity", site.rules) },
    );
}

function allowEncryption(
    name: string,
    site: Site,
    { vault, encryption }: Pick<Secrets, "vault" | "encryption">,
    child: ChildOptions,
): pulumi.Resource {
    const options = keep("encryptionRight", site.rules);
    const right = { role: "vaultEncryption", kind: "ServicePrincipal", scope: vault.id, options } as const;
    return grant(`${name}-encryption-right`, site, { ...right, principal: encryption.principalId }, child);
}

const setSecret = "Microsoft.KeyVault/vaults/secrets/setSecret/action";

/** The role that Azure brings for this, Key Vault Secrets Officer, also reads, deletes and purges. */
function createWriter(name: string, { subscription, suffix, group, naming }: Site, child: ChildOptions): OwnRole {
    const guid = stableGuid(subscription, suffix, `${name}-writer`);
    const definition = new RoleDefinition(
        `${name}-writer`,
        {
            roleDefinitionId: guid,
            scope: group.id,
            // No two roles of a tenant have the same name.
            roleName: `${naming("role", "secret-writer")}-${suffix}`,
            description: "Sets secrets, and can neither read nor delete any",
            permissions: [{ dataActions: [setSecret] }],
            assignableScopes: [group.id],
        },
        child,
    );
    return { guid, definition };
}

/**
 * Holds a writer to secrets with a name of their own. Azure has such conditions for secrets in preview: should it refuse one, the role still
 * sets secrets only.
 *
 * @see https://github.com/MicrosoftDocs/azure-security-docs/blob/081cf5b926cab0a69c12889c3fe305c14a52826f/articles/key-vault/general/rbac-abac.md
 */
export const onlyGenerated = `((!(ActionMatches{'${setSecret}'})) OR (@Request[Microsoft.KeyVault/vaults/secrets:name] StringStartsWith '${generatedPrefix}'))`;

/** The way to a service whose endpoint stands in the network, and to who vouches for its callers. */
export function reachOf({ cidr }: AzureSettings["network"]): SecretProvider["reach"] {
    return [{ ranges: [cidr, ...entraRanges], port: 443 }];
}

/** The vault as the operator in the cluster must know it. */
export function providerOf({ network }: AzureSettings, { vault }: Secrets, ownership: Ownership): SecretProvider {
    const url = vault.properties.apply(({ vaultUri }) => vaultUri ?? "");
    return {
        kind: "keyVault",
        url,
        tags: ownerTags(ownership),
        reach: reachOf(network),
    };
}
