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
