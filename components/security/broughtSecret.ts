import type * as pulumi from "@pulumi/pulumi";
import { TarsComponent } from "../foundation/component";
import { labelsOf } from "../foundation/labels";
import { createCustomResource, type Operator, whenReady } from "../kubernetes/customResource";
import type { SystemPlace } from "../kubernetes/systemPlace";
import { storeReference } from "./secretStore";

export interface BroughtSecretArgs {
    readonly place: Pick<SystemPlace, "cluster" | "ownership">;
    readonly operator: Operator;
    /** The object that leads to the store. */
    readonly store: pulumi.Resource;
    /** Namespace that the store lets read, where the Secret is to be. */
    readonly namespace: pulumi.Output<string>;
    /** Name of the Secret. */
    readonly secret: string;
    /** Its one key. */
    readonly key: string;
    /** Name of the entry in the store, after the stack's own prefix there. */
    readonly entry: string;
    /** Key within the entry's JSON. @default undefined - the whole entry */
    readonly property?: string | undefined;
}

/** A secret that somebody keeps in the store, brought into a namespace of the platform and kept as it is there. */
export class BroughtSecret extends TarsComponent {
    constructor(name: string, args: BroughtSecretArgs, opts?: pulumi.ComponentResourceOptions) {
        super("security", "BroughtSecret", name, opts);
        const { place, operator, store, namespace, secret } = args;
        const plan = {
            apiVersion: "external-secrets.io/v1",
            kind: "ExternalSecret",
            name: secret,
            namespace,
            labels: labelsOf({ name: secret, component: "secrets" }, place.ownership),
            annotations: whenReady,
            spec: planReading(args),
        };
        const child = { parent: this, provider: place.cluster.provider, dependsOn: [store] };
        createCustomResource(name, plan, operator, child);
        this.registerOutputs({});
    }
}

/**
 * Read once an hour, as the pack asks at most. The Secret goes with its object, and stays as it was while the entry cannot be read.
 *
 * @see https://github.com/external-secrets/external-secrets/blob/v2.9.0/apis/externalsecrets/v1/externalsecret_types.go
 */
function planReading({
    secret,
    key,
    entry,
    property,
}: Pick<BroughtSecretArgs, "secret" | "key" | "entry" | "property">) {
    return {
        refreshInterval: "1h0m0s",
        secretStoreRef: storeReference,
        target: { name: secret, creationPolicy: "Owner", deletionPolicy: "Retain" },
        data: [{ secretKey: key, remoteRef: { key: entry, ...(property === undefined ? {} : { property }) } }],
    };
}
