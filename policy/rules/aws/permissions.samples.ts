import { cloudResource } from "../../samples";
import { documentOf } from "./policyDocument";

const statementOf = (actions: unknown, resources: unknown) => ({
    Effect: "Allow",
    Action: actions,
    Resource: resources,
});

export const allow = (actions: unknown, resources: unknown) => policyOf(statementOf(actions, resources));

export function policyOf(statement: object) {
    return cloudResource("aws:iam/rolePolicy:RolePolicy", { role: "app", policy: documentOf(statement) });
}

const trust = (principal: object, action: unknown) =>
    documentOf({ Effect: "Allow", Principal: principal, Action: action });

const role = (inputs: object) => cloudResource("aws:iam/role:Role", { name: "app", ...inputs });

const podTrust = trust({ Service: "pods.eks.amazonaws.com" }, ["sts:AssumeRole", "sts:TagSession"]);

/** A role that pods take on. */
export const podRole = (inputs: object) => role({ assumeRolePolicy: podTrust, ...inputs });

/** A role that pods take on by the OIDC provider of their cluster. */
export const webRole = role({
    assumeRolePolicy: trust(
        { Federated: "arn:aws:iam::123456789012:oidc-provider/oidc" },
        "sts:AssumeRoleWithWebIdentity",
    ),
});

export const serviceRole = (inputs: object) =>
    role({ assumeRolePolicy: trust({ Service: "ec2.amazonaws.com" }, "sts:AssumeRole"), ...inputs });

export const boundary = "arn:aws:iam::123456789012:policy/workloads";
export const administrator = "arn:aws:iam::aws:policy/AdministratorAccess";

export function attachment(policyArn: unknown) {
    return cloudResource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", { role: "app", policyArn });
}

export const inlinePolicy = { name: "own", policy: documentOf(statementOf("*", "*")) };
