import { controls } from "../../controls";
import { undecided, type Value } from "../../reading/value";
import type { Stack } from "../../resources/stack";
import type { Subject } from "../../resources/subject";
import type { StackReport, StackRule } from "../../rule";
import { sampleOf } from "../../samples";
import { accessLogs, bucket, encryptedByS3, policy } from "./buckets.samples";
import { companionsOf } from "./companions";
import { covers, denying, each, isAboutPlainCalls, textsOf } from "./policyDocument";

export const buckets: StackRule = {
    id: "AWS-11",
    title: "Buckets are private, versioned, logged, encrypted with a key of the account, called by TLS, and forget in time",
    severity: "critical",
    level: "mandatory",
    scope: "stack",
    kinds: [
        "aws:s3/Bucket",
        "aws:s3/BucketPublicAccessBlock",
        "aws:s3/BucketPolicy",
        "aws:s3/BucketServerSideEncryptionConfiguration",
        "aws:s3/BucketVersioning",
        "aws:s3/BucketLogging",
        "aws:s3/BucketLifecycleConfiguration",
    ],
    controls: controls({ soc2: ["CC6.7", "C1.1"], iso27001: ["8.24", "8.12", "8.13"] }),
    why: "Open buckets are the most common way in which data of AWS accounts becomes public.",
    fix: "give the bucket a resource of its own for each: public access block, policy, encryption, versioning, logging, lifecycle",
    link: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",
    samples: {
        passing: [sampleOf(...bucket(), ...accessLogs)],
        failing: [
            {
                sample: sampleOf(...bucket({ BucketPublicAccessBlock: undefined })),
                problem: "has no BucketPublicAccessBlock",
            },
            {
                sample: sampleOf(...bucket({ BucketPublicAccessBlock: { blockPublicAcls: true } })),
                problem: "blockPublicPolicy is not true",
            },
            { sample: sampleOf(...bucket({ BucketPolicy: undefined })), problem: "has no BucketPolicy" },
            {
                sample: sampleOf(...bucket({ BucketPolicy: { policy: policy({ Effect: "Allow" }) } })),
                problem: "does not deny all calls without TLS",
            },
            {
                sample: sampleOf(...bucket({ BucketPolicy: { policy: policy({ Action: "s3:PutObject" }) } })),
                problem: "does not deny all calls without TLS",
            },
            {
                sample: sampleOf(...bucket({ BucketPolicy: { policy: policy({ Resource: "arn:aws:s3:::sample" }) } })),
                problem: "does not deny all calls without TLS",
            },
            {
                sample: sampleOf(...bucket({ BucketServerSideEncryptionConfiguration: undefined })),
                problem: "has no BucketServerSideEncryptionConfiguration",
            },
            {
                sample: sampleOf(...bucket({ BucketServerSideEncryptionConfiguration: encryptedByS3 })),
                problem: "names no key of KMS",
            },
            { sample: sampleOf(...bucket({ BucketVersioning: undefined })), problem: "has no BucketVersioning" },
            {
                sample: sampleOf(...bucket({ BucketVersioning: { versioningConfiguration: { status: "Suspended" } } })),
                problem: "versioningConfiguration.status is not Enabled",
            },
            { sample: sampleOf(...bucket({ BucketLogging: undefined })), problem: "has no BucketLogging" },
            {
                sample: sampleOf(...bucket({ BucketLifecycleConfiguration: undefined })),
                problem: "has no BucketLifecycleConfiguration",
            },
            {
                sample: sampleOf(...bucket({ BucketLifecycleConfiguration: { rules: [{ status: "Disabled" }] } })),
                problem: "has no rule that is Enabled",
            },
        ],
    },
    check: (stack, report) => {
        for (const each of stack.of("aws:s3/Bucket")) checkBucket(each, stack, report);
    },
};

function checkBucket(subject: Subject, stack: Stack, report: StackReport): void {
    const to = { to: [subject], id: "bucket" };
    const logged = companionsOf(stack, { ...to, kinds: ["aws:s3/BucketLogging"], property: "targetBucket" });
    const isTarget = logged === undecided || logged.length > 0;
    const parts = Object.entries(checks).filter(([part]) => !(isTarget && part === "BucketLogging"));
    for (const [part, check] of parts) {
        const companions = companionsOf(stack, { ...to, kinds: [`aws:s3/${part}`], property: "bucket" });
        if (companions === undecided) continue;
        if (companions.length === 0) report(subject, { path: "bucket", problem: `has no ${part}` });
        for (const companion of companions) check({ companion, isTarget }, report);
    }
}

interface Part {
    readonly companion: Subject;
    /** Whether access logs of other buckets go to the bucket. */
    readonly isTarget: boolean;
}

const checks: Readonly<Record<string, (part: Part, report: StackReport) => void>> = {
    BucketPublicAccessBlock: checkBlock,
    BucketPolicy: checkPolicy,
    BucketServerSideEncryptionConfiguration: checkEncryption,
    BucketVersioning: checkVersions,
    BucketLogging: () => undefined,
    BucketLifecycleConfiguration: checkLifecycle,
};

const blocks = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"] as const;

/** Each is false unless it is set: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PublicAccessBlockConfiguration.html */
function checkBlock({ companion }: Part, report: StackReport): void {
    for (const name of blocks) {
        const block = companion.object.get(name);
        const read = block.boolean();
        if (read !== true && read !== undecided) report(companion, { path: block.path, problem: "is not true" });
    }
}

function checkPolicy({ companion }: Part, report: StackReport): void {
    const document = companion.object.get("policy");
    const isClosed = denying(document).some(closesPlainCalls);
    if (isClosed || document.quietly.json().mapping() === undecided) return;
    report(companion, { path: document.path, problem: "does not deny all calls without TLS" });
}

/** Whether a statement is about every call without TLS, to the bucket and to what is in it. */
function closesPlainCalls(statement: Value): boolean {
    const isWhole = textsOf(statement.get("Action")).some((action) => action === "*" || action === "s3:*");
    const isDeep = textsOf(statement.get("Resource")).some(
        (resource) => covers(resource, "arn:aws:s3:::any/object") || resource.endsWith("/*"),
    );
    return isWhole && isDeep && isAboutPlainCalls(statement);
}

/** S3 delivers access logs to no bucket that encrypts with KMS: https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html */
function checkEncryption({ companion, isTarget }: Part, report: StackReport): void {
    const rules = companion.object.get("rules");
    const defaults = each(rules).map((rule) => rule.get("applyServerSideEncryptionByDefault"));
    const algorithms = defaults.map((one) => one.get("sseAlgorithm").text());
    if (algorithms.includes(undecided) || isTarget) return;
    const hasKey = defaults.some(
        (one) => /^aws:kms/.test(String(one.get("sseAlgorithm").text())) && one.get("kmsMasterKeyId").isSet,
    );
    if (!hasKey) report(companion, { path: rules.path, problem: "names no key of KMS" });
}

function checkVersions({ companion }: Part, report: StackReport): void {
    const status = companion.object.get("versioningConfiguration", "status");
    const read = status.text();
    if (read !== "Enabled" && read !== undecided) report(companion, { path: status.path, problem: "is not Enabled" });
}

function checkLifecycle({ companion }: Part, report: StackReport): void {
    const rules = companion.object.get("rules");
    const read = each(rules).map((rule) => rule.get("status").text());
    if (read.includes("Enabled") || read.includes(undecided)) return;
    report(companion, { path: rules.path, problem: "has no rule that is Enabled" });
}
