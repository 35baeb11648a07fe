import { controls } from "../../controls";
import type { ResourceRule } from "../../rule";
import { sampleOf } from "../../samples";
import { reportUnless } from "../podRule";
import { cluster } from "./cluster.samples";
import { clusterKind } from "./pools";
import { inAnyCase, reportUnlessOneOf } from "./readings";

const secretsProvider = (config: Readonly<Record<string, unknown>> | undefined, enabled = true) =>
    cluster({ addonProfiles: { azureKeyvaultSecretsProvider: { enabled, ...(config && { config }) } } });

export const clusterEgress: ResourceRule = {
    id: "AZ-10",
    title: "AKS leaves by one known way, without HTTP routing, and its mounted secrets rotate",
    severity: "high",
    level: "mandatory",
    scope: "resource",
    kinds: [clusterKind],
    controls: controls({ soc2: ["CC6.6"], iso27001: ["8.23"] }),
    why: "Through a load balancer of their own nodes leave past every firewall, and the routing add-on puts a public name on the cluster.",
    fix: "set outboundType userAssignedNATGateway or userDefinedRouting, leave httpApplicationRouting out, and set enableSecretRotation true",
    link: "https://learn.microsoft.com/azure/aks/egress-outboundtype",
    samples: {
        passing: [
            sampleOf(cluster()),
            sampleOf(cluster({ networkProfile: { outboundType: "userDefinedRouting" } })),
            sampleOf(secretsProvider({ enableSecretRotation: "true" })),
            sampleOf(secretsProvider(undefined, false)),
            sampleOf(cluster({ addonProfiles: { httpApplicationRouting: { enabled: false } } })),
        ],
        failing: [
            // The API's own default is loadBalancer.
            { sample: sampleOf(cluster({ networkProfile: null })), problem: "networkProfile.outboundType is not set" },
            {
                sample: sampleOf(cluster({ networkProfile: { outboundType: "loadBalancer" } })),
                problem:
                    "networkProfile.outboundType is not userDefinedRouting or userAssignedNATGateway or managedNATGateway or none",
            },
            {
                sample: sampleOf(cluster({ addonProfiles: { httpApplicationRouting: { enabled: true } } })),
                problem: "addonProfiles.httpApplicationRouting.enabled is true",
            },
            {
                sample: sampleOf(secretsProvider(undefined)),
                problem: "addonProfiles.azureKeyvaultSecretsProvider.config.enableSecretRotation is not set",
            },
            {
                sample: sampleOf(secretsProvider({ enableSecretRotation: "false" })),
                problem: "addonProfiles.azureKeyvaultSecretsProvider.config.enableSecretRotation is not true",
            },
        ],
    },
    check: ({ object }, report) => {
        const ways = ["userDefinedRouting", "userAssignedNATGateway", "managedNATGateway", "none"];
        reportUnlessOneOf(ways, object.get("networkProfile", "outboundType"), report);
        const addons = object.get("addonProfiles");
        const routing = inAnyCase(addons, "httpApplicationRouting").get("enabled");
        if (routing.isSet) reportUnless(false, routing, report);
        // Without the add-on no secret is mounted from a vault, so that none has to rotate.
        const provider = inAnyCase(addons, "azureKeyvaultSecretsProvider");
        if (provider.get("enabled").boolean() !== true) return;
        reportUnlessOneOf(["true"], provider.get("config", "enableSecretRotation"), report);
    },
};
