import type { CloudKind, CloudView, Subject } from "../../cloud/kind";
import { textAt, textsAt, valuesAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import type { InputIssue } from "../../protocol";
import { arn, iamId } from "../account";
import { awsKind, documentOf } from "../kind";
import { types } from "./types";

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html "IAM name requirements" */
const nameRule = { form: /^[\w+=,.@-]+$/, says: "letters, digits and any of +=,.@_-" };

/** A policy that AWS brings: `arn:aws:iam::aws:policy/...`; only those that the simulator knows of exist. */
const managedPolicy = /^arn:aws:iam::aws:policy\//;

/**
 * Of AWS's managed policies, those that clusters, nodes and account services are given.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/security-iam-awsmanpol.html
 * @see https://docs.aws.amazon.com/config/latest/developerguide/security-iam-awsmanpol.html
 */
const managedPolicies = [
    "AmazonEKSClusterPolicy",
    "AmazonEKSVPCResourceController",
    "AmazonEKSServicePolicy",
    "AmazonEKSWorkerNodePolicy",
    "AmazonEKSWorkerNodeMinimalPolicy",
    "AmazonEKS_CNI_Policy",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonEC2ContainerRegistryReadOnly",
    "AmazonSSMManagedInstanceCore",
    "service-role/AmazonEBSCSIDriverPolicy",
    "service-role/AWS_ConfigRole",
];

const role = awsKind(types.role, {
    required: ["assumeRolePolicy"],
    defaults: { path: "/", maxSessionDuration: 3600, forceDetachPolicies: false },
    autoName: { property: "name", longest: 64 },
    rules: { name: { ...nameRule, form: /^[\w+=,.@-]{1,64}$/ } },
    tagged: true,
    computed: ["uniqueId", "createDate"],
    check: (inputs) => checkDocument(inputs, "assumeRolePolicy", { principal: true }),
    id: ({ inputs }) => textAt(inputs, "name") ?? "",
    arn: ({ inputs }, id) => arn("iam", "", `role${textAt(inputs, "path") ?? "/"}${id}`),
    outputs: ({ unique }) => ({ uniqueId: iamId("AROA", unique), createDate: new Date().toISOString() }),
});

const rolePolicy = awsKind("aws:iam/rolePolicy:RolePolicy", {
    required: ["role", "policy"],
    references: [{ path: "role", to: [types.role] }],
    autoName: { property: "name", longest: 128 },
    rules: { name: nameRule },
    check: (inputs) => checkDocument(inputs, "policy", { principal: false }),
    id: ({ inputs }) => `${textAt(inputs, "role")}:${textAt(inputs, "name")}`,
});

const policy = awsKind(types.policy, {
    required: ["policy"],
    defaults: { path: "/" },
    autoName: { property: "name", longest: 128 },
    rules: { name: nameRule },
    tagged: true,
    computed: ["policyId", "attachmentCount"],
    check: (inputs) => checkDocument(inputs, "policy", { principal: false }),
    id: ({ inputs }) => arn("iam", "", `policy${textAt(inputs, "path")}${textAt(inputs, "name")}`),
    arn: (_, id) => id,
    outputs: ({ unique }) => ({ policyId: iamId("ANPA", unique), attachmentCount: 0 }),
});

const attachment = awsKind(types.rolePolicyAttachment, {
    required: ["role", "policyArn"],
    references: [
        { path: "role", to: [types.role] },
        { path: "policyArn", to: [types.policy], by: "arn", given: managedPolicy },
    ],
    // https://github.com/hashicorp/terraform-provider-aws/blob/04c79849dbe7fbe76c3054b364357bcdaade9ac5/internal/service/iam/role_policy_attachment.go
    changes: { role: "replace", policyArn: "replace" },
    check: (inputs) => checkManaged(textAt(inputs, "policyArn")),
    id: ({ inputs }) => `${textAt(inputs, "role")}/${textAt(inputs, "policyArn")}`,
});

const instanceProfile = awsKind("aws:iam/instanceProfile:InstanceProfile", {
    references: [{ path: "role", to: [types.role] }],
    defaults: { path: "/" },
    autoName: { property: "name", longest: 128 },
    rules: { name: nameRule },
    tagged: true,
    computed: ["uniqueId", "createDate"],
    id: ({ inputs }) => textAt(inputs, "name") ?? "",
    arn: ({ inputs }, id) => arn("iam", "", `instance-profile${textAt(inputs, "path")}${id}`),
    outputs: ({ unique }) => ({ uniqueId: iamId("AIPA", unique), createDate: new Date().toISOString() }),
});

/**
 * An issuer of tokens, of which an account knows one by a URL.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html
 */
const openIdConnectProvider = awsKind("aws:iam/openIdConnectProvider:OpenIdConnectProvider", {
    required: ["url", "clientIdLists"],
    rules: { url: { form: /^https:\/\/[^?#]{1,247}$/, says: "an https URL without a query" } },
    tagged: true,
    id: ({ inputs }) => arn("iam", "", `oidc-provider/${(textAt(inputs, "url") ?? "").replace(/^https:\/\//, "")}`),
    arn: (_, id) => id,
});

export const identity: Readonly<Record<string, CloudKind>> = {
    ...role,
    ...rolePolicy,
    ...policy,
    ...attachment,
    ...instanceProfile,
    ...openIdConnectProvider,
};

function checkManaged(policyArn: string | undefined): InputIssue[] {
    if (policyArn === undefined || !managedPolicy.test(policyArn)) return [];
    const name = policyArn.replace(managedPolicy, "");
    if (managedPolicies.includes(name)) return [];
    return [{ property: "policyArn", reason: `"${policyArn}" is none of AWS's policies that the simulator knows` }];
}

interface Demand {
    /** Whether each statement says who it is about. */
    readonly principal: boolean;
}

/** A policy is JSON with statements; a trust policy says who, one of an identity does not. */
export function checkDocument(inputs: Properties, property: string, { principal }: Demand): InputIssue[] {
    const text = textAt(inputs, property);
    if (text === undefined) return [];
    const document = documentOf(text);
    const statements = document && valuesAt(document, "Statement");
    if (!statements?.length) return [{ property, reason: "must be a JSON document with statements" }];
    const wrong = statements.some((statement) => valuesAt(statement, "Principal").length > 0 !== principal);
    return wrong ? [{ property, reason: `must ${principal ? "" : "not "}say a Principal in each statement` }] : [];
}

/**
 * What a service must be allowed to take a role on; a pod's agent also passes on tags that say whose pod it is.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
 */
function actionsOf(service: string): readonly string[] {
    return service === "pods.eks.amazonaws.com" ? ["sts:AssumeRole", "sts:TagSession"] : ["sts:AssumeRole"];
}

/** Whether a service may take on the role whose ARN this is; conditions are not read. */
export function isTrusted(roleArn: string | undefined, service: string, cloud: CloudView): boolean {
    const record = roleArn === undefined ? undefined : cloud.find([types.role], "arn", roleArn);
    if (record === undefined) return false;
    const document = documentOf(textAt(record.inputs, "assumeRolePolicy")) ?? {};
    const allowed = valuesAt(document, "Statement")
        .filter((statement) => textAt(statement, "Effect") === "Allow")
        .filter((statement) => textsAt(statement, "Principal.Service").includes(service))
        .flatMap((statement) => textsAt(statement, "Action"));
    return actionsOf(service).every((action) => allowed.some((pattern) => names(pattern, action)));
}

/** Actions are compared without regard to case, and a star stands for any end. */
function names(pattern: string, action: string): boolean {
    const [begin = "", ...rest] = pattern.toLowerCase().split("*");
    return rest.length > 0 ? action.toLowerCase().startsWith(begin) : begin === action.toLowerCase();
}

/** What a role is refused for when its user would not be let in. */
export function checkTrust({ inputs, cloud }: Subject, property: string, service: string): InputIssue[] {
    const named = textAt(inputs, property);
    if (named === undefined || isTrusted(named, service, cloud)) return [];
    const actions = actionsOf(service).join(" and ");
    return [
        { property, reason: `${named} does not let ${service} take it on: its trust policy must allow ${actions}` },
    ];
}

/** Names of AWS's policies that a role has. */
export function attachedPolicies(roleArn: string, cloud: CloudView): readonly string[] {
    const record = cloud.find([types.role], "arn", roleArn);
    return cloud
        .all(types.rolePolicyAttachment)
        .filter(({ inputs }) => textAt(inputs, "role") === record?.id)
        .map(({ inputs }) => (textAt(inputs, "policyArn") ?? "").replace(managedPolicy, ""));
}
