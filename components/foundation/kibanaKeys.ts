import type * as pulumi from "@pulumi/pulumi";

/** Keys of Kibana, of one generation. */
export interface KibanaKeys {
    readonly generation: number;
    /** Encrypts the cookies of sessions. */
    readonly sessions: pulumi.Output<string>;
    /** Encrypts what of its own objects is secret: what connectors log in with. */
    readonly objects: pulumi.Output<string>;
}
