import { aws } from "../../simulator/providers/aws";
import { differences } from "../../simulator/providers/cloud/differences";
import type { Properties } from "../../simulator/providers/properties";
import { account, arn, inFreshAccounts, make, role, token } from "./awsGround";

/** How the simulated S3 copies from one bucket to another, and what is in which region. */

inFreshAccounts();

const away = { region: "eu-west-1" };
const bucketArn = (name: string) => `arn:aws:s3:::${name}`;

async function bucket(name: string, more: Properties = {}): Promise<void> {
    await make(token("s3", "Bucket"), { bucket: name, objectLockEnabled: true, ...more }, name);
}

const versions = (name: string, place: Properties = {}) =>
    make(
        token("s3", "BucketVersioning"),
        { bucket: name, versioningConfiguration: { status: "Enabled" }, ...place },
        name,
    );

/** The ARN of a key that is made for it. */
async function key(place: Properties = {}): Promise<string> {
    const { outputs } = await account.make(token("kms", "Key"), place, JSON.stringify(place));
    return String(outputs.arn);
}

interface Scene {
    /** Of the copy's bucket. */
    readonly copy?: Properties;
    readonly unversioned?: string;
    readonly service?: string;
    /** Where the key of the copies is. */
    readonly key?: Properties;
    readonly deletions?: "unsaid";
    readonly rule?: Properties;
    readonly destination?: Properties;
    readonly place?: Properties;
}

/** Two buckets in two regions, and a rule that copies from one to the other. */
async function replicate(scene: Scene = {}): Promise<string> {
    await bucket("ours");
    await bucket("theirs", { ...away, ...scene.copy });
    if (scene.unversioned !== "ours") await versions("ours");
    if (scene.unversioned !== "theirs") await versions("theirs", away);
    await role("copier", scene.service ?? "s3.amazonaws.com");
    const destination = {
        bucket: bucketArn("theirs"),
        encryptionConfiguration: { replicaKmsKeyId: await key(scene.key ?? away) },
        ...scene.destination,
    };
    const rule = {
        status: "Enabled",
        filter: { prefix: "" },
        ...(scene.deletions === "unsaid" ? {} : { deleteMarkerReplication: { status: "Disabled" } }),
        sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
        destination,
        ...scene.rule,
    };
    const inputs = { bucket: "ours", role: arn("copier"), rules: [rule], ...scene.place };
    return make(token("s3", "BucketReplicationConfig"), inputs);
}

test("a bucket is copied to one of another region", async () => {
    await expect(replicate()).resolves.toBe("ours");
});

test.each<[what: string, scene: Scene, reason: string]>([
    ["from a bucket without versions", { unversioned: "ours" }, "bucket ours has no versions to copy"],
    ["to a bucket without versions", { unversioned: "theirs" }, "theirs has no versions"],
    ["to a bucket without a lock", { copy: { objectLockEnabled: false } }, "theirs has no object lock, which ours has"],
    ["to itself", { destination: { bucket: bucketArn("ours") }, key: {} }, "is the bucket that is copied"],
    [
        "to a bucket that is not there",
        { destination: { bucket: bucketArn("nobodys") } },
        '"arn:aws:s3:::nobodys" does not',
    ],
    ["by a role of somebody else", { service: "ec2.amazonaws.com" }, "does not let s3.amazonaws.com take it on"],
    [
        "under a key of another region",
        { key: { region: "eu-central-1" } },
        "theirs is in eu-west-1, but the key of its copies in eu-central-1",
    ],
    ["from where the bucket is not", { place: away }, "region is eu-west-1, but the bucket ours is in eu-central-1"],
    [
        "with encrypted objects and no key for the copies",
        { destination: { encryptionConfiguration: {} } },
        "must name replicaKmsKeyId",
    ],
    ["with a filter that says nothing of deletions", { deletions: "unsaid" }, "must say delete"],
    ["with a status that there is not", { rule: { status: "On" } }, "breaks AWS's schema"],
])("a copy %s is refused", async (_, scene, reason) => {
    await expect(replicate(scene)).rejects.toThrow(reason);
});

test("another role or rule is an update, another bucket or region a replacement", () => {
    const changes = aws.kinds[token("s3", "BucketReplicationConfig")]?.changes ?? {};
    const change = (before: Properties, after: Properties) =>
        differences(before, after, changes).map((found) => found.change);
    expect(change({ role: "a" }, { role: "b" })).toEqual(["update"]);
    expect(change({ rules: [{ status: "Enabled" }] }, { rules: [{ status: "Disabled" }] })).toEqual(["update"]);
    expect(change({ bucket: "a" }, { bucket: "b" })).toEqual(["replace"]);
    expect(change({}, away)).toEqual(["replace"]);
});

describe("what is in a region", () => {
    test("is a bucket that says so, with all its parts", async () => {
        await bucket("theirs", away);
        expect(account.outputsOf(token("s3", "Bucket"), "theirs", "bucketRegion")).toBe("eu-west-1");
        await expect(versions("theirs")).rejects.toThrow(
            "region is eu-central-1, but the bucket theirs is in eu-west-1",
        );
        await expect(versions("theirs", away)).resolves.toBe("theirs");
    });

    test("has its records there too", async () => {
        await bucket("theirs", away);
        await bucket("records");
        const target = { bucket: "theirs", targetBucket: "records", targetPrefix: "theirs/", ...away };
        await expect(make(token("s3", "BucketLogging"), target)).rejects.toThrow("targetBucket is in eu-central-1");
    });

    test("is a key with its alias", async () => {
        const targetKeyId = await key(away);
        const alias = { name: "alias/theirs", targetKeyId };
        await expect(make(token("kms", "Alias"), alias)).rejects.toThrow("is a key in eu-west-1, and the alias is in");
        await expect(make(token("kms", "Alias"), { ...alias, ...away })).resolves.toBe("alias/theirs");
    });

    test("is one that AWS has", async () => {
        await expect(bucket("theirs", { region: "eu-wset-1" })).rejects.toThrow('region "eu-wset-1" is no region');
    });
});
