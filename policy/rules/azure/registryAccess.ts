import { controls } from "../../controls";
import type { Value } from "../../reading/value";
import { absent, undecided } from "../../reading/value";
import type { Context, Report, ResourceRule } from "../../rule";
import { cloudResource, merge, sampleOf } from "../../samples";
import { reportUnless } from "../podRule";
import { isOneOf, reportUnlessOneOf } from "./readings";

const compliant = {
    registryName: "sample",
    sku: { name: "Premium" },
    adminUserEnabled: false,
    anonymousPullEnabled: false,
    publicNetworkAccess: "Disabled",
    zoneRedundancy: "Enabled",
    encryption: { status: "enabled" },
    policies: {
        retentionPolicy: { status: "enabled", days: 7 },
        exportPolicy: { status: "disabled" },
        quarantinePolicy: { status: "enabled" },
    },
} as const;

/** A registry that no rule objects to, with a change; null takes a property away. */
const registry = (change: Readonly<Record<string, unknown>> = {}) =>
    cloudResource("azure-native:containerregistry:Registry", merge(compliant, change));

export const registryAccess: ResourceRule = {
    id: "AZ-11",
    title: "The image registry is private, keyless, redundant and encrypted with its owner's key",
    severity: "high",
    level: "mandatory",
    scope: "resource",
    kinds: ["azure-native:containerregistry/Registry"],
    controls: controls({
        soc2: ["CC6.1", "CC6.8"],
        iso27001: ["5.21", "8.24"],
        cisAks: ["5.1.1", "5.1.2", "5.1.3", "5.1.4"],
    }),
    why: "Whoever writes to the registry runs code in the cluster, and whoever reads it has the platform's programs.",
    fix: "take the Premium tier with zoneRedundancy, encryption by a key of your own, publicNetworkAccess Disabled, no admin user, no anonymous pull, no export, and a retention policy",
    link: "https://learn.microsoft.com/azure/container-registry/container-registry-best-practices",
    settings: {
        quarantine: {
            type: "boolean",
            description:
                "True to demand quarantine, where a scanner releases what it found good. Without it quarantine is only advised, because Defender scans and releases nothing: images would wait for ever",
        },
    },
    samples: {
        passing: [sampleOf(registry()), sampleOf(registry({ adminUserEnabled: null, anonymousPullEnabled: null }))],
        failing: [
            { sample: sampleOf(registry({ adminUserEnabled: true })), problem: "adminUserEnabled is true" },
            { sample: sampleOf(registry({ anonymousPullEnabled: true })), problem: "anonymousPullEnabled is true" },
            // The API's own default is Enabled.
            { sample: sampleOf(registry({ publicNetworkAccess: null })), problem: "publicNetworkAccess is not set" },
            {
                sample: sampleOf(registry({ publicNetworkAccess: "Enabled" })),
                problem: "publicNetworkAccess is not Disabled",
            },
            { sample: sampleOf(registry({ sku: { name: "Standard" } })), problem: "sku.name is not Premium" },
            { sample: sampleOf(registry({ zoneRedundancy: null })), problem: "zoneRedundancy is not set" },
            { sample: sampleOf(registry({ encryption: null })), problem: "encryption.status is not set" },
            {
                sample: sampleOf(registry({ encryption: { status: "disabled" } })),
                problem: "encryption.status is not enabled",
            },
            // The API's own default is enabled.
            {
                sample: sampleOf(registry({ policies: { exportPolicy: null } })),
                problem: "policies.exportPolicy.status is not set",
            },
            {
                sample: sampleOf(registry({ policies: { retentionPolicy: { status: "disabled" } } })),
                problem: "policies.retentionPolicy.status is not enabled",
            },
            { sample: sampleOf(registry({ policies: null })), problem: "policies.retentionPolicy.status is not set" },
            {
                sample: sampleOf(registry({ policies: { quarantinePolicy: { status: "disabled" } } })),
                problem: "policies.quarantinePolicy.status is not enabled",
            },
        ],
    },
    check: ({ object }, report, context) => {
        for (const key of ["adminUserEnabled", "anonymousPullEnabled"]) {
            // Both are off unless they are asked for.
            if (object.get(key).isSet) reportUnless(false, object.get(key), report);
        }
        reportUnlessOneOf(["Disabled"], object.get("publicNetworkAccess"), report);
        reportUnlessOneOf(["Premium"], object.get("sku", "name"), report);
        reportUnlessOneOf(["Enabled"], object.get("zoneRedundancy"), report);
        reportUnlessOneOf(["enabled"], object.get("encryption", "status"), report);
        const policies = object.get("policies");
        reportUnlessOneOf(["disabled"], policies.get("exportPolicy", "status"), report);
        reportUnlessOneOf(["enabled"], policies.get("retentionPolicy", "status"), report);
        checkQuarantine(policies.get("quarantinePolicy", "status"), report, context);
    },
};

function checkQuarantine(status: Value, report: Report, { settings }: Context): void {
    const read = status.text();
    if (read === undecided || isOneOf(["enabled"], read)) return;
    report({
        path: status.path,
        problem: read === absent ? "is not set" : "is not enabled",
        fix: "enable it where a scanner releases images; Defender scans them without holding them back",
        advisory: settings.quarantine !== true,
    });
}
