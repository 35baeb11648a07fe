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

export const firewallElsewhere = (cloud: string): readonly Case[] => [
    [
        "a firewall that the platform does not make there",
        { "edge.firewall": {} },
        `edge.firewall: is for cloud: aws, and on cloud: ${cloud} the platform makes none yet`,
    ],
];
