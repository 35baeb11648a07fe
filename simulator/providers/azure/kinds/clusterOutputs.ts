import type { Subject } from "../../cloud/kind";
import { isObject, isTrue, mapAt, textAt, textsAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import { exampleId, guidFrom } from "../ids";
import { regionOf } from "../regions";
import { pages } from "../sources";
import { tokens } from "../tokens";

/** Outputs of a cluster that Azure makes. */
export const clusterOutputs = [
    ...[
        "fqdn",
        "privateFQDN",
        "azurePortalFQDN",
        "oidcIssuerProfile",
        "identity",
        "identityProfile",
        "nodeResourceGroup",
    ],
    ...[
        "currentKubernetesVersion",
        "provisioningState",
        "powerState",
        "maxAgentPools",
        "resourceUID",
        "eTag",
        "controlPlane",
    ],
];

export function outputsOf(subject: Subject, before: Properties): Properties {
    const { inputs, unique } = subject;
    refuseReversal(inputs, before);
    const region = regionOf(textAt(inputs, "location") ?? "");
    const digits = textAt(before, "resourceUID")?.slice(0, 8) ?? unique.slice(0, 8);
    const prefix = `${textAt(inputs, "dnsPrefix") ?? textAt(inputs, "fqdnSubdomain") ?? ""}-${digits}`;
    const issuer = guidFrom(unique, 5);
    return {
        fqdn: textAt(before, "fqdn") ?? `${prefix}.hcp.${region}.azmk8s.io`,
        azurePortalFQDN: textAt(before, "azurePortalFQDN") ?? `${prefix}.portal.hcp.${region}.azmk8s.io`,
        ...(isTrue(inputs, "apiServerAccessProfile.enablePrivateCluster")
            ? { privateFQDN: `${prefix}.${zoneOf(inputs, region)}` }
            : {}),
        oidcIssuerProfile: {
            ...mapAt(inputs, "oidcIssuerProfile"),
            issuerURL:
                textAt(before, "oidcIssuerProfile.issuerURL") ??
                `https://${region}.oic.prod-aks.azure.com/${exampleId}/${issuer}/`,
        },
        identity: identityOf(subject, before),
        identityProfile:
            mapAt(inputs, "identityProfile").kubeletidentity === undefined
                ? nodesOwn(subject, before)
                : mapAt(inputs, "identityProfile"),
        nodeResourceGroup:
            textAt(inputs, "nodeResourceGroup") ??
            `MC_${textAt(inputs, "resourceGroupName")}_${textAt(inputs, "resourceName")}_${region}`,
        currentKubernetesVersion:
            textAt(inputs, "kubernetesVersion") ?? textAt(before, "currentKubernetesVersion") ?? "",
        provisioningState: "Succeeded",
        powerState: { code: "Running" },
        maxAgentPools: 100,
        resourceUID: textAt(before, "resourceUID") ?? unique.slice(0, 24),
        eTag: guidFrom(unique, 11),
        ...(isObject(before.controlPlane) ? { controlPlane: before.controlPlane } : {}),
    };
}

/** What AKS cannot take back, or turn round where the API server is not in the network. */
function refuseReversal(inputs: Properties, before: Properties): void {
    if (before.fqdn === undefined) return;
    const integrated = isTrue(before, at("enableVnetIntegration"));
    const turned = isTrue(before, at("enablePrivateCluster")) !== isTrue(inputs, at("enablePrivateCluster"));
    if (turned && !integrated)
        throw new Error(
            `apiServerAccessProfile.enablePrivateCluster changes in place only with enableVnetIntegration (${pages.apiServerSubnet})`,
        );
    if (integrated && !isTrue(inputs, at("enableVnetIntegration")))
        throw new Error(`apiServerAccessProfile.enableVnetIntegration cannot be taken back (${pages.apiServerSubnet})`);
    const zone = textAt(before, at("privateDNSZone"));
    if (zone !== undefined && !turned && zone !== textAt(inputs, at("privateDNSZone")))
        throw new Error(
            `apiServerAccessProfile.privateDNSZone cannot change while it is in use (${pages.privateClusters})`,
        );
    // https://learn.microsoft.com/azure/aks/use-oidc-issuer: "After you enable the OIDC issuer on the cluster, disabling it is not supported."
    if (isTrue(before, "oidcIssuerProfile.enabled") && !isTrue(inputs, "oidcIssuerProfile.enabled"))
        throw new Error(
            "oidcIssuerProfile.enabled cannot be taken back (https://learn.microsoft.com/azure/aks/use-oidc-issuer)",
        );
}

/** The zone that a private API server has its name in. */
function zoneOf(inputs: Properties, region: string): string {
    const zone = textAt(inputs, at("privateDNSZone"));
    const kind = isTrue(inputs, at("enableVnetIntegration")) ? "private" : "privatelink";
    return zone?.includes("/") ? (zone.split("/").at(-1) ?? "") : `${kind}.${region}.azmk8s.io`;
}

function identityOf({ inputs, unique, cloud }: Subject, before: Properties): Properties {
    const given = mapAt(inputs, "identity");
    const shown = textsAt(inputs, "identity.userAssignedIdentities").map((id) => {
        const { clientId = "", principalId = "" } = cloud.get(tokens.identity, id)?.outputs ?? {};
        return [id, { clientId, principalId }] as const;
    });
    if (shown.length > 0) return { ...given, userAssignedIdentities: Object.fromEntries(shown) };
    return {
        ...given,
        principalId: textAt(before, "identity.principalId") ?? guidFrom(unique, 13),
        tenantId: exampleId,
    };
}

/** The identity that AKS makes for nodes where the program brings none. */
function nodesOwn({ unique }: Subject, before: Properties): Properties {
    const kept = mapAt(before, "identityProfile");
    const made = { clientId: guidFrom(unique, 15), objectId: guidFrom(unique, 17), resourceId: "" };
    return { kubeletidentity: kept.kubeletidentity ?? made };
}

const at = (name: string): string => `apiServerAccessProfile.${name}`;
