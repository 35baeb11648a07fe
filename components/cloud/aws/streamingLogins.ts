import { SingleScramSecretAssociation } from "@pulumi/aws/msk";
import { Secret, SecretPolicy, SecretVersion } from "@pulumi/aws/secretsmanager";
import * as pulumi from "@pulumi/pulumi";
import type { AwsAccount } from "./account";
import { loginName } from "./streamingPlan";

export interface StreamingLogin {
    readonly account: AwsAccount;
    readonly key: pulumi.Output<string>;
    /** ARN of the brokers. */
    readonly brokers: pulumi.Output<string>;
    readonly user: string;
    readonly password: pulumi.Output<string>;
    /** What must be done before it can log in. */
    readonly after: readonly pulumi.Resource[];
}

/**
 * Lets a user log in to brokers: MSK takes passwords from Secrets Manager alone, one in each entry, under a key of the account. Once nobody is
 * associated with the entry any more, nobody of that name gets in.
 *
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/msk-password-tutorial.html
 */
export function createLogin(login: StreamingLogin, parent: pulumi.Resource): pulumi.Resource {
    const { account, key, brokers, user, password, after } = login;
    const child = account.child(parent);
    const physical = loginName(account.section, user);
    const name = `kafka-login-${user}`;
    const args = {
        name: physical,
        description: `Login of ${user} at the platform's Kafka`,
        kmsKeyId: key,
        // The password is made anew from the state. Before production the name is free at once.
        recoveryWindowInDays: account.rules.keepsData ? 30 : 0,
        tags: account.tags(physical),
    };
    const secret = new Secret(name, args, child);
    const secretString = pulumi.secret(password.apply((word) => JSON.stringify({ username: user, password: word })));
    const version = new SecretVersion(`${name}-password`, { secretId: secret.id, secretString }, child);
    const policy = new SecretPolicy(
        `${name}-reader`,
        { secretArn: secret.arn, policy: secret.arn.apply(planReader) },
        child,
    );
    return new SingleScramSecretAssociation(
        `${name}-admission`,
        { clusterArn: brokers, secretArn: secret.arn },
        { ...child, dependsOn: [version, policy, ...after] },
    );
}

/** MSK itself reads it, by the statement that its examples have: nothing says that a condition on the caller's account would hold for its calls. */
function planReader(secret: string): string {
    return JSON.stringify({
        Version: "2012-10-17",
        Statement: [
            {
                Sid: "AWSKafkaResourcePolicy",
                Effect: "Allow",
                Principal: { Service: "kafka.amazonaws.com" },
                Action: "secretsmanager:getSecretValue",
                Resource: secret,
            },
        ],
    });
}
