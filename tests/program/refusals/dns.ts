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
