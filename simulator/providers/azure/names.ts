import type { Rule } from "../cloud/kind";

/**
 * What Azure takes as names.
 *
 * @see
 * https://github.com/MicrosoftDocs/azure-docs/blob/0010dc26241bb4932e606b2add027c294bb110ae/articles/azure-resource-manager/management/resource-name-rules.md
 */
export const names = {
    group: rule(
        /^[\p{L}\p{N}_().-]{0,89}[\p{L}\p{N}_()-]$/u,
        "1-90 letters, digits, _ ( ) - . and no period at the end",
    ),
    network: rule(
        /^[A-Za-z0-9][\w.-]{0,78}\w$|^[A-Za-z0-9]$/,
        "1-80 letters, digits, _ . -, beginning with a letter or digit and ending with one or _",
    ),
    virtualNetwork: rule(
        /^[A-Za-z0-9][\w.-]{0,62}\w$/,
        "2-64 letters, digits, _ . -, beginning with a letter or digit and ending with one or _",
    ),
    zone: rule(
        /^(?=.{1,63}$)[\w-]+(\.[\w-]+){1,33}$/,
        "2-34 labels of letters, digits, _ and - joined by periods, at most 63 characters",
    ),
    record: rule(
        /^(@|(\*|[\w-]+)(\.[\w-]+)*)$/,
        "@, or labels of letters, digits, _ and - joined by periods, the first of which may be *",
    ),
    trafficProfile: rule(
        /^[A-Za-z0-9]([A-Za-z0-9.-]{0,61}[A-Za-z0-9])?$/,
        "1-63 letters, digits, hyphens and periods, beginning and ending with a letter or digit",
    ),
    cluster: rule(
        /^[A-Za-z0-9]([\w-]{0,61}[A-Za-z0-9])?$/,
        "1-63 letters, digits, _ -, beginning and ending with a letter or digit",
    ),
    registry: rule(/^[A-Za-z0-9]{5,50}$/, "5-50 letters and digits"),
    registryPart: rule(/^[\w-]{5,50}$/, "5-50 letters, digits, - and _"),
    vault: rule(
        /^(?!.*--)[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]$/,
        "3-24 letters, digits and single hyphens, beginning with a letter and ending with a letter or digit",
    ),
    key: rule(/^[A-Za-z0-9-]{1,127}$/, "1-127 letters, digits and hyphens"),
    storageAccount: rule(/^[a-z0-9]{3,24}$/, "3-24 lower-case letters and digits"),
    container: rule(
        /^(?!.*--)[a-z0-9][a-z0-9-]{2,62}$/,
        "3-63 lower-case letters, digits and single hyphens, beginning with a letter or digit",
    ),
    default: rule(/^default$/, "default"),
    identity: rule(/^[A-Za-z0-9][\w-]{2,127}$/, "3-128 letters, digits, - and _, beginning with a letter or digit"),
    lock: rule(/^[\w.()-]{0,89}[\w()-]$/, "1-90 letters, digits, . _ - ( ) and no period at the end"),
    policyAssignment: rule(/^[^%]{0,259}[^%. ]$/, "1-260 characters without % and with no period or space at the end"),
    workspace: rule(
        /^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$/,
        "4-63 letters, digits and hyphens, beginning and ending with a letter or digit",
    ),
    disks: rule(/^\w{1,80}$|^[\w-]{1,80}$/, "1-80 letters, digits, _ and -"),
    databaseServer: rule(
        /^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/,
        "3-63 lower-case letters, digits and single hyphens, with none of those at its ends",
    ),
    database: rule(/^[A-Za-z_][\w-]{0,62}$/, "1-63 letters, digits, _ and -, beginning with a letter or _"),
    eventNamespace: rule(
        /^[A-Za-z][A-Za-z0-9-]{4,48}[A-Za-z0-9]$/,
        "6-50 letters, digits and hyphens, beginning with a letter and ending with a letter or digit",
    ),
    eventHub: rule(
        /^[A-Za-z0-9]([\w.-]{0,254}[A-Za-z0-9])?$/,
        "1-256 letters, digits, . _ -, beginning and ending with a letter or digit",
    ),
    guid: rule(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, "a GUID"),
} as const satisfies Record<string, Rule>;

/**
 * Names of Linux node pools.
 *
 * @see https://learn.microsoft.com/azure/aks/create-node-pools#limitations
 */
export const poolName = rule(/^[a-z][a-z0-9]{0,11}$/, "1-12 lower-case letters and digits, beginning with a letter");

function rule(form: RegExp, says: string): Rule {
    return { form, says };
}
