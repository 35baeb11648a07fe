import { keeping } from "../../components/cloud/aws/protection";
import { awsGraph, key, type Resource } from "./awsGraph";
import { type Graph, readGraph } from "./graph";

let graph: Graph;
let of: ReturnType<typeof awsGraph>["of"];
let named: ReturnType<typeof awsGraph>["named"];
let only: ReturnType<typeof awsGraph>["only"];
beforeAll(async () => {
    graph = await readGraph("prod-aws");
    ({ of, named, only } = awsGraph(graph));
});

/** What is in the stack's own region; awsBackupCopy.test.ts has what is in another one. */
const here = (kind: string) => of(kind).filter(({ inputs }) => inputs.region === undefined);

describe("what the stack keeps", () => {
    test("is encrypted with one key that changes every year", () => {
        expect(named("Key", "keys-key").inputs).toMatchObject({ enableKeyRotation: true, deletionWindowInDays: 30 });
        for (const { inputs } of of("LogGroup")) expect([inputs.kmsKeyId, inputs.retentionInDays]).toEqual([key, 365]);
        for (const { name, inputs } of here("BucketServerSideEncryptionConfiguration")) {
            // S3 writes access logs with no key but its own.
            if (name === "stores-access-encryption") continue;
            expect(inputs.rules[0].applyServerSideEncryptionByDefault).toEqual({
                sseAlgorithm: "aws:kms",
                kmsMasterKeyId: key,
            });
        }
        for (const { inputs } of of("Repository"))
            expect(inputs.encryptionConfigurations).toEqual([{ encryptionType: "KMS", kmsKey: key }]);
    });

    test("as secrets can be added under one prefix by their operator, and neither changed nor deleted by anybody's pods", () => {
        const prefix = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:tars-production/";
        const policies = [...of("RolePolicy"), ...of("Policy")].flatMap(({ name, inputs }) => {
            const { Statement } = JSON.parse(inputs.policy);
            return Statement.map((statement: { Action: string[] }) => ({ ...statement, name }));
        });
        const writing = policies.filter(({ Action }) =>
            /secretsmanager:(Create|Put|Update|Delete|Tag)/.test(`${Action}`),
        );
        expect(writing.map(({ name }) => name).sort()).toEqual(["aws-workloads", "secrets-policy"]);
        for (const { Action, Resource } of writing) {
            expect(Action).toEqual(["secretsmanager:CreateSecret", "secretsmanager:TagResource"]);
            expect([Resource].flat()).toEqual([`${prefix}generated-*`]);
        }
    });

    test("in buckets is private, versioned, and read by TLS only", () => {
        const buckets = of("Bucket").map(({ inputs }) => inputs.bucket);
        expect(buckets).toHaveLength(5);
        const about = (kind: string) => of(kind).map(({ inputs }) => inputs.bucket);
        for (const kind of ["BucketPublicAccessBlock", "BucketVersioning", "BucketPolicy", "BucketOwnershipControls"]) {
            expect(about(kind).sort()).toEqual(buckets.sort());
        }
        for (const { inputs } of of("BucketPublicAccessBlock")) {
            const { bucket, region, ...blocks } = inputs;
            expect(Object.values(blocks)).toEqual([true, true, true, true]);
        }
        for (const { inputs } of of("BucketPolicy")) {
            const [statement] = JSON.parse(inputs.policy).Statement;
            expect([statement.Effect, statement.Condition]).toEqual([
                "Deny",
                { Bool: { "aws:SecureTransport": "false" } },
            ]);
        }
    });

    test("as a backup cannot be changed before its time", () => {
        expect(named("Bucket", "stores-backups").inputs.objectLockEnabled).toBe(true);
        expect(named("BucketObjectLockConfiguration", "stores-backups-lock").inputs).toMatchObject({
            bucket: "tars-production-123456789012-eu-central-1-backups",
            rule: { defaultRetention: { mode: "COMPLIANCE", days: 35 } },
        });
    });

    test("as a backup is deleted by a marker only, which goes once nothing is below it", () => {
        const policy = named("RolePolicy", "backup-policy").inputs.policy;
        expect(policy).toContain("s3:DeleteObject");
        expect(policy).not.toContain("s3:DeleteObjectVersion");
        for (const { inputs } of of("BucketLifecycleConfiguration")) {
            const isRecord = String(inputs.bucket).endsWith("-access");
            expect(inputs.rules[0].expiration).toEqual(isRecord ? { days: 365 } : { expiredObjectDeleteMarker: true });
        }
    });

    test("is recorded whenever somebody reads or changes it, in a bucket that S3 alone writes to", () => {
        const logs = here("BucketLogging").map(({ inputs }) => [
            inputs.bucket,
            inputs.targetBucket,
            inputs.targetPrefix,
        ]);
        const name = (purpose: string) => `tars-production-123456789012-eu-central-1-${purpose}`;
        expect(logs.sort()).toEqual(
            ["backups", "data"].map((purpose) => [name(purpose), name("access"), `${purpose}/`]),
        );
        const [, writer] = JSON.parse(named("BucketPolicy", "stores-access-tls").inputs.policy).Statement;
        expect(writer).toMatchObject({
            Principal: { Service: "logging.s3.amazonaws.com" },
            Action: "s3:PutObject",
            Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
        });
        expect(named("BucketServerSideEncryptionConfiguration", "stores-access-encryption").inputs.rules).toEqual([
            { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
        ]);
    });

    test("goes with nothing: buckets and repositories with something in them cannot be deleted", () => {
        for (const { inputs } of of("Bucket")) expect(inputs.forceDestroy).toBe(false);
        expect(only("Repository").inputs.forceDelete).toBe(false);
    });

    test("as images is immutable, scanned at each push, and forgotten when nobody wants it", () => {
        expect(only("Repository").inputs).toMatchObject({
            name: "tars-production/tars-backend",
            imageTagMutability: "IMMUTABLE",
            imageScanningConfiguration: { scanOnPush: true },
        });
        const { rules } = JSON.parse(only("LifecyclePolicy").inputs.policy);
        expect(
            rules.map(({ selection, action }: Resource["inputs"]) => [
                selection.countType,
                selection.countNumber,
                action.type,
            ]),
        ).toEqual([
            ["sinceImagePushed", 7, "expire"],
            ["sinceImagePulled", 30, "transition"],
            ["sinceImageTransitioned", 90, "expire"],
        ]);
    });

    test("on volumes is encrypted, made where its pod lands, and stays when the claim goes but for that of a drill", () => {
        const classes = graph.of("StorageClass").map(({ inputs }) => [inputs.metadata.name, inputs.parameters.type]);
        expect(Object.fromEntries(classes)).toEqual({ fast: "io2", standard: "gp3", cold: "sc1", scratch: "gp3" });
        for (const { inputs } of graph.of("StorageClass")) {
            expect(inputs).toMatchObject({
                provisioner: "ebs.csi.aws.com",
                parameters: { encrypted: "true", kmsKeyId: key },
                volumeBindingMode: "WaitForFirstConsumer",
                allowVolumeExpansion: true,
                reclaimPolicy: inputs.metadata.name === "scratch" ? "Delete" : "Retain",
            });
        }
    });

    test("is protected by kind, and stays behind where the data would be lost", () => {
        const kinds = (option: "protect" | "retainOnDelete") =>
            [
                ...new Set(
                    graph.all.flatMap(({ type, options }) =>
                        /^(aws|eks):/.test(type) && options?.[option] === true ? [type.split(":").at(-1)] : [],
                    ),
                ),
            ].sort();
        expect(kinds("protect")).toEqual([
            "Bucket",
            "Cluster",
            "Key",
            "LifecyclePolicy",
            "LogGroup",
            "Repository",
            "Subnet",
            "Vpc",
        ]);
        expect(kinds("retainOnDelete")).toEqual([
            "Alias",
            "Bucket",
            "BucketLifecycleConfiguration",
            "BucketLogging",
            "BucketObjectLockConfiguration",
            "BucketOwnershipControls",
            "BucketPolicy",
            "BucketPublicAccessBlock",
            "BucketServerSideEncryptionConfiguration",
            "BucketVersioning",
            "Key",
            "LogGroup",
        ]);
        expect(keeping.dnsZone).toEqual({ protect: true, retainOnDelete: true });
    });
});
