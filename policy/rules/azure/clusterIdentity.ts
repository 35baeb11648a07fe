import { controls } from "../../controls";
import { absent, undecided, type Value } from "../../reading/value";
import type { Report, ResourceRule } from "../../rule";
import { sampleOf } from "../../samples";
import { reportUnless } from "../podRule";
import { cluster } from "./cluster.samples";
import { clusterKind } from "./pools";
import { reportUnlessOneOf } from "./readings";

/** What Azure itself writes in the place of a client id where there is no service principal. */
const none = "msi";

export const clusterIdentity: ResourceRule = {
    id: "AZ-04",
    title: "AKS and its pods have identities without passwords",
    severity: "high",
    level: "mandatory",
    scope: "resource",
    kinds: [clusterKind],
    controls: controls({ soc2: ["CC6.1"], iso27001: ["5.16", "8.5"], cisAks: ["5.2.1"] }),
    why: "A service principal has a password that leaks and expires; without workload identity pods keep passwords of their own.",
    fix: "set identity.type UserAssigned without servicePrincipalProfile, and enable oidcIssuerProfile and workloadIdentity",
    link: "https://learn.microsoft.com/azure/aks/workload-identity-overview",
    samples: {
        passing: [
            sampleOf(cluster()),
            sampleOf(cluster({ identity: { type: "SystemAssigned" }, servicePrincipalProfile: { clientId: "msi" } })),
        ],
        failing: [
            { sample: sampleOf(cluster({ oidcIssuerProfile: null })), problem: "oidcIssuerProfile.enabled is not set" },
            {
                sample: sampleOf(cluster({ oidcIssuerProfile: { enabled: false } })),
                problem: "oidcIssuerProfile.enabled is false",
            },
            {
                sample: sampleOf(cluster({ securityProfile: { workloadIdentity: { enabled: false } } })),
                problem: "securityProfile.workloadIdentity.enabled is false",
            },
            { sample: sampleOf(cluster({ identity: null })), problem: "identity.type is not set" },
            {
                sample: sampleOf(cluster({ identity: { type: "None" } })),
                problem: "identity.type is not UserAssigned or SystemAssigned",
            },
            {
                sample: sampleOf(cluster({ servicePrincipalProfile: { clientId: "sample" } })),
                problem: "servicePrincipalProfile.clientId is a service principal, which has a password",
            },
        ],
    },
    check: ({ object }, report) => {
        reportUnless(true, object.get("oidcIssuerProfile", "enabled"), report);
        reportUnless(true, object.get("securityProfile", "workloadIdentity", "enabled"), report);
        reportUnlessOneOf(["UserAssigned", "SystemAssigned"], object.get("identity", "type"), report);
        checkPrincipal(object.get("servicePrincipalProfile", "clientId"), report);
    },
};

function checkPrincipal(clientId: Value, report: Report): void {
    const read = clientId.text();
    if (read === absent || read === undecided || read === none) return;
    report({ path: clientId.path, problem: "is a service principal, which has a password" });
}
