import type * as pulumi from "@pulumi/pulumi";

/** What a user of the object store signs its calls with. */
export interface ObjectLogin {
    /** Says who calls. */
    readonly access: pulumi.Output<string>;
    /** Proves it. */
    readonly secret: pulumi.Output<string>;
}

/** Logins of one generation, by their users. */
export interface ObjectSecrets {
    readonly generation: number;
    readonly users: Readonly<Record<string, ObjectLogin>>;
}
