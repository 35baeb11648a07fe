import { cidrOf } from "../../../../components/foundation/cidr";
import type { CloudKind, Subject } from "../../cloud/kind";
import { numberAt, textAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import type { InputIssue } from "../../protocol";
import { account } from "../account";
import { awsKind } from "../kind";
import { ec2, ec2Arn } from "./network";
import { securityGroups as groupReference, types } from "./types";

const group = awsKind(types.securityGroup, {
    references: [{ path: "vpcId", to: [types.vpc] }],
    defaults: { description: "Managed by Pulumi", revokeRulesOnDelete: false },
    autoName: { property: "name", longest: 255 },
    tagged: true,
    computed: ["ownerId"],
    rules: {
        // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
        name: {
            form: /^(?!sg-)[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/,
            says: "up to 255 letters, digits and common marks, not beginning with sg-",
        },
    },
    judge: ({ inputs, cloud }) => {
        const same = cloud
            .all(types.securityGroup)
            .find((other) => ["vpcId", "name"].every((name) => textAt(other.outputs, name) === textAt(inputs, name)));
        return same ? [{ property: "name", reason: `${same.id} of the same VPC has it` }] : [];
    },
    id: ec2("sg"),
    arn: ec2Arn("security-group"),
    outputs: () => ({ ownerId: account }),
});

/** The group that a VPC is born with: it is taken over, and stays when it is let go. */
const defaultGroup = awsKind(types.defaultSecurityGroup, {
    references: [{ path: "vpcId", to: [types.vpc], holds: false }],
    changes: { vpcId: "replace" },
    tagged: true,
    computed: ["ownerId", "name", "description"],
    id: ({ inputs, cloud }) =>
        textAt(cloud.get(types.vpc, textAt(inputs, "vpcId") ?? "")?.outputs, "defaultSecurityGroupId") ?? "sg-default",
    arn: ec2Arn("security-group"),
    outputs: () => ({ ownerId: account, name: "default", description: "default VPC security group" }),
});

const sources = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"];

/** A changed rule is modified in AWS, unless its source is of another kind: ModifySecurityGroupRules, which the provider uses. */
const ruleChanges = {
    securityGroupId: "replace",
    cidrIpv4: "update",
    cidrIpv6: "update",
    prefixListId: "update",
    referencedSecurityGroupId: "update",
    fromPort: "update",
    toPort: "update",
    ipProtocol: "update",
    description: "update",
} as const;

function rule(direction: "Ingress" | "Egress") {
    const type = `aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`;
    return awsKind(type, {
        required: ["securityGroupId", "ipProtocol"],
        references: [groupReference("securityGroupId"), groupReference("referencedSecurityGroupId")],
        changes: ruleChanges,
        tagged: true,
        computed: ["securityGroupRuleId"],
        check: checkRule,
        judge: (subject) => judgeRule(type, subject),
        id: ec2("sgr"),
        arn: ec2Arn("security-group-rule"),
        outputs: (_, id) => ({ securityGroupRuleId: id }),
    });
}

export const securityGroups: Readonly<Record<string, CloudKind>> = {
    ...group,
    ...defaultGroup,
    ...rule("Ingress"),
    ...rule("Egress"),
};

function checkRule(inputs: Properties): InputIssue[] {
    const given = sources.filter((name) => name in inputs);
    const range = textAt(inputs, "cidrIpv4");
    const [from, to] = [numberAt(inputs, "fromPort"), numberAt(inputs, "toPort")];
    const wrong = from !== undefined && to !== undefined && from > to;
    return [
        ...(given.length > 1 ? [{ property: given.join(", "), reason: "exclude each other" }] : []),
        ...(range !== undefined && cidrOf(range) === undefined
            ? [{ property: "cidrIpv4", reason: `must be an IPv4 range without bits beyond its prefix, got "${range}"` }]
            : []),
        ...(wrong ? [{ property: "toPort", reason: `must not be below fromPort (${from}), got ${to}` }] : []),
    ];
}

function judgeRule(type: string, { inputs, cloud }: Subject): InputIssue[] {
    const what = (of: Properties) =>
        JSON.stringify(
            [...sources, "securityGroupId", "ipProtocol", "fromPort", "toPort"].map((name) => of[name] ?? null),
        );
    const same = cloud.all(type).find((other) => what(other.inputs) === what(inputs));
    if (sources.every((name) => inputs[name] === undefined)) {
        return [{ property: sources.join(", "), reason: "are all missing: one must be given" }];
    }
    return same ? [{ property: "securityGroupId", reason: `has the same rule already: ${same.id}` }] : [];
}
