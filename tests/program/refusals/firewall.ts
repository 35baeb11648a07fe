import { certificateId } from "../firewallStack";
import type { Case } from "./case";

const zone = { "aws.dnsZone": "tars.example.com", "edge.firewall": {} } as const;
const proven = { issuer: "letsencryptProd", solver: "dns01", email: "platform@example.com" } as const;

/** A firewall that could not stand. */
export const firewallOnAws: readonly Case[] = [
    [
        "a firewall and no zone",
        { "edge.firewall": {} },
        "edge.firewall: has its names and the proof of its certificate in the stack's zone, but the stack keeps none\n      fix: set aws.dnsZone",
    ],
    [
        "a firewall before what only its own networks reach",
        { ...zone, "edge.certificates": proven, "edge.exposure": "internal" },
        "edge.firewall: is for callers from the Internet, but edge.exposure is internal",
    ],
    [
        "a firewall, and proofs that it would keep from the gateway",
        zone,
        "edge.certificates.solver: is http01, but edge.firewall answers plain HTTP before the gateway could give the proof",
    ],
    [
        "a firewall, and a host outside of its zone",
        {
            ...zone,
            "edge.certificates": { issuer: "corporate", caSecret: "company" },
            "edge.apiHost": "api.example.org",
        },
        "edge.apiHost: is api.example.org, which is no name of the stack's zone tars.example.com: the certificate of edge.firewall cannot be proven",
    ],
    [
        "a firewall before another gateway",
        { ...zone, "edge.certificates": proven, "edge.controller": "nginx" },
        "edge.controller: is nginx, but edge.firewall calls the gateway of Istio",
    ],
    [
        "a firewall, and somebody who writes records that it writes itself",
        {
            ...zone,
            "edge.certificates": proven,
            "aws.identities": {
                names: { namespace: "external-dns", serviceAccount: "external-dns", permissions: ["dnsZone.write"] },
            },
        },
        "aws.identities.names: is for ExternalDNS, which a stack with edge.firewall does not have: it writes those records itself\n      fix: remove the identity",
    ],
    [
        "a firewall that neither blocks nor counts",
        { ...zone, "edge.firewall": { action: "allow" } },
        'edge.firewall.action: must be "block" or "count", got "allow"',
    ],
    [
        "a rule that nobody could call so",
        { ...zone, "edge.firewall": { counted: ["Cross Site"] } },
        "edge.firewall.counted.0: must be the name of one of the vendor's rules",
    ],
];

const behind = { "edge.firewall": {}, "azure.firewall": { certificate: certificateId } } as const;
const corporate = { issuer: "corporate", caSecret: "company" } as const;
const staging = { ...proven, issuer: "letsencryptStaging" } as const;
const root = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t";

/** Why each does not stand, and what to do. */
export const firewallOnAzure: readonly Case[] = [
    [
        "a firewall and no certificate",
        { "edge.firewall": {} },
        "azure.firewall: is missing: edge.firewall shows callers a certificate that its owner keeps in a vault\n      fix: set certificate to the id of its secret",
    ],
    [
        "a certificate and no firewall",
        { "azure.firewall": { certificate: certificateId } },
        "azure.firewall: is set, but edge.firewall is not\n      fix: set edge.firewall: {}",
    ],
    [
        "a certificate by its address",
        { ...behind, "azure.firewall": { certificate: "https://company-edge.vault.azure.net/secrets/tars" } },
        "azure.firewall.certificate: must be the id of a secret in a vault, without a version",
    ],
    [
        "one version of a certificate",
        { ...behind, "azure.firewall": { certificate: `${certificateId}/0123456789abcdef` } },
        "azure.firewall.certificate: must be the id of a secret in a vault, without a version",
    ],
    [
        "a certificate of another subscription",
        {
            ...behind,
            "azure.firewall": { certificate: certificateId.replace(/0000-0/, "0000-1") },
        },
        "azure.firewall.certificate: is in subscription 00000000-1000-0000-0000-000000000000, and an application gateway reads from vaults of its own only",
    ],
    [
        "a firewall before what only its own networks reach",
        { ...behind, "edge.exposure": "internal" },
        "edge.firewall: is for callers from the Internet, but edge.exposure is internal",
    ],
    [
        "a firewall, and proofs that it would keep from the gateway",
        { ...behind, "edge.certificates": { issuer: "letsencryptProd", email: "platform@example.com" } },
        "edge.certificates.solver: is http01, but edge.firewall answers plain HTTP before the gateway could give the proof",
    ],
    [
        "a firewall before another gateway",
        { ...behind, "edge.controller": "nginx" },
        "edge.controller: is nginx, but edge.firewall calls the gateway of Istio",
    ],
    [
        "a firewall, and somebody who writes records that it writes itself",
        behind,
        "azure.identities.external-dns: is for ExternalDNS, which a stack with edge.firewall does not have",
    ],
    [
        "a gateway whose root nobody gave to the firewall",
        { ...behind, "edge.certificates": corporate },
        "azure.firewall.trustedRoots: is missing: edge.firewall does not believe a gateway whose certificate is of issuer corporate",
    ],
    [
        "a gateway with a certificate for trials, and no root of it",
        { ...behind, "edge.certificates": staging },
        "azure.firewall.trustedRoots: is missing: edge.firewall does not believe a gateway whose certificate is of issuer letsencryptStaging",
    ],
    [
        "a gateway whom everybody trusts, and roots that would be trusted alone",
        { ...behind, "azure.firewall": { certificate: certificateId, trustedRoots: [root] } },
        "azure.firewall.trustedRoots: is set, but everybody trusts the root of issuer letsencryptProd",
    ],
    [
        "a gateway whose root is made in the cluster",
        { ...behind, environment: "staging", "edge.certificates": { issuer: "selfSigned", lifetimeDays: 90 } },
        "edge.certificates.issuer: is selfSigned, whose root is made in the cluster: edge.firewall would have to know it before",
    ],
    [
        "a root that is no certificate",
        { ...behind, "azure.firewall": { certificate: certificateId, trustedRoots: ["MIIB"] } },
        "azure.firewall.trustedRoots.0: must be a certificate in PEM, once more in base64",
    ],
    [
        "more instances at least than at most",
        { ...behind, "azure.firewall": { certificate: certificateId, instances: { min: 20 } } },
        "azure.firewall.instances.max: is 10, but there are 20 instances at least",
    ],
    [
        "more instances than Azure makes",
        { ...behind, "azure.firewall": { certificate: certificateId, instances: { max: 126 } } },
        "azure.firewall.instances.max: must be",
    ],
    [
        "a rule by a name that AWS has",
        { ...behind, "edge.firewall": { counted: ["CrossSiteScripting_BODY"] } },
        "edge.firewall.counted.0: is CrossSiteScripting_BODY, which is no rule of Microsoft_DefaultRuleSet 2.1\n      fix: give a rule's number, such as 942100",
    ],
    [
        "a firewall, and a host outside of the stack's zone",
        {
            ...behind,
            "azure.firewall": { certificate: certificateId, trustedRoots: [root] },
            "edge.certificates": corporate,
            "edge.otherHosts": ["www.example.org"],
        },
        "edge.otherHosts.0: is www.example.org, which is no name of the stack's zone tars.example.com: no record can lead it to edge.firewall",
    ],
];

export const firewallElsewhere = (cloud: string): readonly Case[] => [
    [
        "a firewall that the platform does not make there",
        { "edge.firewall": {} },
        `edge.firewall: is for cloud: aws and azure, and on cloud: ${cloud} the platform makes none`,
    ],
];
