import { judgedResources } from "../../cli/src/judgedResources";
import { defaultConfiguration } from "../../policy/configuration";
import { judge } from "../../policy/judge";
import { kubernetesResource } from "../../policy/samples";
import { bareTerms } from "../../policy/terms/terms";
import { awsGraph, type Resource } from "./awsGraph";
import { type Graph, readGraph } from "./graph";
import { parsed, settingsOf, settingsWith } from "./stack";

let graph: Graph;
let of: ReturnType<typeof awsGraph>["of"];
let named: ReturnType<typeof awsGraph>["named"];
let only: ReturnType<typeof awsGraph>["only"];
beforeAll(async () => {
    graph = await readGraph("prod-aws");
    ({ of, named, only } = awsGraph(graph));
});

const bucket = (region: string, purpose = "backups") => `tars-production-123456789012-${region}-${purpose}`;
const [from, to] = [bucket("eu-central-1"), bucket("eu-west-1")];
const copyKey = "[arn of backup-copy-key]";

interface Statement {
    readonly Action: readonly string[];
    readonly Resource: readonly string[];
    readonly Condition?: object;
}

const statements = (): readonly Statement[] =>
    JSON.parse(named("RolePolicy", "backup-copy-policy").inputs.policy).Statement;
const about = (action: string) => statements().filter(({ Action }) => Action.includes(action));

describe("the copy of the backups", () => {
    test("stands in another region with all its parts, and everything else in the stack's", () => {
        const away = graph.all.filter(({ type, inputs }) => type.startsWith("aws:") && inputs.region === "eu-west-1");
        const parts = (name: string) =>
            away.filter((each) => each.inputs.bucket === name).map(({ type }) => type.split(":").at(-1));
        const common = [
            "Bucket",
            "BucketLifecycleConfiguration",
            "BucketOwnershipControls",
            "BucketPolicy",
            "BucketPublicAccessBlock",
            "BucketServerSideEncryptionConfiguration",
            "BucketVersioning",
        ];
        const own = ["BucketLogging", "BucketObjectLockConfiguration"];
        expect(parts(to).sort()).toEqual([...common, ...own].sort());
        expect(parts(bucket("eu-west-1", "access")).sort()).toEqual(common);
        const buckets = of("Bucket").filter(({ inputs }) => inputs.region === undefined);
        expect(buckets.map(({ inputs }) => String(inputs.bucket).includes("eu-central-1"))).toEqual([true, true, true]);
    });

    test("is as locked as the backups, and for as long", () => {
        expect(named("Bucket", "backup-copy").inputs).toMatchObject({ objectLockEnabled: true, forceDestroy: false });
        const rule = (name: string) => named("BucketObjectLockConfiguration", name).inputs.rule;
        expect(rule("backup-copy-lock")).toEqual({ defaultRetention: { mode: "COMPLIANCE", days: 35 } });
        expect(rule("backup-copy-lock")).toEqual(rule("stores-backups-lock"));
        expect(named("BucketLifecycleConfiguration", "backup-copy-lifecycle").inputs.rules[0]).toMatchObject({
            noncurrentVersionExpiration: { noncurrentDays: 35 },
            expiration: { expiredObjectDeleteMarker: true },
        });
    });

    test("is encrypted with a key of its own region, which the account's policies alone give away", () => {
        const key = named("Key", "backup-copy-key");
        expect(key.inputs).toMatchObject({ region: "eu-west-1", enableKeyRotation: true, deletionWindowInDays: 30 });
        const { Statement } = JSON.parse(key.inputs.policy);
        expect(Statement.map(({ Principal }: { Principal: object }) => Principal)).toEqual([
            { AWS: "arn:aws:iam::123456789012:root" },
        ]);
        expect(named("Alias", "backup-copy-alias").inputs).toMatchObject({
            region: "eu-west-1",
            name: "alias/tars-production-backup-copy",
        });
        expect(named("BucketServerSideEncryptionConfiguration", "backup-copy-encryption").inputs.rules).toEqual([
            {
                applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: copyKey },
                bucketKeyEnabled: true,
            },
        ]);
    });

    test("has its record of who read it in its own region, where S3 alone writes it", () => {
        const { inputs } = named("BucketLogging", "backup-copy-access-log");
        expect([inputs.targetBucket, inputs.targetPrefix]).toEqual([bucket("eu-west-1", "access"), "backups/"]);
        const [, writer] = JSON.parse(named("BucketPolicy", "backup-copy-access-tls").inputs.policy).Statement;
        expect(writer.Principal).toEqual({ Service: "logging.s3.amazonaws.com" });
    });

    test("is kept as the backups are, while the rule goes with the role that it needs", () => {
        const options = (type: string, name: string) =>
            graph.all.find((each) => each.type.endsWith(`:${type}`) && each.name === name)?.options;
        for (const [type, name] of [
            ["Bucket", "backup-copy"],
            ["Bucket", "backup-copy-access"],
            ["Key", "backup-copy-key"],
        ] as const)
            expect(options(type, name)).toMatchObject({ protect: true, retainOnDelete: true });
        expect(options("BucketObjectLockConfiguration", "backup-copy-lock")).toMatchObject({ retainOnDelete: true });
        expect(options("BucketReplicationConfig", "backup-copy-rule")?.retainOnDelete).toBeUndefined();
    });
});

