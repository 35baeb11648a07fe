import { mostNodes, planNetwork, planPools } from "../../components/cloud/aws/plan";
import { awsSettings } from "../../components/cloud/aws/settings";
import { cidr, contains, overlap } from "../../components/foundation/cidr";
import { parsed, refusal, settingsOf, settingsWith } from "./stack";

const production = (key: string, value: unknown) => settingsWith("prod-aws", key, value);

/** One spoilt value a row of production: where, what, and the words that tell a person what is wrong. */
const refused: readonly [key: string, value: unknown, words: string][] = [
    ["aws", undefined, "aws: is missing\n      fix: give the AWS account"],
    ["aws.account", 123_456_789_012, "aws.account: must be text, got 123456789012"],
    ["aws.account", "1234", "aws.account: must be the twelve digits of an account"],
    ["aws.region", "us-gov-west-1", "aws.region: must be a region such as eu-central-1, in neither China nor GovCloud"],
    ["aws.zones", ["eu-central-1a", "eu-central-1b"], "aws.zones: must be at least 3 entries long"],
    ["aws.zones", ["eu-central-1a", "eu-central-1a", "eu-central-1b"], "aws.zones: must not name anything twice"],
    ["aws.zones", ["eu-central-1a", "eu-west-1b", "eu-central-1c"], "aws.zones.1: is eu-west-1b, which is no zone of"],
    ["aws.name", "tars-production-of-the-group", "aws.name: must be at most 20 characters long"],
    ["aws.network.cidr", "10.20.0.1/16", "aws.network.cidr: must be an IPv4 range with no bits beyond its prefix"],
    ["aws.network.cidr", "10.20.0.0/14", "aws.network.cidr: 10.20.0.0/14 is no /16 to /28"],
    ["aws.network.cidr", "20.20.0.0/16", "aws.network.cidr: 20.20.0.0/16 is not private"],
    [
        "aws.network.cidr",
        "10.20.0.0/18",
        "aws.network.cidr: leaves 2043 addresses for the nodes of a zone, but with all their pods",
    ],
    [
        "aws.network.cidr",
        "10.4.0.0/16",
        "aws.network.serviceCidr: 10.4.0.0/14 shares 10.4.0.0/16 with aws.network.cidr",
    ],
    ["aws.network.serviceCidr", "10.64.0.0/11", "aws.network.serviceCidr: 10.64.0.0/11 is no /12 to /24"],
    ["aws.network.serviceCidr", "100.64.0.0/16", "aws.network.serviceCidr: 100.64.0.0/16 is not private"],
    [
        "aws.network.joined",
        ["10.40.128.0/20"],
        "aws.network.cidr: 10.40.0.0/16 shares 10.40.128.0/20 with aws.network.joined.0",
    ],
    ["aws.network.joined", ["10.5.0.0/16"], "aws.network.serviceCidr: 10.4.0.0/14 shares 10.5.0.0/16 with"],
    ["aws.network.natGateways", "none", 'aws.network.natGateways: must be "perZone" or "single", got "none"'],
    [
        "aws.apiAccess",
        { kind: "public", allowedCidrs: ["0.0.0.0/0"] },
        "aws.apiAccess.allowedCidrs.0: 0.0.0.0/0 lets too many in",
    ],
    [
        "aws.apiAccess",
        { kind: "public", allowedCidrs: ["203.0.112.0/23"] },
        "in this environment a range has at least /24",
    ],
    [
        "aws.apiAccess",
        { kind: "public", allowedCidrs: [] },
        "aws.apiAccess.allowedCidrs: must be at least 1 entries long",
    ],
    ["aws.kubernetesVersion", "1.36.3", 'aws.kubernetesVersion: must be "1.36", got "1.36.3"'],
    ["aws.addons", { coreDns: "latest" }, "aws.addons.coreDns: must be a version of EKS, such as v1.14.3-eksbuild.3"],
    ["aws.pools.general", { machine: "m6i.16xlarge" }, "aws.pools.general.machine: must be"],
    ["aws.pools.general", { nodes: { min: 13 } }, "aws.pools.general.nodes: min is 13 and max is 12"],
    ["aws.pools.compute", { nodes: { initial: 11 } }, "aws.pools.compute.nodes.initial: is 11, outside 2 to 10"],
    ["aws.pools.general", { machine: "t3.medium" }, "sizes.chromadb: one pod requests 2 cpu, 8Gi"],
    ["aws.pools.gpu", { machine: "m6i.2xlarge" }, "aws.pools.gpu.machine: m6i.2xlarge has no GPU"],
    [
        "aws.pools.gpu",
        { machine: "p4d.24xlarge", sharing: { kind: "mig", profile: "1g.10gb" } },
        "aws.pools.gpu.sharing.profile: 1g.10gb is no slice of the GPU of p4d.24xlarge (A100)",
    ],
    [
        "aws.coreQuota",
        { standard: 576, gpu: 16, spot: 256 },
        "aws.coreQuota.gpu: is 16, but the pools at their maximum with the nodes of an upgrade take 32: gpu 4 x 8",
    ],
    [
        "aws.coreQuota",
        { standard: 400, gpu: 64, spot: 256 },
        "take 552: system 12 x 4 + general 18 x 16 + compute 16 x 8 + memory 11 x 8",
    ],
    ["aws.administrators", ["platform-admin"], "aws.administrators.0: must be the ARN of a role or user"],
    [
        "aws.identities",
        { reader: { namespace: "a", serviceAccount: "b", permissions: ["admin"] } },
        "aws.identities.reader.permissions.0",
    ],
    [
        "aws.identities",
        { ["r".repeat(60)]: { namespace: "a", serviceAccount: "b", permissions: ["registry.pull"] } },
        "as a role's name must be letters",
    ],
    ["aws.repositories", ["Tars"], "aws.repositories.0: must be a repository name in lower case"],
    ["aws.chartRepositories", ["a/../b"], "aws.chartRepositories.0: must be a repository name in lower case"],
    ["aws.chartRepositories", ["istiod", "istiod"], "aws.chartRepositories"],
    ["aws.logRetentionDays", 90, "aws.logRetentionDays: must be at least 365, got 90"],
    ["aws.logRetentionDays", 500, "aws.logRetentionDays: must be one of 365, 400, 545"],
    ["aws.auditArchive", "arn:aws:s3:::records", "aws.auditArchive: must be the ARN of a CloudWatch Logs destination"],
    ["aws.accountBaseline", "owned", 'aws.accountBaseline: must be "managed" or "external"'],
];

