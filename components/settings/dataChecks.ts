import type { Issues } from "../foundation/issues";
import type { ManagedPostgres } from "../foundation/postgresPlace";
import { databaseDefaults } from "./data";
import type { Settings, StackSettings } from "./schema";

/** Adds what a stack says of a database in pods although it has none, and what no server may be. */
export function checkData(common: StackSettings, { data: { postgres }, environment }: Settings, issues: Issues): void {
    if (postgres.kind !== "managed") return;
    if (common.sizes.postgres !== undefined) {
        const words = "is the size of a pod, but the database is a server of the cloud";
        issues.add("sizes.postgres", words, "remove it, and set data.postgres.size, or keep the database inCluster");
    }
    checkOtherCallers(common, issues);
    const least = databaseDefaults[environment].backupDays;
    if (postgres.backupDays < least) {
        const words = `is ${postgres.backupDays}, less than the ${least} that ${environment} asks for`;
        issues.add("data.postgres.backupDays", words, `set ${least} to 35, or remove it`);
    }
    const { storageGi, maxStorageGi } = postgres;
    if (maxStorageGi === undefined || maxStorageGi >= storageGi) return;
    const words = `is ${maxStorageGi}, less than the ${storageGi} GiB to begin with`;
    issues.add("data.postgres.maxStorageGi", words, `set at least ${storageGi}, or remove it`);
}

/** The platform's policies open its own pods to callers; the way to a server leads out of the callers' own namespace. */
function checkOtherCallers({ callers }: StackSettings, issues: Issues): void {
    callers.forEach(({ calls }, index) => {
        if (!calls.includes("postgres")) return;
        const words = "names postgres, which is a server of the cloud: nothing of the platform stands before it";
        issues.add(
            `callers.${index}.calls`,
            words,
            "remove postgres there, and open the way in the callers' namespace",
        );
    });
}

/** Refuses a server of the cloud where the platform has none to give. */
export function checkNoManaged({ data: { postgres } }: Settings, issues: Issues): void {
    if (postgres.kind === "inCluster") return;
    if (postgres.kind === "cluster") {
        const words = "is cluster, whose backups need a store, which cloud: existing has not";
        issues.add("data.postgres.kind", words, "set inCluster, or remove it; cloud: aws has one");
        return;
    }
    const words = "is managed, which the platform does not do on cloud: existing";
    issues.add("data.postgres.kind", words, "set inCluster, or remove it; cloud: aws and azure have one");
}

/** Adds a machine that the cloud's table does not have. */
export function checkMachine(
    { size }: ManagedPostgres,
    machines: Readonly<Record<string, unknown>>,
    issues: Issues,
): void {
    if (size === undefined || Object.hasOwn(machines, size)) return;
    issues.add(
        "data.postgres.size",
        `is ${size}, which is none of the known machines`,
        `choose one of ${Object.keys(machines).join(", ")}`,
    );
}
