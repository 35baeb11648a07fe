import { readConfiguration } from "../../policy/configuration";
import type { Resource } from "../../policy/rule";
import { cloudResource, sampleOf } from "../../policy/samples";
import { findingsOf, problemsOf, ruleOf, sampleFindings, unknownText } from "./support";

const problems = (id: string, resources: readonly Resource[], settings: object = {}) => {
    const configuration = readConfiguration({ [id]: { enforcementLevel: "mandatory", ...settings } });
    expect(configuration.problems).toEqual([]);
    return findingsOf(ruleOf(id), resources, configuration).map(({ path, message }) => `${path}: ${message}`);
};

test("AWS-01: a list of allowed ranges leaves out all others", () => {
    const [passing] = ruleOf("AWS-01").samples.passing;
    const resources = passing?.kind === "resources" ? passing.resources : [];
    expect(problems("AWS-01", resources, { allowedCidrs: ["203.0.113.0/24"] })).toEqual([]);
    expect(problems("AWS-01", resources, { allowedCidrs: ["198.51.100.0/24"] })).toEqual([
        expect.stringContaining("publicAccessCidrs[0]: publicAccessCidrs[0] is not on the list of allowed ranges"),
    ]);
});

test("AWS-01: what is wider than /24 is advised against where stacks may have it, and refused where they may not", () => {
    const open = (range: string) =>
        cloudResource("eks:index:Cluster", { endpointPrivateAccess: true, publicAccessCidrs: [range] });
    const levels = (range: string, environment: "staging" | "production") =>
        sampleFindings(ruleOf("AWS-01"), { kind: "resources", resources: [open(range)], environment }).map(
            ({ level }) => level,
        );
    expect(levels("203.0.0.0/16", "staging")).toEqual(["advisory"]);
    expect(levels("203.0.0.0/15", "staging")).toEqual(["mandatory"]);
    expect(levels("203.0.0.0/16", "production")).toEqual(["mandatory"]);
    expect(levels("203.0.113.0/24", "production")).toEqual([]);
});

describe("AWS-04", () => {
    const principal = "arn:aws:iam::123456789012:role/break-glass";
    const association = (principalArn: string) =>
        cloudResource("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", {
            principalArn,
            policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAdminPolicy",
            accessScope: { type: "cluster" },
        });
    const listed = { administrators: [{ principal, reason: "used when all else fails" }] };

    test("lets listed principals administer the cluster, and no others", () => {
        expect(problems("AWS-04", [association(principal)], listed)).toEqual([]);
        expect(problems("AWS-04", [association(`${principal}-2`)], listed)).toHaveLength(1);
        expect(problems("AWS-04", [association(unknownText)], listed)).toEqual([
            expect.stringContaining("not decided: principalArn"),
        ]);
    });

    test("asks no cluster of the component for what the component gives no choice of", () => {
        const inputs = { accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true } };
        const child = cloudResource("aws:eks/cluster:Cluster", inputs);
        const urn = "urn:pulumi:a::b::tars:cloud:Cluster$eks:index:Cluster$aws:eks/cluster:Cluster::eks-eksCluster";
        expect(problems("AWS-04", [child])).toHaveLength(1);
        expect(problems("AWS-04", [{ ...child, urn }])).toEqual([]);
    });
});

describe("AWS-08 in the engine, where the component's own cluster stands beside it", () => {
    const component = cloudResource("eks:index:Cluster", { name: "sample" });
    const child = {
        ...cloudResource("aws:eks/cluster:Cluster", { name: "sample" }),
        urn: "urn:pulumi:a::b::eks:index:Cluster$aws:eks/cluster:Cluster::eks-eksCluster",
        parent: component.urn,
    };
    const addon = (inputs: object, sources: readonly string[]) => ({
        ...cloudResource("aws:eks/addon:Addon", { addonName: "vpc-cni", clusterName: unknownText, ...inputs }),
        sources: { clusterName: sources },
    });
    const configurationValues = JSON.stringify({ enableNetworkPolicy: "true" });

    test("an add-on of either is the cluster's", () => {
        for (const urn of [component.urn, child.urn]) {
            expect(problems("AWS-08", [component, child, addon({ configurationValues }, [urn])])).toEqual([]);
            expect(problems("AWS-08", [component, child, addon({}, [urn])])).toHaveLength(1);
        }
    });

    test("an add-on of nobody known leaves it undecided", () => {
        expect(problems("AWS-08", [component, child, addon({ configurationValues }, [])])).toEqual([
            expect.stringContaining("not decided: clusterName"),
        ]);
    });
});

