import { controls } from "../../controls";
import type { ResourceRule } from "../../rule";
import { sampleOf } from "../../samples";
import { cluster } from "./cluster.samples";
import { clusterKind } from "./pools";
import { reportUnlessOneOf } from "./readings";

export const clusterNetwork: ResourceRule = {
    id: "AZ-03",
    title: "AKS enforces network policies with Azure's network plugin",
    severity: "high",
    level: "mandatory",
    scope: "resource",
    kinds: [clusterKind],
    controls: controls({ soc2: ["CC6.6"], iso27001: ["8.22"], cisAks: ["5.4.4", "4.4.1"] }),
    why: "Without an engine NetworkPolicies are accepted and ignored: every default-deny of the cluster is a word only.",
    fix: "set networkPlugin azure, and networkDataplane and networkPolicy cilium",
    link: "https://learn.microsoft.com/azure/aks/use-network-policies",
    samples: {
        passing: [
            sampleOf(cluster()),
            sampleOf(cluster({ networkProfile: { networkDataplane: "azure", networkPolicy: "calico" } })),
        ],
        failing: [
            { sample: sampleOf(cluster({ networkProfile: null })), problem: "networkProfile.networkPolicy is not set" },
            {
                sample: sampleOf(cluster({ networkProfile: { networkPolicy: "none" } })),
                problem: "networkProfile.networkPolicy is not cilium or calico or azure",
            },
            {
                sample: sampleOf(cluster({ networkProfile: { networkDataplane: null } })),
                problem: "networkProfile.networkDataplane is not set",
            },
            {
                sample: sampleOf(cluster({ networkProfile: { networkPlugin: "kubenet" } })),
                problem: "networkProfile.networkPlugin is not azure",
            },
            // The API's own default is kubenet.
            {
                sample: sampleOf(cluster({ networkProfile: { networkPlugin: null } })),
                problem: "networkProfile.networkPlugin is not set",
            },
        ],
    },
    check: ({ object }, report) => {
        const network = object.get("networkProfile");
        reportUnlessOneOf(["azure"], network.get("networkPlugin"), report);
        reportUnlessOneOf(["cilium", "azure"], network.get("networkDataplane"), report);
        reportUnlessOneOf(["cilium", "calico", "azure"], network.get("networkPolicy"), report);
    },
};
