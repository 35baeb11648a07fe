import { controls } from "../../controls";
import type { ResourceRule } from "../../rule";
import { sampleOf } from "../../samples";
import { reportUnless } from "../podRule";
import { cluster } from "./cluster.samples";
import { clusterKind } from "./pools";

export const clusterLogin: ResourceRule = {
    id: "AZ-02",
    title: "People come into AKS through Entra and Azure's roles only",
    severity: "critical",
    level: "mandatory",
    scope: "resource",
    kinds: [clusterKind],
    controls: controls({ soc2: ["CC6.1", "CC6.2"], iso27001: ["5.16", "8.5"], cisAks: ["5.5.1", "5.2.2"] }),
    why: "A local account is a certificate for cluster-admin that no directory can take back and no log tells apart.",
    fix: "set disableLocalAccounts true, and in aadProfile managed and enableAzureRBAC true",
    link: "https://learn.microsoft.com/azure/aks/manage-local-accounts-managed-azure-ad",
    samples: {
        passing: [sampleOf(cluster()), sampleOf(cluster({ enableRBAC: null }))],
        failing: [
            { sample: sampleOf(cluster({ disableLocalAccounts: false })), problem: "disableLocalAccounts is false" },
            { sample: sampleOf(cluster({ disableLocalAccounts: null })), problem: "disableLocalAccounts is not set" },
            { sample: sampleOf(cluster({ aadProfile: null })), problem: "aadProfile.managed is not set" },
            { sample: sampleOf(cluster({ aadProfile: { managed: false } })), problem: "aadProfile.managed is false" },
            {
                sample: sampleOf(cluster({ aadProfile: { enableAzureRBAC: false } })),
                problem: "aadProfile.enableAzureRBAC is false",
            },
            { sample: sampleOf(cluster({ enableRBAC: false })), problem: "enableRBAC is false" },
        ],
    },
    check: ({ object }, report) => {
        reportUnless(true, object.get("disableLocalAccounts"), report);
        reportUnless(true, object.get("aadProfile", "managed"), report);
        reportUnless(true, object.get("aadProfile", "enableAzureRBAC"), report);
        // Azure's roles, asked for above, are not to be had without it: what is not set cannot be off.
        const roles = object.get("enableRBAC");
        if (roles.isSet) reportUnless(true, roles, report);
    },
};
