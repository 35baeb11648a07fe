import { isTrue, numberAt, textAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import type { InputIssue } from "../../protocol";

interface Check {
    readonly property: string;
    readonly isBroken: (inputs: Properties) => boolean;
    readonly reason: string;
}

/** A text, or one that breaks nothing where there is none or it is not known yet. */
const text = (inputs: Properties, name: string, otherwise: string) => textAt(inputs, name) ?? otherwise;

/**
 * What RDS refuses of PostgreSQL whatever else exists.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html (gp3 of PostgreSQL: 20 to 65,536 GiB)
 */
const checks: readonly Check[] = [
    {
        property: "engine",
        isBroken: (inputs) => text(inputs, "engine", "") !== "postgres",
        reason: "of the simulated account is postgres",
    },
    {
        property: "engineVersion",
        isBroken: (inputs) => !/^1[78](\.\d+)?$/.test(text(inputs, "engineVersion", "18")),
        reason: "of the simulated account is 17 or 18, or one of their minor versions",
    },
    {
        property: "engineVersion",
        isBroken: (inputs) =>
            !text(inputs, "engineVersion", "18.1").includes(".") && !isTrue(inputs, "autoMinorVersionUpgrade"),
        reason: "must name its minor version, unless AWS chooses it (autoMinorVersionUpgrade)",
    },
    {
        property: "instanceClass",
        isBroken: (inputs) => !/^db\.[a-z0-9-]+\.[a-z0-9]+$/.test(text(inputs, "instanceClass", "db.m7g.large")),
        reason: "must be a class such as db.m7g.large",
    },
    {
        property: "dbName",
        isBroken: (inputs) => !/^[a-zA-Z][a-zA-Z0-9_]{0,62}$/.test(text(inputs, "dbName", "a")),
        reason: "must begin with a letter and be up to 63 letters, digits and underscores",
    },
    {
        property: "username",
        isBroken: (inputs) =>
            !/^(?!(admin|rdsadmin|postgres_admin)$)[a-zA-Z][a-zA-Z0-9_]{0,62}$/.test(text(inputs, "username", "a")),
        reason: "must begin with a letter, be up to 63 letters, digits and underscores, and no word that is reserved",
    },
    {
        property: "password",
        isBroken: (inputs) => !/^[^/@" ]{8,128}$/.test(text(inputs, "password", "12345678")),
        reason: 'must be 8 to 128 characters without /, @, " and spaces',
    },
    {
        property: "backupRetentionPeriod",
        isBroken: (inputs) => (numberAt(inputs, "backupRetentionPeriod") ?? 0) > 35,
        reason: "must be 0 to 35 days",
    },
    {
        property: "allocatedStorage",
        isBroken: (inputs) => !isWithin(numberAt(inputs, "allocatedStorage"), 20, 65_536),
        reason: "must be 20 to 65536 GiB",
    },
    {
        property: "maxAllocatedStorage",
        isBroken: (inputs) => {
            const most = numberAt(inputs, "maxAllocatedStorage") ?? 0;
            return most !== 0 && most < (numberAt(inputs, "allocatedStorage") ?? 0);
        },
        reason: "must not be less than allocatedStorage",
    },
    {
        property: "port",
        isBroken: (inputs) => !isWithin(numberAt(inputs, "port"), 1150, 65_535),
        reason: "must be 1150 to 65535",
    },
    {
        property: "kmsKeyId",
        isBroken: (inputs) => inputs.kmsKeyId !== undefined && !isTrue(inputs, "storageEncrypted"),
        reason: "is of no use unless storageEncrypted is true",
    },
    {
        property: "finalSnapshotIdentifier",
        isBroken: (inputs) => !isTrue(inputs, "skipFinalSnapshot") && inputs.finalSnapshotIdentifier === undefined,
        reason: "is required, unless skipFinalSnapshot is true",
    },
    {
        property: "finalSnapshotIdentifier",
        isBroken: (inputs) => !/^[a-zA-Z](-?[a-zA-Z0-9])*$/.test(text(inputs, "finalSnapshotIdentifier", "a")),
        reason: "must begin with a letter and be letters, digits and single hyphens",
    },
];

function isWithin(value: number | undefined, least: number, most: number): boolean {
    return value === undefined || (value >= least && value <= most);
}

export function checkInstance(inputs: Properties): InputIssue[] {
    return checks.filter(({ isBroken }) => isBroken(inputs)).map(({ property, reason }) => ({ property, reason }));
}
