import type { Issues } from "../../foundation/issues";
import { checkTeams, membersOf, type TeamRole, teamRoles, teamsOf } from "../common/teams";
import type { Teams } from "../contract";
import type { AwsAccount } from "./account";
import type { AwsSettings } from "./settings";

/**
 * Groups that an access entry puts its principal into. EKS takes any name, and audit records have it; those that begin with `system:` are
 * Kubernetes' own.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/create-k8s-group-access-entry.html
 */
export const teamGroups = {
    breakGlass: "tars:break-glass",
    developers: "tars:developers",
    viewers: "tars:viewers",
} as const satisfies Record<TeamRole, string>;

/** @see https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html#access-policy-permissions-amazoneksclusteradminpolicy */
const administration = {
    administrator: {
        policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
        accessScope: { type: "cluster" },
    },
} as const;

/**
 * Who may log in to the cluster, each principal by one entry. Administrators, and whoever is to help in an emergency, may do everything by
 * an access policy of EKS, which holds even where the cluster's own roles are broken; the others have what their group is given.
 */
export function accessEntries(account: Pick<AwsAccount, "section" | "tags">) {
    const { administrators, access } = account.section;
    const entries = [
        ...administrators.map((principalArn) => ({ principalArn, accessPolicies: administration })),
        ...teamRoles.flatMap((role) => membersOf(access, role).map((arn) => teamEntry(role, arn, account))),
    ];
    return Object.fromEntries(entries.map((entry) => [entryName(entry.principalArn), entry]));
}

function teamEntry(role: TeamRole, principalArn: string, account: Pick<AwsAccount, "section" | "tags">) {
    return {
        principalArn,
        type: "STANDARD" as const,
        kubernetesGroups: [teamGroups[role]],
        tags: account.tags(`${account.section.name}-${entryName(principalArn)}`),
        ...(role === "breakGlass" && { accessPolicies: administration }),
    };
}

/** Roles of people are told apart by the account; inside the cluster all of one team are one group. */
export function teams({ access }: AwsSettings): Teams | undefined {
    const groupOf = (role: TeamRole) => (membersOf(access, role).length === 0 ? [] : [teamGroups[role]]);
    return teamsOf({ breakGlass: [], developers: groupOf("developers"), viewers: groupOf("viewers") });
}

/** Such as `role-platform-admin`: the part of an ARN that tells the principals of one account apart. */
function entryName(principal: string): string {
    return principal.replace(/^.*?:(role|user)\//, "$1-").replaceAll("/", "-");
}

/** EKS takes one entry a principal; two whose names differ by a slash only would become one entry here. */
export function checkPrincipals({ administrators, access }: AwsSettings, issues: Issues): void {
    const named = administrators.map((group, index) => ({ key: `aws.administrators.${index}`, group }));
    checkTeams({ section: "aws", access, administrators: named, identityOf: entryName }, issues);
}
