import {
    account,
    attach,
    inFreshAccounts,
    make,
    role,
    statement,
    subnet,
    subnetA,
    token,
    trust,
    vpcId,
} from "./awsGround";

/** What the simulated AWS account refuses of networks, rights and stores; awsClusterRefusals.test.ts has clusters and nodes. */

inFreshAccounts();

test.each<[what: string, attempt: () => Promise<unknown>, reason: string]>([
    ["a VPC that is too wide", () => make(token("ec2", "Vpc"), { cidrBlock: "10.0.0.0/8" }), "must be of /16 to /28"],
    ["a range that is none", () => make(token("ec2", "Vpc"), { cidrBlock: "10.20.0.1/16" }), "must be an IPv4 range"],
    ["a subnet outside of its VPC", () => subnet("10.21.0.0/20", "a"), "10.21.0.0/20 is not within 10.20.0.0/16"],
    ["subnets that overlap", () => subnet("10.20.8.0/21", "b"), "10.20.8.0/21 overlaps 10.20.0.0/20 of subnet-0"],
    ["a zone of another region", () => subnet("10.20.32.0/20", "f"), "must be one of eu-central-1a"],
    ["something in what is not there", () => subnet("10.20.32.0/20", "a", "vpc-0123"), '"vpc-0123" does not exist'],
    ["a property that is missing", () => make(token("ec2", "Subnet"), { vpcId }), "cidrBlock is required"],
    [
        "a NAT gateway without one to the internet",
        async () =>
            make(token("ec2", "NatGateway"), { subnetId: subnetA, allocationId: await make(token("ec2", "Eip"), {}) }),
        "which has no internet gateway",
    ],
    [
        "two gateways of one VPC",
        async () => {
            await make(token("ec2", "InternetGateway"), { vpcId });
            await make(token("ec2", "InternetGateway"), { vpcId }, "two");
        },
        "already",
    ],
    [
        "a rule with bits beyond its prefix",
        async () =>
            make("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", {
                securityGroupId: await make(token("ec2", "SecurityGroup"), { vpcId, name: "g", description: "d" }),
                ipProtocol: "tcp",
                fromPort: 1,
                toPort: 2,
                cidrIpv4: "10.0.0.1/8",
            }),
        "without bits beyond its prefix",
    ],
    [
        "an endpoint of another region",
        () => make(token("ec2", "VpcEndpoint"), { vpcId, serviceName: "com.amazonaws.us-east-1.s3" }),
        "must begin with com.amazonaws.eu-central-1.",
    ],
    [
        "a policy that is none",
        () => make(token("iam", "Role"), { name: "r", assumeRolePolicy: "{}" }),
        "must be a JSON document with statements",
    ],
    [
        "a managed policy that AWS does not have",
        async () => {
            await role("r", "ec2.amazonaws.com");
            await attach("r", "AmazonEksClusterPolicy");
        },
        "is none of AWS's policies",
    ],
    [
        "a second role of one name",
        async () => {
            await role("r", "ec2.amazonaws.com");
            await make(token("iam", "Role"), { name: "r", assumeRolePolicy: trust("ec2.amazonaws.com") }, "two");
        },
        "exists already",
    ],
    ["a bucket name that AWS keeps", () => make(token("s3", "Bucket"), { bucket: "xn--bucket" }), "that AWS keeps"],
    [
        "a policy of another bucket",
        async () => {
            const bucket = await make(token("s3", "Bucket"), { bucket: "ours" });
            await make(token("s3", "BucketPolicy"), {
                bucket,
                policy: statement({ Principal: "*", Resource: "arn:aws:s3:::theirs/*" }),
            });
        },
        "which is not of arn:aws:s3:::ours",
    ],
    [
        "a lock of what has no versions",
        async () => {
            const bucket = await make(token("s3", "Bucket"), { bucket: "ours" });
            await make(token("s3", "BucketObjectLockConfiguration"), {
                bucket,
                rule: { defaultRetention: { mode: "COMPLIANCE", days: 1 } },
            });
        },
        "has no versions to lock",
    ],
    [
        "what AWS's schema excludes",
        () => make(token("cloudwatch", "LogGroup"), { name: "l", retentionInDays: 31 }),
        "retentionInDays breaks AWS's schema",
    ],
    [
        "logs sent to what takes none",
        async () => {
            const { outputs } = await account.make(token("cloudwatch", "LogGroup"), { name: "l" });
            const sent = { destinationArn: "arn:aws:s3:::records", filterPattern: "", logGroup: outputs.name ?? "" };
            await make(token("cloudwatch", "LogSubscriptionFilter"), sent);
        },
        "destinationArn must be the ARN of a destination, a stream or a function",
    ],
    [
        "a key that may not encrypt logs",
        async () => {
            const { outputs } = await account.make(token("kms", "Key"), {});
            await make(token("cloudwatch", "LogGroup"), { name: "l", kmsKeyId: outputs.arn ?? "" });
        },
        "has no policy that lets logs.eu-central-1.amazonaws.com use it",
    ],
])("refused: %s", async (_what, attempt, reason) => {
    await expect((async () => attempt())()).rejects.toThrow(reason);
});
