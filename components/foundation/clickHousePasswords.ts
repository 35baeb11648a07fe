import type * as pulumi from "@pulumi/pulumi";

/** Passwords of ClickHouse, of one generation. */
export interface ClickHousePasswords {
    readonly generation: number;
    /** By which the operator logs in. */
    readonly operator: pulumi.Output<string>;
    /** Of the user that is there whether or not anybody wants it; nobody has it. */
    readonly default: pulumi.Output<string>;
    /** By which replicas fetch from each other. */
    readonly interserver: pulumi.Output<string>;
    /** By which servers know a query of another server. */
    readonly cluster: pulumi.Output<string>;
    /** By the name of the user. */
    readonly users: Readonly<Record<string, pulumi.Output<string>>>;
}
