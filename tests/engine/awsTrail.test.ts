import { inFreshAccounts, make, token } from "./awsGround";

/** Where the simulated CloudTrail writes. */

const trail = (inputs: Readonly<Record<string, string>>) =>
    make(token("cloudtrail", "Trail"), { name: "tars", ...inputs });
const key = (account: string) => `arn:aws:kms:eu-central-1:${account}:key/22222222-2222-2222-2222-222222222222`;

inFreshAccounts();

test("a trail goes to a bucket that is there, or to one of the account whose key it is given", async () => {
    await make(token("s3", "Bucket"), { bucket: "records" });
    await expect(trail({ s3BucketName: "records" })).resolves.toContain(":trail/tars");
    const away = { name: "away", s3BucketName: "audit", kmsKeyId: key("111122223333") };
    await expect(make(token("cloudtrail", "Trail"), away, "away")).resolves.toContain(":trail/away");
});

test("a bucket that is not there is refused, and so is a key of the own account", async () => {
    await expect(trail({ s3BucketName: "audit" })).rejects.toThrow('"audit" does not exist');
    await expect(trail({ s3BucketName: "audit", kmsKeyId: key("123456789012") })).rejects.toThrow("does not exist");
});
