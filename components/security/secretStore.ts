import type { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import type * as pulumi from "@pulumi/pulumi";
import type { KeyVault, SecretProvider, SecretsManager, VaultServer } from "../cloud/contract";
import { TarsComponent } from "../foundation/component";
import { labelsOf } from "../foundation/labels";
import { createCustomResource, type Operator, whenReady } from "../kubernetes/customResource";
import type { SystemPlace } from "../kubernetes/systemPlace";

export interface SecretStoreArgs {
    readonly place: Pick<SystemPlace, "cluster" | "ownership">;
    readonly operator: Operator;
    readonly provider: SecretProvider;
    /** Namespaces whose objects may use the store. */
    readonly namespaces: readonly pulumi.Input<string>[];
}

/** How objects name the store. */
export const storeReference = { kind: "ClusterSecretStore", name: "platform" } as const;

/** The store outside of the cluster, as objects of External Secrets use it. No key opens it: the operator logs in as itself. */
export class SecretStore extends TarsComponent {
    /** What an object that uses the store waits for. */
    readonly store: CustomResource;

    constructor(name: string, args: SecretStoreArgs, opts?: pulumi.ComponentResourceOptions) {
        super("security", "SecretStore", name, opts);
        const { place, operator, provider, namespaces } = args;
        const plan = {
            ...storeReference,
            apiVersion: "external-secrets.io/v1",
            labels: labelsOf({ name: storeReference.name, component: "secrets" }, place.ownership),
            annotations: whenReady,
            // A store without conditions is everybody's.
            spec: { provider: planProvider(provider), conditions: [{ namespaces: [...namespaces] }] },
        };
        this.store = createCustomResource(name, plan, operator, { parent: this, provider: place.cluster.provider });
        this.registerOutputs({});
    }
}

/**
 * The provider in the words of the kind's definition (deploy/crds/bundle.yaml at v2.9.0). Whoever names no service account logs in with what the
 * operator's own pods were given.
 *
 * @see https://github.com/external-secrets/external-secrets/blob/v2.9.0/providers/v1/azure/keyvault/keyvault.go (authorizerForWorkloadIdentity)
 * @see https://github.com/external-secrets/external-secrets/blob/v2.9.0/providers/v1/vault/auth_kubernetes.go (getJwtString)
 */
export function planProvider(provider: SecretProvider) {
    switch (provider.kind) {
        case "keyVault":
            return planKeyVault(provider);
        case "secretsManager":
            return planSecretsManager(provider);
        case "vault":
            return planVault(provider);
    }
}

function planKeyVault({ url }: KeyVault) {
    return { azurekv: { authType: "WorkloadIdentity", vaultUrl: url } };
}

function planSecretsManager({ region, prefix }: SecretsManager) {
    return { aws: { service: "SecretsManager", region, prefix } };
}

function planVault({ server, path, login, authorities }: VaultServer) {
    const vouched = authorities === undefined ? {} : { caBundle: authorities };
    const auth = { kubernetes: { mountPath: login.mount, role: login.role } };
    return { vault: { server, path, version: "v2", auth, ...vouched } };
}
