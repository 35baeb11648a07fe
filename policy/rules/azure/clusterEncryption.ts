import { controls } from "../../controls";
import type { ResourceRule } from "../../rule";
import { sampleOf } from "../../samples";
import { reportUnless } from "../podRule";
import { cluster, clusterWithPool, pool } from "./cluster.samples";
import { clusterKind, poolKind, poolsOf } from "./pools";
import { reportUnlessOneOf, reportUnlessSet } from "./readings";

export const clusterEncryption: ResourceRule = {
    id: "AZ-05",
    title: "AKS encrypts Secrets, disks and hosts, with keys of its owner",
    severity: "high",
    level: "mandatory",
    scope: "resource",
    kinds: [clusterKind, poolKind],
    controls: controls({ soc2: ["CC6.7"], iso27001: ["8.24"], cisAks: ["5.3.1"] }),
    why: "Without a key of its own the owner can neither withdraw nor prove who could read Secrets and disks.",
    fix: "enable azureKeyVaultKms with keyVaultNetworkAccess Private, name a diskEncryptionSetID, and set enableEncryptionAtHost true",
    link: "https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption",
    samples: {
        passing: [sampleOf(cluster()), sampleOf(pool())],
        failing: [
            {
                sample: sampleOf(cluster({ securityProfile: { azureKeyVaultKms: null } })),
                problem: "securityProfile.azureKeyVaultKms.enabled is not set",
            },
            {
                sample: sampleOf(cluster({ securityProfile: { azureKeyVaultKms: { enabled: false } } })),
                problem: "securityProfile.azureKeyVaultKms.enabled is false",
            },
            // The API's own default is Public.
            {
                sample: sampleOf(cluster({ securityProfile: { azureKeyVaultKms: { keyVaultNetworkAccess: null } } })),
                problem: "securityProfile.azureKeyVaultKms.keyVaultNetworkAccess is not set",
            },
            {
                sample: sampleOf(
                    cluster({ securityProfile: { azureKeyVaultKms: { keyVaultNetworkAccess: "Public" } } }),
                ),
                problem: "securityProfile.azureKeyVaultKms.keyVaultNetworkAccess is not Private",
            },
            { sample: sampleOf(cluster({ diskEncryptionSetID: null })), problem: "diskEncryptionSetID is not set" },
            {
                sample: sampleOf(clusterWithPool({ enableEncryptionAtHost: false })),
                problem: "agentPoolProfiles[0].enableEncryptionAtHost is false",
            },
            {
                sample: sampleOf(pool({ enableEncryptionAtHost: null })),
                problem: "enableEncryptionAtHost is not set",
            },
        ],
    },
    check: (subject, report) => {
        for (const pool of poolsOf(subject)) reportUnless(true, pool.get("enableEncryptionAtHost"), report);
        if (subject.kind.kind === "AgentPool") return;
        const kms = subject.object.get("securityProfile", "azureKeyVaultKms");
        reportUnless(true, kms.get("enabled"), report);
        reportUnlessOneOf(["Private"], kms.get("keyVaultNetworkAccess"), report);
        reportUnlessSet(subject.object.get("diskEncryptionSetID"), report);
    },
};