test.each(refused)("production with %s = %j is refused", (key, value, words) => {
    expect(refusal(production(key, value))).toContain(words);
});

test("everything that is wrong is told at once", () => {
    const raw = production("aws.network.cidr", "20.20.0.0/17");
    const told = refusal({ ...raw, aws: { ...Object(raw.aws), zones: ["x", "y", "z"], logRetentionDays: 400 } });
    expect(told).toContain("Pulumi.dev.yaml has 5 problems");
    expect(told.match(/aws\.zones\.\d: is/g)).toHaveLength(3);
    expect(told).toContain("aws.network.cidr: 20.20.0.0/17 is not private");
});

test("an upgrade makes a pool larger by two nodes a zone or by what is replaced at a time, but a GPU pool by none", () => {
    const most = (raw: object) =>
        Object.fromEntries(planPools(awsSettings.parse(raw)).map((pool) => [pool.role, mostNodes(pool)]));
    const aws = Object(settingsOf("prod-aws").aws);
    expect(most(aws)).toEqual({ system: 12, general: 18, compute: 16, memory: 11, gpu: 4, spot: 16 });
    const large = { ...aws.pools, general: { nodes: { min: 6, max: 30, initial: 6 } } };
    expect(most({ ...aws, pools: large }).general).toBe(30 + 10);
});

test("a wider allow-list will do outside production", () => {
    const access = { kind: "public", allowedCidrs: ["203.0.0.0/16"] };
    expect(() => parsed(settingsWith("staging", "aws.apiAccess", access))).not.toThrow();
});

describe("the network plan of production", () => {
    const section = awsSettings.parse(settingsOf("prod-aws").aws);
    const subnets = (zones: readonly string[]) => {
        const planned = planNetwork({ ...section, zones: [...zones] });
        if (!planned.fits) throw new Error("does not fit");
        return planned.subnets;
    };

    test("is inside the VPC and disjoint", () => {
        const ranges = subnets(section.zones).map((subnet) => cidr(subnet.cidr));
        for (const [index, range] of ranges.entries()) {
            expect(contains(cidr(section.network.cidr), range)).toBe(true);
            expect(ranges.slice(0, index).some((other) => overlap(range, other))).toBe(false);
        }
    });

    test("stays where it is when a pool goes", () => {
        const { gpu, spot, ...pools } = section.pools;
        const planned = planNetwork({ ...section, pools });
        expect(planned.fits && planned.subnets).toEqual(subnets(section.zones));
    });

    test("stays where it is when a fourth zone is added", () => {
        expect(subnets([...section.zones, "eu-central-1d"])).toEqual(
            expect.arrayContaining([...subnets(section.zones)]),
        );
    });

    test("holds every node of a lost zone's neighbours with all its pods and prefixes: 16 addresses each", () => {
        const nodes = planPools(section).reduce(
            (sum, { nodes: { max }, zones }) => sum + Math.ceil(max / (zones - 1)),
            0,
        );
        const nodeSubnet = subnets(section.zones).find(({ name }) => name === "nodes");
        const prefix = Number(nodeSubnet?.cidr.split("/")[1]);
        const prefixesOf110 = 7 + 1;
        expect(2 ** (32 - prefix) - 5).toBeGreaterThanOrEqual(nodes * prefixesOf110 * 16);
    });
});
