import type * as pulumi from "@pulumi/pulumi";
import type { AwsAccount } from "./account";
import { keyAlias } from "./names";

/**
 * What a policy allows. ARNs are written from names that are known beforehand, not taken from the resources: so a first preview shows each
 * policy as it will be, and whoever reviews it, people or rules, can judge it. A zone of names alone is told by the id that AWS gives it: nothing
 * else tells it from others.
 */
export interface Statement {
    readonly actions: readonly string[];
    readonly resources: readonly pulumi.Input<string>[];
    /** @default undefined - no condition */
    readonly condition?: Condition;
}

export type Condition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/**
 * Actions on the stack's key, which is told by its alias. Only administrators of the account may move an alias.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
 */
export function onKey(account: AwsAccount, actions: readonly string[], condition: Condition = {}): Statement {
    const { region } = account.section;
    return onKeyCalled(account, { actions, region, alias: keyAlias(account.section), condition });
}

interface KeyUse {
    readonly actions: readonly string[];
    readonly region: string;
    readonly alias: string;
    readonly condition: Condition;
}

/** Actions on whichever key goes by an alias in a region. */
export function onKeyCalled({ section }: AwsAccount, { actions, region, alias, condition }: KeyUse): Statement {
    const byAlias = { "ForAnyValue:StringEquals": { "kms:ResourceAliases": alias } };
    const resources = [`arn:aws:kms:${region}:${section.account}:key/*`];
    return { actions, resources, condition: { ...condition, ...byAlias } };
}

export function policyText(statements: pulumi.Unwrap<readonly Statement[]>): string {
    return JSON.stringify({
        Version: "2012-10-17",
        Statement: statements.map(({ actions, resources, condition }) => ({
            Effect: "Allow",
            Action: actions,
            Resource: resources,
            ...(condition === undefined ? {} : { Condition: condition }),
        })),
    });
}
