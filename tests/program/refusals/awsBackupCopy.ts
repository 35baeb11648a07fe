import type { Case } from "./case";

/** Where production's backups are copied to. */
export const backupCopyOnAws: readonly Case[] = [
    [
        "backups in one region only",
        { "aws.backupCopy": undefined },
        "aws.backupCopy: is missing: whoever loses eu-central-1 would lose the backups with it\n" +
            "      fix: name another region, such as backupCopy: { region: eu-west-1 }",
    ],
    [
        "backups copied to where they are",
        { "aws.backupCopy": { region: "eu-central-1" } },
        "aws.backupCopy.region: is eu-central-1, where the backups are already\n      fix: name another region",
    ],
    [
        "backups copied to a region with a slip in it",
        { "aws.backupCopy": { region: "eu-wset-1" } },
        "aws.backupCopy.region: is eu-wset-1, which the price list",
    ],
    [
        "backups copied out of the partition",
        { "aws.backupCopy": { region: "cn-north-1" } },
        "aws.backupCopy.region: must be a region such as eu-central-1, in neither China nor GovCloud",
    ],
    ["backups copied to nowhere", { "aws.backupCopy": {} }, "aws.backupCopy.region: is missing"],
    [
        "a copy of backups with what it does not have",
        { "aws.backupCopy": { region: "eu-west-1", days: 7 } },
        "aws.backupCopy.days: is no setting",
    ],
];
