import { controls } from "../../controls";
import type { ResourceRule } from "../../rule";
import { sampleOf } from "../../samples";
import { reportUnless } from "../podRule";
import { cluster } from "./cluster.samples";
import { clusterKind } from "./pools";
import { inAnyCase } from "./readings";

/**
 * What the cluster itself shows: its sensor, its cleaner, its add-on. The subscription's plan that they report to is the account's
 * baseline, which another stack may keep.
 */
export const clusterDefence: ResourceRule = {
    id: "AZ-06",
    title: "AKS runs Defender's sensor, the image cleaner and the Azure Policy add-on",
    severity: "high",
    level: "mandatory",
    scope: "resource",
    kinds: [clusterKind],
    controls: controls({ soc2: ["CC7.1"], iso27001: ["8.8", "8.16"], cisAks: ["5.1.1"] }),
    why: "An attack that nobody sees goes on, and images with known faults stay on nodes where they can be started again.",
    fix: "enable securityProfile.defender.securityMonitoring, securityProfile.imageCleaner and addonProfiles.azurepolicy",
    link: "https://learn.microsoft.com/azure/aks/image-cleaner",
    samples: {
        passing: [
            sampleOf(cluster()),
            sampleOf(cluster({ addonProfiles: { azurepolicy: null, azurePolicy: { enabled: true } } })),
        ],
        failing: [
            {
                sample: sampleOf(cluster({ securityProfile: { defender: null } })),
                problem: "securityProfile.defender.securityMonitoring.enabled is not set",
            },
            {
                sample: sampleOf(
                    cluster({ securityProfile: { defender: { securityMonitoring: { enabled: false } } } }),
                ),
                problem: "securityProfile.defender.securityMonitoring.enabled is false",
            },
            {
                sample: sampleOf(cluster({ securityProfile: { imageCleaner: { enabled: false } } })),
                problem: "securityProfile.imageCleaner.enabled is false",
            },
            {
                sample: sampleOf(cluster({ addonProfiles: { azurepolicy: { enabled: false } } })),
                problem: "addonProfiles.azurepolicy.enabled is false",
            },
            {
                sample: sampleOf(cluster({ addonProfiles: null })),
                problem: "addonProfiles.azurepolicy.enabled is not set",
            },
        ],
    },
    check: ({ object }, report) => {
        const security = object.get("securityProfile");
        reportUnless(true, security.get("defender", "securityMonitoring", "enabled"), report);
        reportUnless(true, security.get("imageCleaner", "enabled"), report);
        reportUnless(true, inAnyCase(object.get("addonProfiles"), "azurepolicy").get("enabled"), report);
    },
};
