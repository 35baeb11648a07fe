import { controls } from "../../controls";
import type { Value } from "../../reading/value";
import type { Subject } from "../../resources/subject";
import type { Report, ResourceRule } from "../../rule";
import { sampleOf } from "../../samples";
import {
    administrator,
    allow,
    attachment,
    boundary,
    inlinePolicy,
    podRole,
    policyOf,
    serviceRole,
    webRole,
} from "./permissions.samples";
import { allowing, covers, each, servicesOf, textsOf } from "./policyDocument";

export const permissions: ResourceRule = {
    id: "AWS-16",
    title: "Nobody may do everything, hand on any role, or give a workload more than its boundary",
    severity: "critical",
    level: "mandatory",
    scope: "resource",
    kinds: [
        "aws:iam/Policy",
        "aws:iam/RolePolicy",
        "aws:iam/UserPolicy",
        "aws:iam/GroupPolicy",
        "aws:iam/PolicyAttachment",
        "aws:iam/RolePolicyAttachment",
        "aws:iam/UserPolicyAttachment",
        "aws:iam/GroupPolicyAttachment",
        "aws:iam/Role",
    ],
    controls: controls({ soc2: ["CC6.3"], iso27001: ["8.2", "8.3"] }),
    why: "Who may do everything, or pass any role to a machine of theirs, is the account's owner under another name.",
    fix: "name the actions and the resources that are needed, and give roles of pods a permissionsBoundary",
    link: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    samples: {
        passing: [
            sampleOf(allow(["s3:GetObject", "ec2:Describe*"], "*")),
            sampleOf(podRole({ permissionsBoundary: boundary })),
            sampleOf(serviceRole({ managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"] })),
            sampleOf(attachment("arn:aws:iam::aws:policy/AmazonEKSClusterPolicy")),
            sampleOf(allow("iam:PassRole", "arn:aws:iam::123456789012:role/app")),
            sampleOf(policyOf({ Effect: "Deny", Action: "*", Resource: "*" })),
        ],
        failing: [
            { sample: sampleOf(allow("*", "arn:aws:s3:::app")), problem: "allows every action" },
            { sample: sampleOf(allow(["s3:GetObject", "*:*"], "*")), problem: "allows every action" },
            {
                sample: sampleOf(policyOf({ Effect: "Allow", NotAction: "iam:*", Resource: "*" })),
                problem: "allows every action that it does not name",
            },
            { sample: sampleOf(allow("iam:PassRole", "*")), problem: "hands on any role" },
            { sample: sampleOf(allow("iam:*", ["arn:aws:iam::*:role/*"])), problem: "hands on any role" },
            { sample: sampleOf(attachment(administrator)), problem: "gives AdministratorAccess" },
            {
                sample: sampleOf(serviceRole({ managedPolicyArns: [administrator] })),
                problem: "gives AdministratorAccess",
            },
            { sample: sampleOf(serviceRole({ inlinePolicies: [inlinePolicy] })), problem: "allows every action" },
            { sample: sampleOf(podRole({})), problem: "permissionsBoundary is not set on a role for pods" },
            { sample: sampleOf(webRole), problem: "permissionsBoundary is not set on a role for pods" },
        ],
    },
    check: (subject, report) => {
        const { kind, object } = subject;
        if (kind.kind === "Role") checkRole(subject, report);
        else if (kind.kind.endsWith("Attachment")) checkManaged(object.get("policyArn"), report);
        else checkDocument(object.get("policy"), report);
    },
};

function checkRole({ object }: Subject, report: Report): void {
    for (const arn of object.get("managedPolicyArns").items()) checkManaged(arn, report);
    for (const policy of object.get("inlinePolicies").items()) checkDocument(policy.get("policy"), report);
    const own = object.get("permissionsBoundary");
    // A boundary that is made in the same update has no ARN yet: that there will be one is enough.
    if (own.isSet || !allowing(object.get("assumeRolePolicy")).some(isForPods)) return;
    report({ path: own.path, problem: "is not set on a role for pods" });
}

function isForPods(statement: Value): boolean {
    if (servicesOf(statement).includes("pods.eks.amazonaws.com")) return true;
    return textsOf(statement.get("Action")).some((action) => covers(action, "sts:AssumeRoleWithWebIdentity"));
}

/** The policies of AWS that allow everything to everybody who has them. */
function checkManaged(policyArn: Value, report: Report): void {
    const arn = policyArn.text();
    if (typeof arn === "string" && /^arn:aws[\w-]*:iam::aws:policy\/AdministratorAccess$/.test(arn)) {
        report({ path: policyArn.path, problem: "gives AdministratorAccess" });
    }
}

function checkDocument(document: Value, report: Report): void {
    for (const statement of allowing(document)) checkStatement(statement, report);
}

function checkStatement(statement: Value, report: Report): void {
    const others = statement.get("NotAction");
    if (others.isSet) report({ path: others.path, problem: "allows every action that it does not name" });
    for (const action of each(statement.get("Action"))) {
        const read = action.text();
        if (read === "*" || read === "*:*") report({ path: action.path, problem: "allows every action" });
        else if (typeof read === "string" && covers(read, "iam:PassRole")) checkPassed(statement, report);
    }
}

/** Any role of the account, whatever the account. */
const anyRole = /^(\*|arn:aws[\w-]*:iam::[\d*]*:(\*|role\/\*))$/;

function checkPassed(statement: Value, report: Report): void {
    for (const resource of each(statement.get("Resource"))) {
        const read = resource.text();
        if (typeof read === "string" && anyRole.test(read))
            report({ path: resource.path, problem: "hands on any role" });
    }
}
