import type { CloudKind, Subject } from "../../cloud/kind";
import { textAt, textsAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import type { InputIssue } from "../../protocol";
import { armKind } from "../arm";
import { updates } from "../changes";
import { guidFrom, nameOfId, sameId } from "../ids";
import { names } from "../names";
import { apiSources, pages } from "../sources";
import { tokens } from "../tokens";
import { networkPath } from "./network";
import { endpointsOf, isAddress } from "./traffic";

/** Where a record says what it leads to, by its type. */
const contents: Readonly<Record<string, string>> = {
    A: "aRecords",
    AAAA: "aaaaRecords",
    CAA: "caaRecords",
    CNAME: "cnameRecord",
    DS: "dsRecords",
    MX: "mxRecords",
    NAPTR: "naptrRecords",
    NS: "nsRecords",
    PTR: "ptrRecords",
    SOA: "soaRecord",
    SRV: "srvRecords",
    TLSA: "tlsaRecords",
    TXT: "txtRecords",
};
const types = Object.keys(contents).join(", ");

const record = armKind({
    path: `${networkPath}/dnsZones/{zoneName}/{recordType}/{relativeRecordSetName}`,
    apiVersion: "2023-07-01-preview",
    name: names.record,
    references: [
        // The alias of what is gone is empty, and stays (`pages.alias`).
        { path: "targetResource.id", to: [tokens.trafficProfile, tokens.publicAddress], holds: false },
    ],
    changes: [
        updates(
            apiSources.dns,
            ...["metadata", "targetResource", "trafficManagementProfile", "ttl"],
            ...Object.values(contents),
        ),
    ],
    computed: ["etag", "fqdn", "provisioningState"],
    outputs: ({ inputs, unique }) => ({
        type: `Microsoft.Network/dnszones/${textAt(inputs, "recordType")}`,
        etag: guidFrom(unique, 7),
        fqdn: fqdnOf(inputs),
        provisioningState: "Succeeded",
    }),
    check: contentIssues,
    judge: (subject) => [...emptyIssues(subject.inputs), ...neighbourIssues(subject), ...aliasIssues(subject)],
});

function fqdnOf(inputs: Properties): string {
    const [name, zone] = [textAt(inputs, "relativeRecordSetName"), textAt(inputs, "zoneName")];
    return name === "@" ? `${zone}.` : `${name}.${zone}.`;
}

const typeOf = (inputs: Properties): string => textAt(inputs, "recordType") ?? "";

/** A record is an alias or says itself where it leads, not both. The zone's own name has records beside which no CNAME may stand. */
function contentIssues(inputs: Properties): InputIssue[] {
    const type = typeOf(inputs);
    const property = contents[type];
    if (property === undefined) return [{ property: "recordType", reason: `must be ${types}` }];
    if (type === "CNAME" && inputs.relativeRecordSetName === "@") {
        return [{ property: "relativeRecordSetName", reason: `must not be @ of a CNAME (${pages.records})` }];
    }
    if (inputs.targetResource === undefined) return [];
    if (!["A", "AAAA", "CNAME"].includes(type)) {
        return [{ property: "targetResource", reason: `is for A, AAAA and CNAME (${pages.alias})` }];
    }
    return property in inputs ? [{ property, reason: "must not be beside targetResource" }] : [];
}

/** Only once everything is known: in a preview what it is an alias of may have no id yet. */
function emptyIssues(inputs: Properties): InputIssue[] {
    const property = contents[typeOf(inputs)] ?? "";
    if (property in inputs || "targetResource" in inputs) return [];
    return [{ property, reason: "must be there, or targetResource" }];
}

/** A CNAME stands beside no other record of its name. */
function neighbourIssues({ id, inputs, cloud }: Subject): InputIssue[] {
    const there = cloud
        .all(tokens.record)
        .filter((other) => other.id !== id && sameId(fullName(other.outputs), fullName(inputs)))
        .find(({ outputs }) => [typeOf(inputs), typeOf(outputs)].includes("CNAME"));
    if (there === undefined) return [];
    return [{ property: "recordType", reason: `is ${typeOf(inputs)} beside ${there.id} (${pages.records})` }];
}

const fullName = ({ resourceGroupName, zoneName, relativeRecordSetName }: Properties) =>
    [resourceGroupName, zoneName, relativeRecordSetName].map(String).join("/");

/** An alias of addresses leads to a profile only where its endpoints are addresses too. */
function aliasIssues({ inputs, cloud }: Subject): InputIssue[] {
    const [target = ""] = textsAt(inputs, "targetResource.id");
    if (typeOf(inputs) === "CNAME" || cloud.get(tokens.trafficProfile, target) === undefined) return [];
    return endpointsOf(target, cloud)
        .filter(({ outputs }) => !isAddress(outputs))
        .map(({ id }) => ({
            property: "targetResource",
            reason: `has the endpoint ${nameOfId(id)}, which is no address (${pages.alias})`,
        }));
}

export const recordKinds: Readonly<Record<string, CloudKind>> = { [tokens.record]: record };
