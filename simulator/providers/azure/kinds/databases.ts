import type { CloudKind, CloudView, Subject } from "../../cloud/kind";
import { mapAt, numberAt, textAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import type { InputIssue } from "../../protocol";
import { armKind } from "../arm";
import { refuses, replaces, updates } from "../changes";
import { names } from "../names";
import { apiSources, pages, pluginSources } from "../sources";
import { tokens } from "../tokens";
import { keyIssues } from "./encryption";

const serverPath =
    "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.DBforPostgreSQL/flexibleServers/{serverName}";
const apiVersion = "2025-08-01";

const server = armKind({
    path: serverPath,
    apiVersion,
    name: names.databaseServer,
    required: ["sku"],
    references: [
        { path: "network.delegatedSubnetResourceId", to: [tokens.subnet] },
        { path: "network.privateDnsZoneArmResourceId", to: [tokens.privateZone] },
    ],
    changes: [
        replaces(
            pluginSources.mutability,
            ...["location", "administratorLogin", "availabilityZone", "backup.geoRedundantBackup"],
            ...["sourceServerResourceId", "pointInTimeUTC"],
        ),
        // What the body of a PATCH of a server may hold (`ServerForPatch`).
        updates(
            apiSources.postgres,
            ...["administratorLoginPassword", "authConfig", "backup", "dataEncryption", "highAvailability"],
            ...["identity", "maintenanceWindow", "network", "sku", "storage", "tags", "version"],
        ),
        refuses(pages.databaseEncryption, "dataEncryption.type"),
        refuses(pages.databaseNetwork, "network.delegatedSubnetResourceId"),
    ],
    computed: ["fullyQualifiedDomainName", "minorVersion", "state"],
    outputs: ({ inputs }, before) => ({
        fullyQualifiedDomainName: `${String(inputs.serverName)}.postgres.database.azure.com`,
        minorVersion: before.minorVersion ?? "1",
        state: "Ready",
    }),
    check: (inputs) => checks.flatMap((check) => check(inputs)),
    judge: (subject) => [
        ...takenIssues(subject),
        ...encryptionIssues(subject),
        ...subnetIssues(subject.inputs, subject.cloud),
        ...shrinkIssues(subject),
    ],
});

type Check = (inputs: Properties) => InputIssue[];

const issue = (property: string, reason: string): InputIssue[] => [{ property, reason }];

/** @see https://learn.microsoft.com/azure/postgresql/compute-storage/concepts-storage-premium-ssd */
const disks: readonly number[] = [32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16_384, 32_768];

const checks: readonly Check[] = [
    (inputs) => {
        const version = textAt(inputs, "version") ?? "18";
        return /^1[1-8]$/.test(version) ? [] : issue("version", `must be 11 to 18, got ${version}`);
    },
    (inputs) => {
        const size = numberAt(inputs, "storage.storageSizeGB") ?? 32;
        const isDisk = disks.includes(size) || textAt(inputs, "storage.type") === "PremiumV2_LRS";
        return isDisk ? [] : issue("storage.storageSizeGB", `must be one of ${disks.join(", ")}, got ${size}`);
    },
    (inputs) => {
        const days = numberAt(inputs, "backup.backupRetentionDays") ?? 7;
        return days >= 7 && days <= 35 ? [] : issue("backup.backupRetentionDays", `must be 7 to 35, got ${days}`);
    },
    (inputs) => {
        const prefix = { Burstable: "B", GeneralPurpose: "D", MemoryOptimized: "E" }[textAt(inputs, "sku.tier") ?? ""];
        const name = textAt(inputs, "sku.name") ?? "";
        if (prefix === undefined) return issue("sku.tier", "must be Burstable, GeneralPurpose or MemoryOptimized");
        return name.startsWith(`Standard_${prefix}`) ? [] : issue("sku.name", `${name} is of another tier`);
    },
    (inputs) => {
        const mode = textAt(inputs, "highAvailability.mode") ?? "Disabled";
        if (mode === "Disabled") return [];
        if (textAt(inputs, "sku.tier") === "Burstable")
            return issue("highAvailability", "is not for burstable servers");
        const same = textAt(inputs, "availabilityZone") === textAt(inputs, "highAvailability.standbyAvailabilityZone");
        const clash = mode === "ZoneRedundant" && same && "availabilityZone" in inputs;
        return clash ? issue("highAvailability.standbyAvailabilityZone", "must be another zone than the server's") : [];
    },
    (inputs) => {
        const login = textAt(inputs, "administratorLogin");
        const reserved = /^(azure_superuser|azure_pg_admin|admin|administrator|root|guest|public|pg_.*)$/;
        return login !== undefined && reserved.test(login) ? issue("administratorLogin", `${login} is reserved`) : [];
    },
    (inputs) => {
        const isOn = (textAt(inputs, "authConfig.passwordAuth") ?? "Enabled") === "Enabled";
        return isOn && !("administratorLogin" in inputs)
            ? issue("administratorLogin", "is required where passwords are taken")
            : [];
    },
];

function takenIssues({ id, inputs, cloud }: Subject): InputIssue[] {
    if (id !== undefined) return [];
    const other = cloud.find([tokens.databaseServer], "name", textAt(inputs, "serverName") ?? "");
    return other === undefined ? [] : issue("serverName", `AlreadyInUse: ${other.id}`);
}

/** The key is read by an identity that is one of the server's own. */
function encryptionIssues({ inputs, cloud }: Subject): InputIssue[] {
    if (textAt(inputs, "dataEncryption.type") !== "AzureKeyVault") return [];
    const reader = textAt(inputs, "dataEncryption.primaryUserAssignedIdentityId") ?? "";
    const own = Object.keys(mapAt(inputs, "identity.userAssignedIdentities"));
    return [
        ...own
            .filter((id) => cloud.get(tokens.identity, id) === undefined)
            .flatMap((id) => issue("identity", `names an identity that does not exist: ${id}`)),
        ...(own.includes(reader)
            ? []
            : issue("dataEncryption", `names ${reader}, which is none of the server's identities`)),
        ...keyIssues(cloud, "dataEncryption.primaryKeyURI", textAt(inputs, "dataEncryption.primaryKeyURI"), reader),
    ];
}

/** A server that stands in a subnet itself wants that subnet for its kind alone, and a zone for its name. */
function subnetIssues(inputs: Properties, cloud: CloudView): InputIssue[] {
    const id = textAt(inputs, "network.delegatedSubnetResourceId");
    if (id === undefined) return [];
    const delegated = textAt(cloud.get(tokens.subnet, id)?.outputs, "delegations.serviceName");
    const property = "network.delegatedSubnetResourceId";
    return [
        ...(delegated === "Microsoft.DBforPostgreSQL/flexibleServers"
            ? []
            : issue(property, "must be delegated to Microsoft.DBforPostgreSQL/flexibleServers")),
        ...(textAt(inputs, "network.privateDnsZoneArmResourceId") === undefined
            ? issue("network.privateDnsZoneArmResourceId", "is required beside a subnet")
            : []),
    ];
}

/** @see https://learn.microsoft.com/azure/postgresql/scale/concepts-scaling-resources */
function shrinkIssues({ inputs, before }: Subject): InputIssue[] {
    const [size, old] = [inputs, before].map((of) => numberAt(of, "storage.storageSizeGB") ?? 0);
    const [version, earlier] = [inputs, before].map((of) => Number(textAt(of, "version") ?? 0));
    return [
        ...((size ?? 0) < (old ?? 0)
            ? issue("storage.storageSizeGB", `cannot become smaller than ${old}, got ${size}`)
            : []),
        ...((version ?? 0) < (earlier ?? 0) ? issue("version", `cannot go back from ${earlier} to ${version}`) : []),
    ];
}

const database = armKind({
    path: `${serverPath}/databases/{databaseName}`,
    apiVersion,
    name: names.database,
    changes: [replaces(pluginSources.mutability, "charset", "collation")],
});

/** Those that the platform sets, with the words that each takes. */
const parameters: Readonly<Record<string, RegExp>> = {
    require_secure_transport: /^(on|off)$/,
    ssl_min_protocol_version: /^TLSv1\.[23]$/,
    log_statement: /^(none|ddl|mod|all)$/,
    log_disconnections: /^(on|off)$/,
};

/** A parameter is always there: making one changes it, and taking it away gives it its default back. */
const configuration = armKind({
    path: `${serverPath}/configurations/{configurationName}`,
    apiVersion,
    required: ["value"],
    changes: [updates(apiSources.postgresParameters, "value", "source")],
    computed: ["dataType", "defaultValue"],
    outputs: () => ({ dataType: "String", defaultValue: "" }),
    check: (inputs) => {
        const [name = "", value = ""] = ["configurationName", "value"].map((property) => textAt(inputs, property));
        if (!("configurationName" in inputs)) return [];
        const form = parameters[name];
        if (form === undefined) return issue("configurationName", `the simulated server has no parameter ${name}`);
        return !("value" in inputs) || form.test(value) ? [] : issue("value", `of ${name} must not be ${value}`);
    },
});

export const databaseKinds: Readonly<Record<string, CloudKind>> = {
    [tokens.databaseServer]: server,
    [tokens.database]: database,
    [tokens.databaseConfiguration]: configuration,
};
