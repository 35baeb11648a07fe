import type { CloudKind, CloudRecord, CloudView, Subject } from "../../cloud/kind";
import { textAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import type { InputIssue } from "../../protocol";
import { regionOf } from "../account";
import { type AwsKind, awsKind } from "../kind";
import { types } from "./types";

/** What belongs to one bucket, and is there at most once. It goes with the bucket, so it does not hold it. */
export function partOf(name: string, own: Partial<AwsKind> = {}): Readonly<Record<string, CloudKind>> {
    const type = `aws:s3/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;
    return awsKind(type, {
        ...own,
        required: ["bucket", ...(own.required ?? [])],
        references: [{ path: "bucket", to: [types.bucket], holds: false }, ...(own.references ?? [])],
        changes: { bucket: "replace", ...own.changes },
        judge: (subject) => [...judgeRegion(subject), ...(own.judge?.(subject) ?? [])],
        id: ({ inputs }) => textAt(inputs, "bucket") ?? "",
    });
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html "PermanentRedirect" */
function judgeRegion({ inputs, config, cloud }: Subject): InputIssue[] {
    const record = bucketOf(inputs, cloud);
    const [here, there] = [regionOf(inputs, config), bucketRegion(record)];
    if (record === undefined || here === there) return [];
    return [{ property: "region", reason: `is ${here}, but the bucket ${record.id} is in ${there}` }];
}

export const bucketOf = (inputs: Properties, cloud: CloudView): CloudRecord | undefined =>
    cloud.get(types.bucket, textAt(inputs, "bucket") ?? "");

export const bucketRegion = (record: CloudRecord | undefined): string | undefined =>
    textAt(record?.outputs, "bucketRegion");

export function isVersioned(record: CloudRecord | undefined, cloud: CloudView): boolean {
    const versions = cloud.get(types.bucketVersioning, record?.id ?? "")?.inputs;
    return textAt(versions, "versioningConfiguration.status") === "Enabled";
}
