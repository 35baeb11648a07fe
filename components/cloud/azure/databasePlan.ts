import type { Issues } from "../../foundation/issues";
import { checkMachine } from "../../settings/dataChecks";
import type { Settings } from "../../settings/schema";
import type { Environment } from "../../settings/sizing";
import type { PostgresServerPlan } from "../contract";
import {
    type DatabaseMachineName,
    databaseDisks,
    databaseMachines,
    defaultDatabaseMachines,
    type FlexibleServerMachine,
} from "./databaseMachines";
import type { AzureSettings } from "./settings";

/** Adds what Azure takes of no server. */
export function checkDatabase(section: AzureSettings, { data, environment }: Settings, issues: Issues): void {
    const { postgres } = data;
    if (postgres.kind !== "managed") return;
    checkMachine(postgres, databaseMachines, issues);
    const { size, storageGi, maxStorageGi } = postgres;
    if (maxStorageGi !== undefined) {
        const words = `is ${maxStorageGi}, but on Azure a disk that grows by itself has no bound`;
        issues.add("data.postgres.maxStorageGi", words, "remove it");
    }
    if (!databaseDisks.includes(storageGi)) {
        const words = `is ${storageGi}, which is no size of a disk there`;
        issues.add("data.postgres.storageGi", words, `choose one of ${databaseDisks.join(", ")}`);
    }
    if (!standsBy(section, environment) || size === undefined || !isKnown(size)) return;
    if (databaseMachines[size].tier !== "Burstable") return;
    const fix = `choose one of ${Object.keys(databaseMachines).filter(isSteady).join(", ")}`;
    issues.add("data.postgres.size", `is ${size}, which is burstable and has nobody to stand by in another zone`, fix);
}

const isKnown = (size: string): size is DatabaseMachineName => Object.hasOwn(databaseMachines, size);
const isSteady = (size: string) => isKnown(size) && databaseMachines[size].tier !== "Burstable";

/** Whether a second machine has every change before it counts: in production, where the stack has more zones than one. */
function standsBy({ zones }: Pick<AzureSettings, "zones">, environment: Environment): boolean {
    return environment === "production" && zones.length > 1;
}

/**
 * What the server is told of its work: no call without TLS 1.3, and a record of each change of the schema and of each session, with who it was.
 *
 * @see https://learn.microsoft.com/azure/postgresql/security/security-tls
 * @see https://www.postgresql.org/docs/18/runtime-config-logging.html
 */
export const databaseParameters = {
    require_secure_transport: "on",
    ssl_min_protocol_version: "TLSv1.3",
    log_statement: "ddl",
    log_disconnections: "on",
} as const;

/**
 * What of a server is settled by the stack alone. It takes passwords because the backend knows nothing else, and Entra's tokens beside them.
 * Backups stay in the region's zones: copies in another region under a key of one's own take a second vault there.
 *
 * @see https://learn.microsoft.com/azure/postgresql/security/security-data-encryption (geo-redundant backups)
 */
export function planDatabase(section: AzureSettings, environment: Environment, plan: PostgresServerPlan) {
    const { version, storageGi, backupDays, user } = plan;
    const name = plan.size !== undefined && isKnown(plan.size) ? plan.size : defaultDatabaseMachines[environment];
    const { tier }: FlexibleServerMachine = databaseMachines[name];
    const [zone, other] = section.zones;
    const twoZones = standsBy(section, environment);
    return {
        version,
        sku: { name, tier },
        administratorLogin: user,
        authConfig: { activeDirectoryAuth: "Enabled", passwordAuth: "Enabled", tenantId: section.tenant },
        storage: { storageSizeGB: storageGi, autoGrow: "Enabled" },
        backup: { backupRetentionDays: backupDays, geoRedundantBackup: "Disabled" },
        availabilityZone: zone,
        highAvailability: twoZones ? { mode: "ZoneRedundant", standbyAvailabilityZone: other } : { mode: "Disabled" },
        network: { publicNetworkAccess: "Disabled" },
    };
}
