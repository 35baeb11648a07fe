/** Major versions that the platform's clouds run: https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-versions.html, https://learn.microsoft.com/azure/postgresql/configure-maintain/concepts-version-policy */
export const postgresVersions = ["17", "18"] as const;
export type PostgresVersion = (typeof postgresVersions)[number];

/** A PostgreSQL server that the cloud runs, as a stack file asks for it, with the environment's word where it has none. */
export interface ManagedPostgres {
    readonly kind: "managed";
    readonly version: PostgresVersion;
    /** Name that the cloud has for the machine; undefined for the cloud's own default of the environment. */
    readonly size: string | undefined;
    /** Disk to begin with, in GiB. */
    readonly storageGi: number;
    /** What the disk may grow to by itself, in GiB; undefined for what the cloud's plan says. */
    readonly maxStorageGi: number | undefined;
    /** Days back to which the server can be restored, to any second. */
    readonly backupDays: number;
}

/** Where the platform's database runs: in a pod of the cluster, or as a server of the cloud. */
export type PostgresPlace = { readonly kind: "inCluster" } | ManagedPostgres;

/** How much memory and how many cores a machine for databases has. */
export interface DatabaseMachine {
    readonly vcpus: number;
    readonly memoryGi: number;
}