describe("the rule that copies", () => {
    const rule = (): Resource["inputs"] => only("BucketReplicationConfig").inputs;

    test("takes all that arrives, encrypted or not, and no deletion", () => {
        expect(rule()).toEqual({
            bucket: from,
            role: "[arn of backup-copy-role]",
            rules: [
                {
                    id: "backups",
                    status: "Enabled",
                    priority: 1,
                    filter: { prefix: "" },
                    deleteMarkerReplication: { status: "Disabled" },
                    sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
                    destination: {
                        bucket: "[arn of backup-copy]",
                        encryptionConfiguration: { replicaKmsKeyId: copyKey },
                        metrics: { status: "Enabled" },
                    },
                },
            ],
        });
    });

    test("comes after versions and locks of both buckets, and after its role's rights", () => {
        const { dependencies } = only("BucketReplicationConfig");
        const names = dependencies.map((urn) => urn.split("::").at(-1));
        expect(names).toEqual(
            expect.arrayContaining([
                "stores-backups-versions",
                "stores-backups-lock",
                "backup-copy-versions",
                "backup-copy-lock",
                "backup-copy-policy",
            ]),
        );
    });
});

describe("the role that copies", () => {
    test("is S3's", () => {
        expect(JSON.parse(named("Role", "backup-copy-role").inputs.assumeRolePolicy).Statement).toEqual([
            { Effect: "Allow", Principal: { Service: "s3.amazonaws.com" }, Action: ["sts:AssumeRole"] },
        ]);
    });

    test("reads versions and locks here, writes copies there, and deletes nowhere", () => {
        const objects = (name: string) => [`arn:aws:s3:::${name}/*`];
        expect(about("s3:GetObjectVersionForReplication").map(({ Resource }) => Resource)).toEqual([objects(from)]);
        expect(about("s3:GetObjectRetention").map(({ Resource }) => Resource)).toEqual([objects(from)]);
        expect(about("s3:ListBucket").map(({ Resource }) => Resource)).toEqual([[`arn:aws:s3:::${from}`]]);
        const there = statements().filter(({ Resource }) => Resource.some((each) => each.includes(`:::${to}`)));
        expect(there.map(({ Action, Resource }) => [Action, Resource])).toEqual([
            [["s3:ReplicateObject"], objects(to)],
        ]);
        expect(
            statements()
                .flatMap(({ Action }) => Action)
                .filter((action) => /Delete|Put|\*/.test(action)),
        ).toEqual([]);
    });

    test.each([
        ["kms:Decrypt", "eu-central-1", from, "alias/tars-production"],
        ["kms:Encrypt", "eu-west-1", to, "alias/tars-production-backup-copy"],
    ])("may %s in %s through S3, for that bucket and with that key only", (action, region, name, alias) => {
        const arn = `arn:aws:s3:::${name}`;
        expect(about(action)[0]).toMatchObject({
            Resource: [`arn:aws:kms:${region}:123456789012:key/*`],
            Condition: {
                StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` },
                StringLike: { "kms:EncryptionContext:aws:s3:arn": [arn, `${arn}/*`] },
                "ForAnyValue:StringEquals": { "kms:ResourceAliases": alias },
            },
        });
    });

    test("encrypts nothing with the stack's key", () => {
        expect(about("kms:Encrypt")).toHaveLength(1);
        expect(about("kms:GenerateDataKey")).toEqual(about("kms:Encrypt"));
    });
});

describe("the policy pack, once backups go to the bucket,", () => {
    const location = kubernetesResource("velero.io/v1", "BackupStorageLocation", {
        spec: { provider: "aws", config: { region: "eu-central-1" }, objectStorage: { bucket: from } },
    });
    const said = (all: Graph["all"]) => {
        const terms = { ...bareTerms, environment: "production" } as const;
        const { findings } = judge([...judgedResources(all), location], defaultConfiguration, terms);
        return findings.flatMap(({ rule, message }) => (rule === "SEC-06" ? [message] : []));
    };

    test("finds it encrypted, closed, locked and copied", () => {
        expect(said(graph.all)).toEqual([]);
    });

    test("misses the rule that copies", () => {
        const others = graph.all.filter(({ type }) => !type.endsWith(":BucketReplicationConfig"));
        expect(said(others).join()).toContain("is in the account and region of its data, and nowhere else");
    });
});

describe("where no region is named", () => {
    test("staging has no copy and needs none, but may have one", () => {
        expect(Object(settingsOf("staging").aws)).not.toHaveProperty("backupCopy");
        expect(() => parsed(settingsOf("staging"))).not.toThrow();
        expect(() => parsed(settingsWith("staging", "aws.backupCopy", { region: "eu-west-1" }))).not.toThrow();
    });
});
