import type * as pulumi from "@pulumi/pulumi";
import type { SecretProvider, WorkloadIdentity } from "../cloud/contract";
import { TarsComponent } from "../foundation/component";
import type { Operator } from "../kubernetes/customResource";
import type { SystemPlace } from "../kubernetes/systemPlace";
import { ExternalSecrets } from "./externalSecrets";
import type { GeneratedSecret } from "./generated";
import { KeptSecrets } from "./keptSecrets";
import { SecretStore } from "./secretStore";

export interface SecretKeepingArgs {
    readonly place: SystemPlace;
    /** The store outside of the cluster. */
    readonly provider: SecretProvider;
    /** Who the operator is in the cloud; undefined where the store knows it by its service account alone. */
    readonly identity: WorkloadIdentity | undefined;
    readonly certManager: Operator;
    /** Namespaces of the platform whose ExternalSecrets may read from the store. */
    readonly namespaces: readonly pulumi.Output<string>[];
    /** Generated values to keep there. */
    readonly secrets: readonly GeneratedSecret[];
}

/** Has a store outside of the cluster keep its secrets: the operator that goes there, the store as its objects name it, and what is kept. */
export class SecretKeeping extends TarsComponent {
    /** Who acts on what reads from the store. */
    readonly operator: Operator;
    /** The object that leads to the store. */
    readonly store: pulumi.Resource;

    constructor(name: string, args: SecretKeepingArgs, opts?: pulumi.ComponentResourceOptions) {
        super("security", "SecretKeeping", name, opts);
        const { place, provider, identity, certManager, secrets } = args;
        const child = { parent: this };
        const keeper = new ExternalSecrets("external-secrets", { place, provider, identity, certManager }, child);
        const { operator, namespace } = keeper;
        const namespaces = [namespace, ...args.namespaces];
        const { store } = new SecretStore("secret-store", { place, provider, operator, namespaces }, child);
        const kept = { place, provider, operator, store, namespace, secrets };
        new KeptSecrets("kept-secrets", kept, { ...child, dependsOn: [keeper] });
        this.operator = operator;
        this.store = store;
        this.registerOutputs({});
    }
}
