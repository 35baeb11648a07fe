import type { Case } from "./case";

export const namesOnAws: readonly Case[] = [
    [
        "an identity that writes records of a zone that it does not keep",
        { "aws.identities.names": { namespace: "a", serviceAccount: "b", permissions: ["dnsZone.write"] } },
        "aws.identities.names: may write records (dnsZone.write), but the stack keeps no zone of names\n      fix: set aws.dnsZone",
    ],
    [
        "a zone and nobody who writes its records",
        { "aws.dnsZone": "aws.tars.example.com" },
        "aws.identities: gives external-dns/external-dns no dnsZone.write, and so nobody writes the hosts' records into aws.tars.example.com\n      fix: add external-dns: { namespace: external-dns, serviceAccount: external-dns, permissions: [dnsZone.write] }, or set edge.dns.records to manual",
    ],
    [
        "records that nobody is known to write",
        { "edge.dns": { records: "automatic" } },
        'edge.dns.records: must be "managed" or "manual", got "automatic"',
    ],
];

const zone = { "aws.dnsZone": "tars.example.com" };
const writer = { namespace: "external-dns", serviceAccount: "external-dns", permissions: ["dnsZone.write"] };
const primary = { role: "primary", name: "eu.tars.example.com" };

export const pairsOnAws: readonly Case[] = [
    [
        "a pair of stacks and no zone for its records",
        { "edge.failover": primary },
        "edge.failover: is set, but the stack has no zone of names\n      fix: set aws.dnsZone",
    ],
    [
        "a pair whose hosts only one of the stacks could prove",
        { ...zone, "aws.identities.external-dns": writer, "edge.failover": primary },
        "edge.certificates.solver: is http01, by which only the stack that is asked at the moment could prove the hosts",
    ],
    [
        "a pair whose health nobody can check",
        { ...zone, "edge.failover": primary, "edge.exposure": "internal" },
        "edge.exposure: is internal, but whoever checks the health of eu.tars.example.com comes from the Internet",
    ],
    [
        "a pair whose records nobody writes",
        { ...zone, "edge.failover": primary, "edge.dns": { records: "manual" } },
        "edge.dns.records: is manual, so that nobody writes the health-checked records",
    ],
    [
        "a pair whose routes nobody marks",
        { ...zone, "edge.failover": primary, "edge.controller": "nginx" },
        "edge.controller: is nginx, whose routes are not written as one of a pair",
    ],
    [
        "a pair behind a firewall",
        { ...zone, "edge.failover": primary, "edge.firewall": {} },
        "edge.firewall: is set, and the records of its load balancer are not written as one of a pair",
    ],
    [
        "a secondary with a zone of its own",
        { ...zone, "edge.failover": { ...primary, role: "secondary" } },
        "edge.failover.role: is secondary, but the stack would make a zone tars.example.com of its own, which does not have the primary's records\n      fix: set aws.dnsZoneId",
    ],
    [
        "a name of its own that is outside of the zone",
        { ...zone, "edge.failover": { ...primary, name: "eu.example.org" } },
        "edge.failover.name: is eu.example.org, which is no name of the stack's zone tars.example.com",
    ],
    [
        "a name of its own that both stacks answer for",
        { ...zone, "edge.failover": { ...primary, name: "aws.tars.example.com" } },
        'edge.failover.name: is "aws.tars.example.com", which edge.host is already',
    ],
    [
        "the id of a zone without its name",
        { "aws.dnsZoneId": "Z0123456789ABC" },
        "aws.dnsZoneId: is Z0123456789ABC, but no zone is named",
    ],
];

export const pairsElsewhere: readonly Case[] = [
    [
        "a pair of stacks, which its cloud writes no records for",
        { "edge.failover": primary },
        "edge.failover: is set, but health-checked records are written into Route 53 alone (cloud: aws)\n      fix: remove it, and have",
    ],
];

export const namesOnAzure: readonly Case[] = [
    [
        "a host that no record can be written for",
        { "edge.otherHosts": ["www.example.org"] },
        "edge.otherHosts.0: is www.example.org, which is no name of the stack's zone tars.example.com (azure.dnsZone): no record can be written for it\n      fix: name a host of tars.example.com, or list it in edge.dns.elsewhere",
    ],
    [
        "a host of its zone whose record somebody else writes",
        { "edge.dns": { elsewhere: ["api.tars.example.com"] } },
        "edge.dns.elsewhere.0: is api.tars.example.com, a name of the stack's zone tars.example.com, where ExternalDNS writes its record",
    ],
    [
        "a host elsewhere that it does not answer for",
        { "edge.dns": { elsewhere: ["www.example.org"] } },
        "edge.dns.elsewhere.0: is www.example.org, which is no host of the platform",
    ],
    [
        "records that somebody else may write",
        { "azure.identities.external-dns.namespace": "default" },
        "azure.identities: gives external-dns/external-dns no dnsZone.write",
    ],
];
