import { type Raw, settingsOf } from "./stack";

/** The issuer that a firewall goes with: its proofs are records of the stack's zone. */
const certificates = { issuer: "letsencryptProd", solver: "dns01", email: "platform@example.com" };
const prover = { namespace: "cert-manager", serviceAccount: "cert-manager", permissions: ["dnsZone.prove"] };

/**
 * Settings of production on AWS behind a firewall, beside those of its stack file.
 *
 * @param edge what else the edge has
 */
export function behindFirewall(edge: Raw = {}): Raw {
    const { aws, edge: own } = settingsOf("prod-aws");
    const { identities } = Object(aws);
    return {
        edge: { ...Object(own), certificates, firewall: {}, ...edge },
        aws: { ...Object(aws), dnsZone: "tars.example.com", identities: { ...identities, "cert-manager": prover } },
    };
}

/** Where the owner keeps the certificate that callers are shown. */
export const certificateId =
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/certificates/providers/Microsoft.KeyVault/vaults/company-edge/secrets/tars";

/**
 * Settings of production on Azure behind a firewall, beside those of its stack file. Nobody is there whom the identity of ExternalDNS is for.
 *
 * @param edge what else the edge has
 * @param firewall what else the firewall takes
 */
export function behindAzureFirewall(edge: Raw = {}, firewall: Raw = {}): Raw {
    const { azure, edge: own } = settingsOf("prod-azure");
    const { "external-dns": _, ...identities } = Object(Object(azure).identities);
    return {
        edge: { ...Object(own), firewall: {}, ...edge },
        azure: { ...Object(azure), identities, firewall: { certificate: certificateId, ...firewall } },
    };
}
