import type { Case } from "./case";

const gpu = "aws.pools.gpu";

const trail = (account: string) => ({
    bucket: "example-audit-trail",
    key: `arn:aws:kms:eu-central-1:${account}:key/22222222-2222-2222-2222-222222222222`,
});

/** Account, region, zones, ranges, and the way to the API server. */
export const placeOnAws: readonly Case[] = [
    ["an unknown machine type", { [`${gpu}.machine`]: "g5.3xlarge" }, `${gpu}.machine: must be "t3.medium" or`],
    [
        "a machine type that the region does not sell",
        { [`${gpu}.machine`]: "p5.4xlarge" },
        `${gpu}.machine: is p5.4xlarge, which AWS does not sell in eu-central-1`,
    ],
    ["a region with a slip in it", { "aws.region": "eu-centrl-1" }, "aws.region: is eu-centrl-1, which the price list"],
    [
        "a region outside the partition",
        { "aws.region": "cn-north-1" },
        "aws.region: must be a region such as eu-central-1",
    ],
    ["no zones", { "aws.zones": undefined }, "aws.zones: is missing"],
    ["two zones", { "aws.zones": ["eu-central-1a", "eu-central-1b"] }, "aws.zones: must be at least 3 entries long"],
    [
        "a zone of another region",
        { "aws.zones": ["eu-central-1a", "eu-central-1b", "eu-west-1c"] },
        "aws.zones.2: is eu-west-1c, which is no zone of eu-central-1",
    ],
    [
        "a zone named twice",
        { "aws.zones": ["eu-central-1a", "eu-central-1b", "eu-central-1b"] },
        "aws.zones: must not name anything twice",
    ],
    [
        "a network larger than AWS has",
        { "aws.network.cidr": "10.0.0.0/14" },
        "aws.network.cidr: 10.0.0.0/14 is no /16 to /28",
    ],
    [
        "a network of public addresses",
        { "aws.network.cidr": "203.0.0.0/16" },
        "aws.network.cidr: 203.0.0.0/16 is not private",
    ],
    [
        "a range with bits beyond its prefix",
        { "aws.network.cidr": "10.40.0.1/16" },
        "aws.network.cidr: must be an IPv4 range with no bits beyond its prefix",
    ],
    [
        "a network without room for its nodes",
        { "aws.network.cidr": "10.40.0.0/20" },
        "aws.network.cidr: leaves 507 addresses for the nodes of a zone, but with all their pods they may take",
    ],
    [
        "a service range out of bounds",
        { "aws.network.serviceCidr": "10.0.0.0/8" },
        "aws.network.serviceCidr: 10.0.0.0/8 is no /12 to /24",
    ],
    [
        "services that overlap the network",
        { "aws.network.cidr": "10.40.0.0/16", "aws.network.serviceCidr": "10.40.0.0/16" },
        "aws.network.serviceCidr: 10.40.0.0/16 shares 10.40.0.0/16 with aws.network.cidr",
    ],
    [
        "a joined network that overlaps this one",
        { "aws.network.cidr": "10.40.0.0/16", "aws.network.joined": ["10.40.128.0/20"] },
        "aws.network.cidr: 10.40.0.0/16 shares 10.40.128.0/20 with aws.network.joined.0",
    ],
    [
        "a joined network that overlaps the services",
        { "aws.network.joined": ["10.4.0.0/16"] },
        "aws.network.serviceCidr: 10.4.0.0/14 shares 10.4.0.0/16 with aws.network.joined.0",
    ],
    [
        "an API server open to everybody",
        { "aws.apiAccess": { kind: "public", allowedCidrs: ["0.0.0.0/0"] } },
        "aws.apiAccess.allowedCidrs.0: 0.0.0.0/0 lets too many in: in this environment a range has at least /24",
    ],
    [
        "an API server open to a wide range",
        { "aws.apiAccess": { kind: "public", allowedCidrs: ["198.51.100.0/23"] } },
        "198.51.100.0/23 lets too many in",
    ],
    [
        "a public API server without an allow-list",
        { "aws.apiAccess": { kind: "public", allowedCidrs: [] } },
        "aws.apiAccess.allowedCidrs: must be at least 1 entries long",
    ],
    [
        "a private API server that nothing leads to",
        { "aws.apiAccess": { kind: "private" } },
        "aws.apiAccess.via: is missing",
    ],
    [
        "a private API server with an allow-list",
        { "aws.apiAccess": { kind: "private", via: "tunnel", allowedCidrs: ["203.0.113.0/28"] } },
        "aws.apiAccess.allowedCidrs: is no setting",
    ],
    [
        "an archive for a trail that is somebody else's",
        { "aws.trailArchive": trail("111122223333") },
        "aws.trailArchive: is for the account's trail, which this stack leaves to somebody else",
    ],
    [
        "an archive in the account that the records tell of",
        { "aws.accountBaseline": "managed", "aws.trailArchive": trail("123456789012") },
        "aws.trailArchive.key: arn:aws:kms:eu-central-1:123456789012:key/22222222-2222-2222-2222-222222222222 is of the account",
    ],
    ["an archive without a key", { "aws.trailArchive": { bucket: "audit" } }, "aws.trailArchive.key: is missing"],
    [
        "an account of eleven digits",
        { "aws.account": "12345678901" },
        "aws.account: must be the twelve digits of an account",
    ],
];
