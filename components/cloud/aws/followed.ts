import * as pulumi from "@pulumi/pulumi";
import { backupFolder } from "../../foundation/dataBackups";
import type { FollowedStore } from "../contract";
import type { AwsAccount } from "./account";
import { bucketName, copyKeyAlias } from "./names";
import type { AwsSettings } from "./settings";
import { onKeyCalled, type Statement } from "./statements";
import { loginAt } from "./storage";

/** The other stack, as names of its own go: that stack says where its copy is (`backupCopy`), which is here. */
type Copied = Pick<AwsSettings, "account" | "region" | "name">;

function copiedOf({ account, region, followed }: AwsSettings): Copied | undefined {
    return followed && { account, region, name: followed.name };
}

/** The copy of another stack's backups that stands in this stack's region; undefined where the stack names none. */
export function followedStoreOf(section: AwsSettings): FollowedStore | undefined {
    const copied = copiedOf(section);
    return copied && { url: pulumi.output(`s3://${bucketName(copied, "backups")}`), ...loginAt(section) };
}

/** Reading one folder of that copy, and using its key for that. Nothing where there is none, which `checkFollowed` refuses. */
export function followingIn(account: AwsAccount, serviceAccount: string): readonly Statement[] {
    const copied = copiedOf(account.section);
    if (copied === undefined) return [];
    const bucket = `arn:aws:s3:::${bucketName(copied, "backups")}`;
    const key = { region: copied.region, alias: copyKeyAlias(copied) };
    return [
        { actions: ["s3:GetBucketLocation", "s3:ListBucket"], resources: [bucket] },
        { actions: ["s3:GetObject"], resources: [`${bucket}/${backupFolder(serviceAccount)}/*`] },
        onKeyCalled(account, { ...key, actions: ["kms:Decrypt"], condition: {} }),
    ];
}
