import { cidrOf } from "../../../../components/foundation/cidr";
import type { CloudKind, Subject } from "../../cloud/kind";
import { textAt, textsAt, valuesAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import type { InputIssue } from "../../protocol";
import { arn, regionOf, uuid } from "../account";
import { awsKind } from "../kind";
import { types } from "./types";

const named = (kind: string) => (subject: Subject, id: string) =>
    arn("wafv2", regionOf(subject.inputs, subject.config), `regional/${kind}/${textAt(subject.inputs, "name")}/${id}`);

const regional = (inputs: Properties): InputIssue[] => {
    const scope = textAt(inputs, "scope");
    return scope === "REGIONAL"
        ? []
        : [{ property: "scope", reason: `of the simulated account is REGIONAL, got ${scope}` }];
};

const ipSet = awsKind(types.ipSet, {
    required: ["scope", "ipAddressVersion"],
    autoName: { property: "name", longest: 128 },
    defaults: { addresses: [] },
    tagged: true,
    computed: ["lockToken"],
    check: (inputs) => [...regional(inputs), ...checkAddresses(inputs)],
    id: ({ unique }) => uuid(unique),
    arn: named("ipset"),
    outputs: ({ unique }) => ({ lockToken: uuid(`${unique.slice(8)}${unique}`) }),
});

/** AWS WAF takes every size of range but /0: https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateIPSet.html */
function checkAddresses(inputs: Properties): InputIssue[] {
    if (textAt(inputs, "ipAddressVersion") !== "IPV4") return [];
    const isTaken = (range: string) => (cidrOf(range)?.prefix ?? 0) > 0;
    return textsAt(inputs, "addresses")
        .filter((range) => !isTaken(range))
        .map((range) => ({ property: "addresses", reason: `must be IPv4 ranges of at least /1, got "${range}"` }));
}

/** What its rules ask of a request is not done: nobody calls the simulated account. Its capacity is not counted. */
const webAcl = awsKind(types.webAcl, {
    required: ["scope", "defaultAction", "visibilityConfig"],
    references: [{ path: exemptAt(), to: [types.ipSet], by: "arn" }],
    autoName: { property: "name", longest: 128 },
    // UpdateWebACL takes all of them: https://docs.aws.amazon.com/waf/latest/APIReference/API_UpdateWebACL.html
    changes: { rules: "update" },
    tagged: true,
    computed: ["capacity", "lockToken"],
    check: (inputs) => [...regional(inputs), ...checkRules(inputs)],
    id: ({ unique }) => uuid(unique),
    arn: named("webacl"),
    outputs: ({ unique }) => ({ capacity: 0, lockToken: uuid(`${unique.slice(8)}${unique}`) }),
});

/** Where a rule that counts requests names those that it leaves out. */
function exemptAt(): string {
    return "rules.statement.rateBasedStatement.scopeDownStatement.notStatement.statement.ipSetReferenceStatement.arn";
}

/** @see https://docs.aws.amazon.com/waf/latest/APIReference/API_Rule.html (Action, OverrideAction, Priority) */
function checkRules(inputs: Properties): InputIssue[] {
    const rules = valuesAt(inputs, "rules").filter(isProperties);
    const priorities = rules.map((rule) => rule.priority);
    const wrong = rules.filter((rule) => {
        const isGroup = valuesAt(rule, "statement.managedRuleGroupStatement").length > 0;
        return isGroup ? rule.overrideAction === undefined || rule.action !== undefined : rule.action === undefined;
    });
    return [
        ...(new Set(priorities).size < priorities.length
            ? [{ property: "rules.priority", reason: "is the same of two rules" }]
            : []),
        ...wrong.map((rule) => ({
            property: "rules.action",
            reason: `is what a rule has, and overrideAction a group of rules: ${textAt(rule, "name")} has not`,
        })),
    ];
}

const isProperties = (value: unknown): value is Properties => typeof value === "object" && value !== null;

const association = awsKind(types.webAclAssociation, {
    required: ["resourceArn", "webAclArn"],
    references: [
        // A load balancer that goes takes the association with it.
        { path: "resourceArn", to: [types.loadBalancer], by: "arn", holds: false },
        { path: "webAclArn", to: [types.webAcl], by: "arn" },
    ],
    judge: ({ inputs, id, cloud }) => {
        const resource = textAt(inputs, "resourceArn");
        const other = cloud
            .all(types.webAclAssociation)
            .find((one) => one.id !== id && textAt(one.inputs, "resourceArn") === resource);
        return other ? [{ property: "resourceArn", reason: "has a web ACL already" }] : [];
    },
    id: ({ inputs }) => `${textAt(inputs, "webAclArn")},${textAt(inputs, "resourceArn")}`,
});

const logging = awsKind("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", {
    required: ["resourceArn", "logDestinationConfigs"],
    references: [
        { path: "resourceArn", to: [types.webAcl], by: "arn", holds: false },
        { path: "logDestinationConfigs", to: [types.logGroup, types.bucket], by: "arn", holds: false },
    ],
    check: checkDestinations,
    id: ({ inputs }) => textAt(inputs, "resourceArn") ?? "",
});

/** @see https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html "Log group naming" */
function checkDestinations(inputs: Properties): InputIssue[] {
    return textsAt(inputs, "logDestinationConfigs")
        .filter((destination) => !/:aws-waf-logs-[^:]+$/.test(destination))
        .map((destination) => ({
            property: "logDestinationConfigs",
            reason: `must be of something whose name begins with aws-waf-logs-, got "${destination}"`,
        }));
}

export const webAcls: Readonly<Record<string, CloudKind>> = { ...ipSet, ...webAcl, ...association, ...logging };
