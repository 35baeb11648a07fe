import type { CloudKind, Subject } from "../../cloud/kind";
import { textAt, textsAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import type { InputIssue } from "../../protocol";
import { arn, regionOf, uuid } from "../account";
import { awsKind } from "../kind";
import { types } from "./types";

/** Names are proven in the order in which they are asked for; a wildcard by the same record as the name below which it stands. */
const certificate = awsKind(types.certificate, {
    required: ["domainName"],
    defaults: { keyAlgorithm: "RSA_2048" },
    // https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html: another method is another request.
    changes: { validationMethod: "replace" },
    tagged: true,
    computed: ["domainValidationOptions", "status"],
    check: (inputs) => {
        const method = textAt(inputs, "validationMethod");
        return method === "DNS"
            ? []
            : [{ property: "validationMethod", reason: `of the simulated account is DNS, got ${method}` }];
    },
    id: ({ inputs, config, unique }) => arn("acm", regionOf(inputs, config), `certificate/${uuid(unique)}`),
    arn: (_, id) => id,
    outputs: ({ inputs, unique }) => ({
        status: "PENDING_VALIDATION",
        domainValidationOptions: namesOf(inputs).map((domainName) => proofOf(domainName, unique)),
    }),
});

function namesOf(inputs: Properties): readonly string[] {
    return [...new Set([...textsAt(inputs, "domainName"), ...textsAt(inputs, "subjectAlternativeNames")])];
}

/** @see https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html "How CNAME records for ACM work" */
function proofOf(domainName: string, unique: string): Properties {
    const base = domainName.replace(/^\*\./, "");
    const token = (salt: string) => `_${digits(`${salt}${base}${unique}`)}`;
    return {
        domainName,
        resourceRecordName: `${token("name")}.${base}.`,
        resourceRecordType: "CNAME",
        resourceRecordValue: `${token("value")}.acm-validations.aws.`,
    };
}

/** Thirty-two digits that always follow from the same text. */
function digits(text: string): string {
    const words = [0, 1, 2, 3].map((seed) => [...text].reduce((sum, letter) => mix(sum, letter), seed + 0x811c9dc5));
    return words.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

const mix = (sum: number, letter: string) => Math.imul(sum ^ (letter.codePointAt(0) ?? 0), 0x01000193);

/** Not a thing of AWS but a wait of the provider's. Here nothing waits: what is not there yet would never come. */
const validation = awsKind(types.certificateValidation, {
    required: ["certificateArn"],
    references: [{ path: "certificateArn", to: [types.certificate], by: "arn", holds: false }],
    changes: { certificateArn: "replace", validationRecordFqdns: "replace" },
    judge: judgeValidation,
    id: ({ unique }) => uuid(unique),
});

function judgeValidation({ inputs, cloud }: Subject): InputIssue[] {
    const named = cloud.find([types.certificate], "arn", textAt(inputs, "certificateArn") ?? "");
    const [names, values] = ["resourceRecordName", "resourceRecordValue"].map((part) =>
        textsAt(named?.outputs, `domainValidationOptions.${part}`),
    );
    const records = cloud.all(types.record);
    const isThere = (name: string, value: string) =>
        records.some(
            ({ outputs }) => `${textAt(outputs, "fqdn")}.` === name && textsAt(outputs, "records").includes(value),
        );
    const missing = (names ?? []).filter((name, index) => !isThere(name, values?.[index] ?? ""));
    return missing.map((name) => ({ property: "certificateArn", reason: `waits for ${name}, which no zone has` }));
}

const record = awsKind(types.record, {
    required: ["zoneId", "name", "type"],
    references: [{ path: "zoneId", to: [types.zone] }],
    // https://www.pulumi.com/registry/packages/aws/api-docs/route53/record/#inputs
    changes: { name: "replace", type: "replace", ttl: "update", allowOverwrite: "update" },
    computed: ["fqdn"],
    judge: (subject) => [...checkValues(subject.inputs), ...judgeRecord(subject)],
    id: (subject) => `${textAt(subject.inputs, "zoneId")}_${fqdnOf(subject)}_${textAt(subject.inputs, "type")}`,
    outputs: (subject) => ({ fqdn: fqdnOf(subject) }),
});

/** A record has its values and how long they hold, or is another name of something of AWS. */
function checkValues(inputs: Properties): InputIssue[] {
    const [own, alias] = [inputs.records !== undefined, inputs.aliases !== undefined];
    if (own === alias) return [{ property: "records", reason: "or aliases is required, and not both" }];
    return own && inputs.ttl === undefined ? [{ property: "ttl", reason: "is required beside records" }] : [];
}

/** The provider puts the zone behind a name that does not end with it. */
function fqdnOf({ inputs, cloud }: Subject): string {
    const name = (textAt(inputs, "name") ?? "").replace(/\.$/, "");
    const zone = textAt(cloud.get(types.zone, textAt(inputs, "zoneId") ?? "")?.outputs, "name") ?? "";
    return name === zone || name.endsWith(`.${zone}`) ? name : `${name}.${zone}`;
}

function judgeRecord(subject: Subject): InputIssue[] {
    const { inputs, id, cloud } = subject;
    const what = (of: Properties, fqdn: string) => [textAt(of, "zoneId"), textAt(of, "type"), fqdn].join(" ");
    const own = what(inputs, fqdnOf(subject));
    const same = cloud
        .all(types.record)
        .find((one) => one.id !== id && what(one.outputs, textAt(one.outputs, "fqdn") ?? "") === own);
    return [
        ...(same ? [{ property: "name", reason: `the zone has such a record already: ${same.id}` }] : []),
        ...textsAt(inputs, "aliases.name")
            .filter((target) => cloud.find([types.loadBalancer], "dnsName", target) === undefined)
            .map((target) => ({ property: "aliases.name", reason: `"${target}" is no load balancer of the account` })),
    ];
}

export const certificates: Readonly<Record<string, CloudKind>> = { ...certificate, ...validation, ...record };
