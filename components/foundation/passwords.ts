import type * as pulumi from "@pulumi/pulumi";

/** Passwords of one generation, by their users. */
export interface Passwords {
    readonly generation: number;
    readonly of: Readonly<Record<string, pulumi.Output<string>>>;
}
