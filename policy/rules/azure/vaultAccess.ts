import { controls } from "../../controls";
import type { Value } from "../../reading/value";
import type { Subject } from "../../resources/subject";
import type { Context, Report, ResourceRule } from "../../rule";
import { cloudResource, merge, sampleOf } from "../../samples";
import { entriesOf, listSetting } from "../listSetting";
import { reportUnless } from "../podRule";
import { reportUnlessOneOf } from "./readings";

const vaultKind = "azure-native:keyvault/Vault";
const keyKind = "azure-native:keyvault/Key";
const secretKind = "azure-native:keyvault/Secret";
const policyKind = "azure-native:keyvault/AccessPolicy";

const compliantVault = {
    vaultName: "sample",
    properties: {
        enablePurgeProtection: true,
        enableRbacAuthorization: true,
        enableSoftDelete: true,
        publicNetworkAccess: "Disabled",
    },
} as const;

const vault = (properties: Readonly<Record<string, unknown>> = {}) =>
    cloudResource("azure-native:keyvault:Vault", merge(compliantVault, { properties }));
const key = (properties: Readonly<Record<string, unknown>>, keyName = "sample") =>
    cloudResource("azure-native:keyvault:Key", { keyName, properties });
const secret = (properties: Readonly<Record<string, unknown>>) =>
    cloudResource("azure-native:keyvault:Secret", { secretName: "sample", properties });

/**
 * Keys that must not expire: with an expired key the API server can write no Secret, and AKS names one version of its key, which only a
 * person replaces (docs/azure.md).
 */
const own = [{ key: "cluster", reason: "AKS names one version of this key, and without it writes no Secret" }] as const;

export const vaultAccess: ResourceRule = {
    id: "AZ-12",
    title: "Key vaults keep what is deleted, are private and go by roles; keys and secrets expire",
    severity: "critical",
    level: "mandatory",
    scope: "resource",
    kinds: [vaultKind, keyKind, secretKind, policyKind],
    controls: controls({ soc2: ["CC6.1"], iso27001: ["8.24", "5.17"], cisAks: ["5.3.1"] }),
    why: "A purged key makes everything that it encrypted unreadable for ever, and one that never expires is never replaced.",
    fix: "set enablePurgeProtection, enableSoftDelete and enableRbacAuthorization true and publicNetworkAccess Disabled; give secrets an expiry and keys a rotation policy",
    link: "https://learn.microsoft.com/azure/key-vault/general/best-practices",
    settings: {
        lastingKeys: listSetting({
            description: "Keys that may do without an expiry; without it, those of the platform",
            entry: { key: { type: "string", minLength: 1, description: "name of the key, or its last word" } },
            reason: "Why it must not expire",
        }),
    },
    samples: {
        passing: [
            sampleOf(vault()),
            sampleOf(vault({ enableSoftDelete: null })),
            sampleOf(key({ attributes: { expires: 1_800_000_000 } })),
            sampleOf(key({ rotationPolicy: { attributes: { expiryTime: "P2Y" } } })),
            sampleOf(key({}, "sample-cluster")),
            sampleOf(secret({ attributes: { expires: 1_800_000_000 } })),
        ],
        failing: [
            {
                sample: sampleOf(vault({ enablePurgeProtection: null })),
                problem: "properties.enablePurgeProtection is not set",
            },
            { sample: sampleOf(vault({ enableSoftDelete: false })), problem: "properties.enableSoftDelete is false" },
            {
                sample: sampleOf(vault({ enableRbacAuthorization: false })),
                problem: "properties.enableRbacAuthorization is false",
            },
            {
                sample: sampleOf(cloudResource("azure-native:keyvault:AccessPolicy", { vaultName: "sample" })),
                problem: "is an access policy where a role belongs",
            },
            // The API's own default is enabled.
            {
                sample: sampleOf(vault({ publicNetworkAccess: null })),
                problem: "properties.publicNetworkAccess is not set",
            },
            {
                sample: sampleOf(vault({ publicNetworkAccess: "Enabled" })),
                problem: "properties.publicNetworkAccess is not Disabled",
            },
            { sample: sampleOf(key({})), problem: "has no expiry" },
            {
                sample: sampleOf(key({ rotationPolicy: { lifetimeActions: [{ action: { type: "notify" } }] } })),
                problem: "has no expiry",
            },
            { sample: sampleOf(key({}, "cluster-old")), problem: "has no expiry" },
            { sample: sampleOf(secret({ attributes: { enabled: true } })), problem: "has no expiry" },
        ],
    },
    check: (subject, report, context) => {
        const { object, kind } = subject;
        if (kind.kind === "Vault") checkVault(object.get("properties"), report);
        else if (kind.kind === "AccessPolicy")
            report({ path: "policy", problem: "is an access policy where a role belongs" });
        else checkExpiry(subject, report, context);
    },
};

function checkVault(properties: Value, report: Report): void {
    reportUnless(true, properties.get("enablePurgeProtection"), report);
    reportUnless(true, properties.get("enableRbacAuthorization"), report);
    // On by default, and once on it stays.
    const softDelete = properties.get("enableSoftDelete");
    if (softDelete.isSet) reportUnless(true, softDelete, report);
    reportUnlessOneOf(["Disabled"], properties.get("publicNetworkAccess"), report);
}

function checkExpiry({ object, kind }: Subject, report: Report, { settings }: Context): void {
    const properties = object.get("properties");
    if (properties.get("attributes", "expires").isSet) {
        properties.get("attributes", "expires").number();
        return;
    }
    const rotation = properties.get("rotationPolicy", "attributes", "expiryTime");
    if (kind.kind === "Key" && rotation.isSet) {
        rotation.text();
        return;
    }
    if (kind.kind === "Key" && isLasting(object.get("keyName"), settings.lastingKeys)) return;
    report({ path: "properties.attributes.expires", problem: "has no expiry" });
}

/** Asked for only once a key has no expiry. */
function isLasting(name: Value, setting: unknown): boolean {
    const read = name.text();
    return entriesOf(setting ?? own)
        .map((entry) => entry.get("key").text())
        .some(
            (key) => typeof key === "string" && typeof read === "string" && (read === key || read.endsWith(`-${key}`)),
        );
}
