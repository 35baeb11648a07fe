import { awsGraph } from "./awsGraph";
import { type Graph, loadGraph } from "./graph";
import { type Raw, settingsOf } from "./stack";

/** What production may ask for beside what its stack file says. */
const asked = {
    accountBaseline: "managed",
    dnsZone: "tars.example.com",
    protection: "released",
    administrators: ["arn:aws:iam::123456789012:role/ci/platform-admin"],
};

let graph: Graph;
beforeAll(async () => {
    const raw: Raw = settingsOf("prod-aws");
    const edge = { ...Object(raw.edge), dns: { records: "manual" } };
    graph = await loadGraph({ ...raw, edge, aws: { ...Object(raw.aws), ...asked } });
});

const inputsOf = (kind: string) => graph.all.flatMap(({ type, inputs }) => (type.endsWith(`:${kind}`) ? [inputs] : []));

describe("a stack that keeps the account's baseline", () => {
    test("records every call in every region, and who changed a record", () => {
        expect(inputsOf("Trail")).toEqual([
            expect.objectContaining({
                isMultiRegionTrail: true,
                enableLogFileValidation: true,
                s3BucketName: "tars-production-123456789012-eu-central-1-records",
                kmsKeyId: "[arn of keys-key]",
            }),
        ]);
        const policy = JSON.stringify(inputsOf("BucketPolicy"));
        expect(policy).toContain("cloudtrail.amazonaws.com");
        expect(policy).toContain("config.amazonaws.com");
    });

    test("writes its records once the bucket lets it, which is not locked: Config writes into none that is", () => {
        const { named } = awsGraph(graph);
        const policy = named("BucketPolicy", "baseline-records-tls");
        expect(graph.waitsFor(named("Trail", "baseline-trail"), policy)).toBe(true);
        expect(graph.waitsFor(named("DeliveryChannel", "baseline-channel"), policy)).toBe(true);
        expect(named("Bucket", "baseline-records").inputs.objectLockEnabled).toBe(false);
        const { Statement } = JSON.parse(named("Key", "keys-key").inputs.policy);
        const config = Statement.find(({ Sid }: { Sid: string }) => Sid === "config");
        expect(config.Action).toEqual(["kms:Decrypt", "kms:GenerateDataKey"]);
    });

    test("records what changes, looks out for attacks, and holds the account to AWS's own standard", () => {
        expect(inputsOf("Recorder")).toMatchObject([{ recordingGroup: { allSupported: true } }]);
        expect(inputsOf("RecorderStatus")).toMatchObject([{ isEnabled: true }]);
        expect(inputsOf("Detector")).toMatchObject([{ enable: true }]);
        expect(inputsOf("DetectorFeature").map(({ name }) => name)).toContain("EKS_AUDIT_LOGS");
        expect(JSON.stringify(inputsOf("StandardsSubscription"))).toContain("aws-foundational-security-best-practices");
    });

    test("scans every image of the account again and again", () => {
        expect(inputsOf("RegistryScanningConfiguration")).toMatchObject([
            { scanType: "ENHANCED", rules: [{ scanFrequency: "CONTINUOUS_SCAN" }] },
        ]);
    });
});

test("a zone is made when one is named", () => {
    expect(inputsOf("Zone")).toMatchObject([{ name: "tars.example.com" }]);
});

test("administrators are let in, each by an entry of its own", () => {
    const [cluster] = inputsOf("Cluster");
    expect(Object(cluster?.accessEntries)["role-ci-platform-admin"]).toEqual({
        principalArn: "arn:aws:iam::123456789012:role/ci/platform-admin",
        accessPolicies: {
            administrator: {
                policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
                accessScope: { type: "cluster" },
            },
        },
    });
});

test("a stack that is released can be deleted, and still leaves its data", () => {
    expect(graph.all.filter(({ options }) => options?.protect)).toEqual([]);
    expect(inputsOf("Cluster")[0]?.deletionProtection).toBe(false);
    expect(graph.all.some(({ type, options }) => type.endsWith(":Bucket") && options?.retainOnDelete)).toBe(true);
});
