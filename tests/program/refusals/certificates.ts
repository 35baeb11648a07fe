import type { Case } from "./case";

const production = { issuer: "letsencryptProd", email: "platform@example.com" } as const;

export const certificatesOnAws: readonly Case[] = [
    ["nobody to issue its certificate", { "edge.certificates": undefined }, "edge.certificates: is missing"],
    [
        "an issuer that there is not",
        { "edge.certificates": { ...production, issuer: "letsencrypt" } },
        'edge.certificates.issuer: must be "selfSigned" or "letsencryptStaging" or "letsencryptProd" or "corporate", got "letsencrypt"',
    ],
    [
        "Let's Encrypt and nobody to tell",
        { "edge.certificates": { issuer: "letsencryptProd" } },
        "edge.certificates.email: is missing\n      fix: give whom Let's Encrypt tells of trouble",
    ],
    [
        "no e-mail address where one belongs",
        { "edge.certificates": { ...production, email: "platform" } },
        'edge.certificates.email: must be an e-mail address, got "platform"',
    ],
    [
        "a lifetime that Let's Encrypt decides",
        { "edge.certificates": { ...production, lifetimeDays: 90 } },
        "edge.certificates.lifetimeDays: is no setting\n      fix: remove it; known here: issuer, email, solver",
    ],
    [
        "a host that nobody can own",
        { "edge.host": "tars.local" },
        "edge.host: is tars.local, for which issuer letsencryptProd cannot issue",
    ],
    [
        "an API host without a domain",
        { "edge.apiHost": "api" },
        "edge.apiHost: is api, for which issuer letsencryptProd cannot issue",
    ],
    [
        "proofs in a zone that it does not keep",
        { "edge.certificates": { ...production, solver: "dns01" } },
        "edge.certificates.solver: is dns01, but the stack keeps no zone of names",
    ],
    [
        "a certificate that no client trusts",
        { "edge.certificates": { issuer: "selfSigned", lifetimeDays: 90 } },
        "edge.certificates.issuer: is selfSigned, whom no client of production trusts",
    ],
    [
        "a company's authority without its key",
        { "edge.certificates": { issuer: "corporate" } },
        "edge.certificates.caSecret: is missing\n      fix: give name of the Secret in namespace cert-manager",
    ],
    [
        "a certificate for a year",
        { "edge.certificates": { issuer: "corporate", caSecret: "corporate-ca", lifetimeDays: 365 } },
        "edge.certificates.lifetimeDays: is 365, and outside dev a certificate lives at most 90 days",
    ],
    [
        "a generation of somebody else's authority",
        { "secrets.certificateGeneration": 2 },
        "secrets.certificateGeneration: is 2, but the authority of issuer letsencryptProd is not the platform's",
    ],
    [
        "an identity for a zone that it does not keep",
        { "aws.identities": { names: { namespace: "a", serviceAccount: "b", permissions: ["dnsZone.prove"] } } },
        "aws.identities.names: may prove names (dnsZone.prove), but the stack keeps no zone of names",
    ],
];

export const certificatesOnAzure: readonly Case[] = [
    [
        "a host outside the zone that proves it",
        { "edge.host": "tars.example.org" },
        "edge.host: is tars.example.org, which is no name of the stack's zone tars.example.com",
    ],
    [
        "a host that only ends like one of the zone",
        { "edge.host": "mytars.example.com" },
        "edge.host: is mytars.example.com, which is no name of the stack's zone tars.example.com",
    ],
    [
        "nobody who may write proofs",
        { "azure.identities.cert-manager": undefined },
        'azure.identities: has nobody who proves names, as edge.certificates.solver dns01 asks for\n      fix: add cert-manager: {"namespace":"cert-manager"',
    ],
    [
        "somebody else who may write proofs",
        { "azure.identities.cert-manager.serviceAccount": "default" },
        "azure.identities: has nobody who proves names",
    ],
];

export const certificatesOnDev: readonly Case[] = [
    [
        "a certificate that is always due",
        { "edge.certificates": { issuer: "selfSigned", lifetimeDays: 30 } },
        "edge.certificates.renewBeforeDays: is 30, but the certificate lives 30 days",
    ],
    [
        "a root that what it signs outlives",
        { "edge.certificates": { issuer: "selfSigned", rootLifetimeDays: 729 } },
        "edge.certificates.rootLifetimeDays: is 729, less than twice the 365 days of what the root signs",
    ],
    [
        "proofs in a zone, which a given cluster has not",
        {
            "edge.host": "tars.example.com",
            "edge.apiHost": "api.tars.example.com",
            "edge.certificates": { ...production, solver: "dns01" },
        },
        "edge.certificates.solver: is dns01, but the stack keeps no zone of names",
    ],
];
