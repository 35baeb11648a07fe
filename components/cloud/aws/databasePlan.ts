import type { Issues } from "../../foundation/issues";
import { physicalName } from "../../foundation/names";
import type { PostgresVersion } from "../../foundation/postgresPlace";
import { checkMachine } from "../../settings/dataChecks";
import type { Settings } from "../../settings/schema";
import type { Environment } from "../../settings/sizing";
import type { PostgresServerPlan } from "../contract";
import { databaseMachines, defaultDatabaseMachines } from "./databaseMachines";
import { nameRules } from "./names";
import type { AwsSettings } from "./settings";

/** Adds a machine that RDS does not run PostgreSQL on. */
export function checkDatabase({ data: { postgres } }: Settings, issues: Issues): void {
    if (postgres.kind === "managed") checkMachine(postgres, databaseMachines, issues);
}

/** What a stack's server is called in RDS. */
export function databaseName({ name }: Pick<AwsSettings, "name">): string {
    return physicalName(nameRules.database, name, "postgres");
}

/** Logs that RDS hands over, each to a group that it names itself. @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Concepts.PostgreSQL.html */
export const databaseLogs = ["postgresql", "upgrade"] as const;

export function databaseLogGroup(section: Pick<AwsSettings, "name">, log: (typeof databaseLogs)[number]): string {
    return `/aws/rds/instance/${databaseName(section)}/${log}`;
}

/**
 * What the server is told of its work: no call without TLS, and a record of each change of the schema and of each session, with who it was.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html
 * @see https://www.postgresql.org/docs/18/runtime-config-logging.html
 */
export const databaseParameters = [
    { name: "rds.force_ssl", value: "1" },
    { name: "log_statement", value: "ddl" },
    { name: "log_disconnections", value: "1" },
] as const;

export function parameterFamily(version: PostgresVersion): string {
    return `postgres${version}`;
}

/** Whose certificate the server shows: RDS' own authority of the region, until 2061. @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html */
const certificateAuthority = "rds-ca-rsa2048-g1";

/** Hours of the night in most regions of Europe: backups first, then whatever AWS maintains. */
const windows = { backupWindow: "01:00-01:30", maintenanceWindow: "sun:02:00-sun:03:00" } as const;

/** The largest disk that grows by itself where the stack says nothing: four times what it begins with, as far as RDS has them. */
const growth = 4;
/** GiB. @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html */
const largestDisk = 65_536;

/** What of a server is settled by the stack alone, before anything stands around it. */
export function planDatabase(section: AwsSettings, environment: Environment, plan: PostgresServerPlan) {
    const { version, size, storageGi, maxStorageGi, backupDays, database, user } = plan;
    return {
        identifier: databaseName(section),
        engine: "postgres",
        // AWS chooses the minor version and moves on to the next in the maintenance window.
        engineVersion: version,
        autoMinorVersionUpgrade: true,
        allowMajorVersionUpgrade: true,
        instanceClass: size ?? defaultDatabaseMachines[environment],
        storageType: "gp3",
        allocatedStorage: storageGi,
        maxAllocatedStorage: maxStorageGi ?? Math.min(growth * storageGi, largestDisk),
        storageEncrypted: true,
        // A second machine in another zone has every change before it counts.
        multiAz: true,
        publiclyAccessible: false,
        port: 5432,
        dbName: database,
        username: user,
        iamDatabaseAuthenticationEnabled: true,
        caCertIdentifier: certificateAuthority,
        backupRetentionPeriod: backupDays,
        copyTagsToSnapshot: true,
        enabledCloudwatchLogsExports: [...databaseLogs],
        // What somebody runs is done when it has run, and not in a week.
        applyImmediately: true,
        ...windows,
    };
}