test("AWS-10: a policy may name the account that the provider is for, and accounts that are trusted", () => {
    const policy = (account: string) => ({
        ...cloudResource("aws:ecr/repositoryPolicy:RepositoryPolicy", {
            policy: JSON.stringify({
                Statement: { Effect: "Allow", Principal: { AWS: account }, Action: "ecr:BatchGetImage" },
            }),
        }),
        provider: { type: "pulumi:providers:aws", name: "aws", inputs: { allowedAccountIds: '["123456789012"]' } },
    });
    expect(problems("AWS-10", [policy("arn:aws:iam::123456789012:root")])).toEqual([]);
    expect(problems("AWS-10", [policy("210987654321")])).toHaveLength(1);
    expect(problems("AWS-10", [policy("210987654321")], { trustedAccounts: ["210987654321"] })).toEqual([]);
});

describe("AWS-11", () => {
    const [passing] = ruleOf("AWS-11").samples.passing;
    const resources = passing?.kind === "resources" ? passing.resources : [];

    test("finds the parts of a bucket by dependency while no name is known", () => {
        const own = new Map(
            resources.filter(({ type }) => type.endsWith(":Bucket")).map((each) => [each.name, each.urn]),
        );
        const unnamed = resources.map((each) => ({
            ...each,
            inputs: { ...Object(each.inputs), bucket: unknownText, targetBucket: unknownText },
            sources: { bucket: [own.get(each.name) ?? ""], targetBucket: [own.get("sample-access") ?? ""] },
        }));
        const parts = unnamed.map((each, index) => (each.type.endsWith(":Bucket") ? (resources[index] ?? each) : each));
        expect(sampleFindings(ruleOf("AWS-11"), sampleOf(...parts))).toEqual([]);
    });
});

test("AWS-14: with only one VPC's group known, another VPC is still open", () => {
    const vpc = (name: string) => cloudResource("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" }, name);
    const group = {
        ...cloudResource("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", { vpcId: unknownText }),
        sources: { vpcId: [vpc("a").urn] },
    };
    expect(problems("AWS-14", [vpc("a"), vpc("b"), group])).toEqual([
        expect.stringContaining("leaves its default group open"),
    ]);
});

test("AWS-02 judges the cluster of a component by the component while its key is being made", () => {
    const type = "aws:eks/cluster:Cluster";
    const made: Resource = {
        urn: `urn:pulumi:sample::sample::eks:index:Cluster$${type}::eks-eksCluster`,
        type,
        name: "eks-eksCluster",
        inputs: { encryptionConfig: unknownText },
    };
    expect(findingsOf(ruleOf("AWS-02"), [made])).toEqual([]);
    expect(findingsOf(ruleOf("AWS-02"), [{ ...made, inputs: {} }])).toHaveLength(1);
    expect(findingsOf(ruleOf("AWS-02"), [{ ...made, urn: "urn:own" }])).toEqual([
        expect.objectContaining({ decided: false }),
    ]);
});

describe("AWS-12", () => {
    const unknown = (path: string) => `not decided: ${path} is not known before the update`;
    const good = {
        engine: "postgres",
        storageEncrypted: true,
        deletionProtection: true,
        multiAz: true,
        backupRetentionPeriod: 35,
        iamDatabaseAuthenticationEnabled: true,
        parameterGroupName: "tls",
    };

    test.each([
        ["not set", undefined, ["backupRetentionPeriod is not set, which is less than 35 days"]],
        ["a day too short", 34, ["backupRetentionPeriod is less than 35 days"]],
        ["long enough", 35, []],
        ["unknown", unknownText, [unknown("backupRetentionPeriod")]],
    ])("wants backups for 35 days in production: %s", (_, backupRetentionPeriod, problems) => {
        const database = cloudResource("aws:rds/instance:Instance", { ...good, backupRetentionPeriod });
        expect(problemsOf(ruleOf("AWS-12"), [database])).toEqual(problems);
    });

    test("asks nothing of a cluster's instance that its cluster answers", () => {
        const instance = cloudResource("aws:rds/clusterInstance:ClusterInstance", { publiclyAccessible: false });
        expect(problemsOf(ruleOf("AWS-12"), [instance])).toEqual([]);
    });

    const force = (value: unknown) => [{ name: "rds.force_ssl", value }];
    const lacks = ["parameters lacks rds.force_ssl"];
    test.each([
        ["has it on", "postgres17", force("1"), []],
        ["has something that begins like it", "postgres17", force("11"), lacks],
        ["has another parameter on", "postgres17", [{ name: "log_connections", value: "1" }], lacks],
        ["has no parameters", "postgres17", undefined, lacks],
        ["has an unknown value", "postgres17", force(unknownText), [unknown("parameters[0].value")]],
        ["is unknown", "postgres17", unknownText, [unknown("parameters")]],
        ["is of a family that has no such parameter", "oracle-ee-19", [], []],
        ["is of an unknown family", unknownText, [], [unknown("family")]],
    ])("wants a parameter group to ask for TLS, and this one %s", (_, family, parameters, problems) => {
        const group = cloudResource("aws:rds/parameterGroup:ParameterGroup", { family, parameters });
        expect(problemsOf(ruleOf("AWS-12"), [group])).toEqual(problems);
    });
});
