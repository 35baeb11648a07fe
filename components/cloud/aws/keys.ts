import { Alias, Key } from "@pulumi/aws/kms";
import type * as pulumi from "@pulumi/pulumi";
import type { AwsAccount } from "./account";

export interface KeyPlan {
    readonly description: string;
    /** What its tag `Name` says. */
    readonly physical: string;
    readonly alias: string;
    readonly policy: string;
    /**
     * Where it stands.
     * @default undefined - in the stack's region
     */
    readonly region?: string;
}

/**
 * A key of the stack, which AWS rotates and policies name by its alias.
 *
 * @returns its ARN
 */
export function createKey(
    name: string,
    { physical, alias, region, ...plan }: KeyPlan,
    account: AwsAccount,
    parent: pulumi.Resource,
): pulumi.Output<string> {
    const place = region === undefined ? {} : { region };
    const args = {
        ...place,
        ...plan,
        enableKeyRotation: true,
        // The longest that AWS waits: until then a deletion can be taken back.
        deletionWindowInDays: 30,
        tags: account.tags(physical),
    };
    const key = new Key(`${name}-key`, args, account.kept("key", parent));
    const called = { ...place, name: alias, targetKeyId: key.keyId };
    new Alias(`${name}-alias`, called, account.kept("keyAlias", parent));
    return key.arn;
}
