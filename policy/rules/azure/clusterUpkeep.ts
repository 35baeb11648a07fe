import { controls } from "../../controls";
import { absent, undecided, type Value } from "../../reading/value";
import type { Context, Report, ResourceRule } from "../../rule";
import { sampleOf } from "../../samples";
import { cluster } from "./cluster.samples";
import { clusterKind } from "./pools";
import { reportUnlessOneOf } from "./readings";

/**
 * Oldest minor version that AKS still supports: of 1.36, which the platform uses, two before.
 *
 * @see https://learn.microsoft.com/azure/aks/supported-kubernetes-versions
 */
const oldestSupported = "1.34";

export const clusterUpkeep: ResourceRule = {
    id: "AZ-09",
    title: "AKS is kept up to date, in a version and a tier that Azure supports",
    severity: "medium",
    level: "mandatory",
    scope: "resource",
    kinds: [clusterKind],
    controls: controls({ soc2: ["CC7.1", "A1.1"], iso27001: ["8.8"] }),
    why: "Known faults stay open on nodes and API servers that nobody upgrades, and the free tier has no agreed uptime.",
    fix: "set upgradeChannel patch and nodeOSUpgradeChannel NodeImage, a supported kubernetesVersion, and the Standard tier in production",
    link: "https://learn.microsoft.com/azure/aks/auto-upgrade-cluster",
    settings: {
        oldestVersion: {
            type: "string",
            description: "the oldest minor version that AKS supports, such as 1.34",
            pattern: "^1\\.\\d{2}$",
        },
    },
    samples: {
        passing: [
            sampleOf(cluster()),
            sampleOf(cluster({ kubernetesVersion: "1.34.7", sku: { tier: "Premium" } })),
            { kind: "resources", resources: [cluster({ sku: { tier: "Free" } })], environment: "dev" },
        ],
        failing: [
            // The API's own default is none.
            {
                sample: sampleOf(cluster({ autoUpgradeProfile: null })),
                problem: "autoUpgradeProfile.upgradeChannel is not set",
            },
            {
                sample: sampleOf(cluster({ autoUpgradeProfile: { upgradeChannel: "none" } })),
                problem: "autoUpgradeProfile.upgradeChannel is not patch or stable or rapid or node-image",
            },
            {
                sample: sampleOf(cluster({ autoUpgradeProfile: { nodeOSUpgradeChannel: "None" } })),
                problem: "autoUpgradeProfile.nodeOSUpgradeChannel is not NodeImage or SecurityPatch",
            },
            {
                sample: sampleOf(cluster({ kubernetesVersion: "1.33" })),
                problem: "kubernetesVersion is older than 1.34, or no version",
            },
            { sample: sampleOf(cluster({ sku: { tier: "Free" } })), problem: "sku.tier is not Standard or Premium" },
            // The API's own default is Free.
            { sample: sampleOf(cluster({ sku: null })), problem: "sku.tier is not set" },
        ],
    },
    check: ({ object }, report, context) => {
        const channels = object.get("autoUpgradeProfile");
        reportUnlessOneOf(["patch", "stable", "rapid", "node-image"], channels.get("upgradeChannel"), report);
        // Without it AKS has NodeImage. An unmanaged node patches itself, but never restarts for it.
        const nodes = channels.get("nodeOSUpgradeChannel");
        if (nodes.isSet) reportUnlessOneOf(["NodeImage", "SecurityPatch"], nodes, report);
        checkVersion(object.get("kubernetesVersion"), report, context);
        if (context.environment === "production") {
            reportUnlessOneOf(["Standard", "Premium"], object.get("sku", "tier"), report);
        }
    },
};

/** Without a version AKS takes its own default, which it supports. */
function checkVersion(version: Value, report: Report, { settings }: Context): void {
    const read = version.text();
    if (read === absent || read === undecided) return;
    const oldest = typeof settings.oldestVersion === "string" ? settings.oldestVersion : oldestSupported;
    const minor = /^1\.(\d+)(\.\d+)?$/.exec(read)?.[1];
    if (minor !== undefined && Number(minor) >= Number(oldest.split(".")[1])) return;
    report({ path: version.path, problem: `is older than ${oldest}, or no version` });
}
