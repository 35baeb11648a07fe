import type { ManagedCluster } from "@pulumi/azure-native/containerservice";
import { FederatedIdentityCredential, UserAssignedIdentity } from "@pulumi/azure-native/managedidentity";
import type * as pulumi from "@pulumi/pulumi";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import {
    type IdentityBinding,
    logsInByToken,
    type Permission,
    type TokenLogin,
    type WorkloadIdentity,
} from "../contract";
import { type Grant, grant } from "./roles";
import { placeOf, type Site } from "./site";

/**
 * What a permission is in Azure: a role on something, and what its requests are held to beside; undefined where the stack does not have that
 * something, and `checkAzure` refuses whoever asks for it.
 */
export type Rights = Readonly<Record<Permission, Right | undefined>>;

interface Right extends Pick<Grant, "role" | "scope" | "condition"> {
    /**
     * What it takes beside, by words that end its name.
     * @default undefined - nothing
     */
    readonly beside?: Readonly<Record<string, Pick<Grant, "role" | "scope">>>;
}

export interface IdentitiesArgs {
    readonly site: Site;
    readonly cluster: ManagedCluster;
    readonly bindings: Readonly<Record<string, IdentityBinding>>;
    readonly rights: Rights;
}

/** Identities that pods have in Azure, by their service account and without a password. */
export class Identities extends TarsComponent {
    readonly identities: Readonly<Record<string, WorkloadIdentity>>;

    constructor(
        name: string,
        args: IdentitiesArgs,
        opts: pulumi.ComponentResourceOptions & Pick<ChildOptions, "provider">,
    ) {
        super("cloud", "Identities", name, opts);
        const child = { parent: this, provider: opts.provider };
        const made = Object.entries(args.bindings).map(([key, binding]) => {
            return [key, createIdentity(`${name}-${key}`, args, { key, binding }, child)] as const;
        });
        this.identities = Object.fromEntries(made);
        this.registerOutputs({});
    }
}

function createIdentity(
    name: string,
    { site, cluster, rights }: IdentitiesArgs,
    { key, binding }: { readonly key: string; readonly binding: IdentityBinding },
    child: ChildOptions,
): WorkloadIdentity {
    const resourceName = site.naming("identity", "workload", key);
    const { identity, described } = identify(name, { site, cluster, binding, resourceName }, child);
    for (const permission of binding.permissions) {
        const own = rights[permission];
        if (own === undefined) throw new RangeError(`${permission} without anything that it is about`);
        const { beside = {}, ...right } = own;
        const called = `${name}-${permission.toLowerCase().replace(".", "-")}`;
        const whom = { kind: "ServicePrincipal", principal: identity.principalId } as const;
        grant(called, site, { ...right, ...whom }, child);
        for (const [words, more] of Object.entries(beside))
            grant(`${called}-${words}`, site, { ...more, ...whom }, child);
    }
    return described;
}

export interface Identified extends Pick<IdentitiesArgs, "site" | "cluster"> {
    readonly binding: IdentityBinding;
    /** What it is called in Azure. */
    readonly resourceName: string;
}

/** An identity without any right yet, which pods of one service account take on. */
export function identify(
    name: string,
    { site, cluster, binding, resourceName }: Identified,
    child: ChildOptions,
): { readonly identity: UserAssignedIdentity; readonly described: WorkloadIdentity } {
    const identity = new UserAssignedIdentity(name, { ...placeOf(site), resourceName }, child);
    trust(name, { site, cluster, identity, binding }, child);
    const described = {
        ...binding,
        id: identity.id,
        annotations: { "azure.workload.identity/client-id": identity.clientId },
        podLabels: { "azure.workload.identity/use": "true" },
        token: logsInByToken(binding) ? tokenLogin(site, identity) : undefined,
    };
    return { identity, described };
}

/** Whom tokens are for that Entra changes for its own. */
const tokenAudience = "api://AzureADTokenExchange";

/** Variables of WorkloadIdentityCredential. @see https://learn.microsoft.com/java/api/com.azure.identity.workloadidentitycredentialbuilder */
function tokenLogin({ tenant }: Site, { clientId }: UserAssignedIdentity): TokenLogin {
    const environment = {
        AZURE_CLIENT_ID: clientId,
        AZURE_TENANT_ID: tenant,
        AZURE_AUTHORITY_HOST: "https://login.microsoftonline.com/",
    };
    // The way to the store leads to Entra as well.
    return { audience: tokenAudience, environment, reach: [] };
}

interface Trust extends Pick<IdentitiesArgs, "site" | "cluster"> {
    readonly identity: UserAssignedIdentity;
    readonly binding: IdentityBinding;
}

/** @see https://learn.microsoft.com/azure/aks/workload-identity-overview */
function trust(name: string, { site, cluster, identity, binding }: Trust, child: ChildOptions): void {
    new FederatedIdentityCredential(
        `${name}-trust`,
        {
            resourceGroupName: site.group.name,
            resourceName: identity.name,
            federatedIdentityCredentialResourceName: "cluster",
            issuer: issuerOf(cluster),
            subject: `system:serviceaccount:${binding.namespace}:${binding.serviceAccount}`,
            audiences: [tokenAudience],
        },
        child,
    );
}

/** Who signs the tokens of the cluster's service accounts: no other cluster has the same, not even one made in its place. */
export function issuerOf({ oidcIssuerProfile }: ManagedCluster): pulumi.Output<string> {
    return oidcIssuerProfile.apply((profile) => profile?.issuerURL ?? "");
}
