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

const anothers = (rest: string) => ({
    "azure.dnsZoneId": `/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/${rest}`,
});
/** A zone in which the hosts of the stack file are names like any other. */
const above = { "azure.dnsZone": "example.com" };

export const pairsOnAzure: readonly Case[] = [
    [
        "a pair of stacks and no zone for its records",
        { "azure.dnsZone": undefined, "edge.failover": primary },
        "edge.failover: is set, but the stack has no zone of names\n      fix: set azure.dnsZone",
    ],
    [
        "a pair whose host is the zone's own name",
        { "edge.failover": primary },
        "edge.host: is tars.example.com, the zone's own name: an alias there leads to Traffic Manager only where its endpoints are addresses, and those of a pair are names\n      fix: name a host below it, such as www.tars.example.com, or set azure.dnsZone to the zone above (https://learn.microsoft.com/azure/dns/dns-alias)",
    ],
    [
        "a pair whose further host is the zone's own name",
        { ...above, "edge.failover": primary, "edge.otherHosts": ["www.example.com", "example.com"] },
        "edge.otherHosts.1: is example.com, the zone's own name",
    ],
    [
        "a pair whose health nobody can check",
        { ...above, "edge.failover": primary, "edge.exposure": "internal" },
        "edge.exposure: is internal, but whoever checks the health of eu.tars.example.com comes from the Internet",
    ],
    [
        "a pair whose hosts only one of the stacks could prove",
        { ...above, "edge.failover": primary, "edge.certificates.solver": "http01" },
        "edge.certificates.solver: is http01, by which only the stack that is asked at the moment could prove the hosts",
    ],
    [
        "a pair whose own names nobody writes",
        { ...above, "edge.failover": primary, "edge.dns": { records: "manual" } },
        "edge.dns.records: is manual, so that nobody writes the health-checked records",
    ],
    [
        "a pair whose routes nobody marks",
        { ...above, "edge.failover": primary, "edge.controller": "nginx" },
        "edge.controller: is nginx, whose routes are not written as one of a pair",
    ],
    [
        "a secondary with a zone of its own",
        { ...above, "edge.failover": { ...primary, role: "secondary" } },
        "edge.failover.role: is secondary, but the stack would make a zone example.com of its own, which does not have the primary's records\n      fix: set azure.dnsZoneId",
    ],
    [
        "a name of its own that is outside of the zone",
        { "edge.failover": { ...primary, name: "eu.example.org" } },
        "edge.failover.name: is eu.example.org, which is no name of the stack's zone tars.example.com",
    ],
    [
        "the id of something else as that of a zone",
        anothers("other/providers/Microsoft.Network/privateDnsZones/tars.example.com"),
        "azure.dnsZoneId: must be the id of a DNS zone",
    ],
    [
        "the id of a zone without its name",
        { "azure.dnsZone": undefined, ...anothers("other/providers/Microsoft.Network/dnszones/tars.example.com") },
        "but no zone is named\n      fix: set azure.dnsZone to the name of the zone",
    ],
    [
        "the id of another zone than the one that is named",
        anothers("other/providers/Microsoft.Network/dnszones/example.com"),
        "azure.dnsZoneId: is the id of example.com, but the stack's zone is tars.example.com (azure.dnsZone)",
    ],
    [
        "a zone of another subscription",
        {
            "azure.dnsZoneId":
                "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/other/providers/Microsoft.Network/dnszones/tars.example.com",
        },
        "azure.dnsZoneId: is in subscription 11111111-1111-1111-1111-111111111111, but everything of the stack is in 00000000-0000-0000-0000-000000000000\n      fix: keep both stacks in one subscription",
    ],
    [
        "a zone of another stack in what it calls its own resource group",
        anothers("Tars-Production/providers/Microsoft.Network/dnsZones/tars.example.com"),
        "azure.dnsZoneId: is in resource group Tars-Production, which is what this stack calls its own\n      fix: remove it where this stack makes the zone, or give this stack an azure.name of its own",
    ],
];

export const pairsElsewhere: readonly Case[] = [
    [
        "a pair of stacks, whose names are kept where nobody checks their health",
        { "edge.failover": primary },
        "edge.failover: is set, but nobody checks the health of a stack whose names are kept elsewhere (cloud: aws or azure)\n      fix: remove it, and have",
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
