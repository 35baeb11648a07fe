import type { CloudKind } from "../../cloud/kind";
import { textAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import type { InputIssue } from "../../protocol";
import { armKind } from "../arm";
import { updates } from "../changes";
import { guidFrom } from "../ids";
import { names } from "../names";
import { apiSources } from "../sources";
import { tokens } from "../tokens";

const group = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}";

/** Where a record says what it leads to, by its type. */
const contents = {
    A: "aRecords",
    AAAA: "aaaaRecords",
    CNAME: "cnameRecord",
    TXT: "txtRecords",
} as const satisfies Readonly<Record<string, string>>;

const record = armKind({
    path: `${group}/providers/Microsoft.Network/dnsZones/{zoneName}/{recordType}/{relativeRecordSetName}`,
    apiVersion: "2023-07-01-preview",
    name: names.record,
    references: [{ path: "targetResource.id", to: [tokens.publicAddress] }],
    changes: [updates(apiSources.dns, "ttl", "metadata", "targetResource", ...Object.values(contents))],
    computed: ["fqdn", "provisioningState", "etag"],
    outputs: ({ inputs, unique }) => ({
        type: `Microsoft.Network/dnsZones/${textAt(inputs, "recordType")}`,
        fqdn: fqdnOf(inputs),
        provisioningState: "Succeeded",
        etag: guidFrom(unique, 7),
    }),
    check: contentIssues,
    judge: ({ inputs }) => emptyIssues(inputs),
});

function fqdnOf(inputs: Properties): string {
    const [name, zone] = [textAt(inputs, "relativeRecordSetName"), textAt(inputs, "zoneName")];
    return name === "@" ? `${zone}.` : `${name}.${zone}.`;
}

const types: Readonly<Record<string, string>> = contents;
const typeOf = (inputs: Properties): string => textAt(inputs, "recordType") ?? "";

/** A record leads to a resource of Azure's or says itself where to, not both. @see https://learn.microsoft.com/azure/dns/dns-alias */
function contentIssues(inputs: Properties): InputIssue[] {
    const property = types[typeOf(inputs)];
    if (property === undefined) return [{ property: "recordType", reason: `must be ${Object.keys(types).join(", ")}` }];
    if (!("targetResource" in inputs)) return [];
    if (property in inputs) return [{ property, reason: "must not be there beside targetResource" }];
    if (["A", "AAAA", "CNAME"].includes(typeOf(inputs))) return [];
    return [{ property: "targetResource", reason: "must be of a record of type A, AAAA or CNAME" }];
}

/** Only once everything is known: in a preview the resource that it leads to may have no id yet. */
function emptyIssues(inputs: Properties): InputIssue[] {
    const property = types[typeOf(inputs)] ?? "";
    if (property in inputs || "targetResource" in inputs) return [];
    return [{ property, reason: "must be there, or targetResource" }];
}

export const recordKinds: Readonly<Record<string, CloudKind>> = { [tokens.record]: record };
