import { cidr, contains } from "../../foundation/cidr";
import type { Settings } from "../../settings/schema";
import { commonExamples, type Example, exampleZones } from "../common/examples";
import { namedIn } from "../common/teams";
import type { AwsSettings } from "./settings";

/** The account of AWS's documentation: no real caller is in it. */
export const exampleAccount = "123456789012";

/** Another one of it. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
const exampleArchive = "111122223333";

/** Ranges for documentation: nobody's addresses. @see RFC 5737 */
const exampleRanges = ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"];

/** Where a stack still has values of the documentation. */
export function examplesOf(
    { apiAccess, auditArchive, trailArchive, dnsZone, administrators, access }: AwsSettings,
    settings: Settings,
): readonly Example[] {
    const ranges = apiAccess.kind === "private" ? [] : apiAccess.allowedCidrs.filter(isExampleRange);
    const principals = [
        ...administrators.map((group) => ({ key: "aws.administrators", group })),
        ...namedIn("aws", access),
    ];
    const people = principals.filter(({ group }) => group.includes(`:${exampleAccount}:`));
    return [
        ...ranges.map((value) => ({
            key: "aws.apiAccess.allowedCidrs",
            value,
            fix: "name the ranges that people and runners come from",
        })),
        ...(auditArchive?.includes(`:${exampleArchive}:`)
            ? [{ key: "aws.auditArchive", value: auditArchive, fix: "name a destination of your archive's account" }]
            : []),
        ...(trailArchive?.key.includes(`:${exampleArchive}:`)
            ? [{ key: "aws.trailArchive.key", value: trailArchive.key, fix: "name a key of your archive's account" }]
            : []),
        ...exampleZones("aws", dnsZone),
        ...people.map(({ key, group: value }) => ({ key, value, fix: "name roles of your account" })),
        ...commonExamples(settings),
    ];
}

function isExampleRange(range: string): boolean {
    return exampleRanges.some((example) => contains(cidr(example), cidr(range)));
}
