import { controls } from "../../controls";
import { absent, type Read, undecided } from "../../reading/value";
import type { Stack } from "../../resources/stack";
import { nameOf, namespaceOf, type Subject } from "../../resources/subject";
import type { Context, Report, StackReport, StackRule } from "../../rule";
import { expectedAccountsSetting, isExpectedAccount } from "../expectedAccounts";
import { isOneOf } from "./readings";
import { workloadRightSamples } from "./workloadRights.samples";

const assignmentKind = "azure-native:authorization/RoleAssignment";
const roleKind = "azure-native:authorization/RoleDefinition";
const credentialKind = "azure-native:managedidentity/FederatedIdentityCredential";
const accountKind = "core/ServiceAccount";

/**
 * Built-in roles that may do nearly everything, or give it to themselves: Owner, Contributor, User Access Administrator and Role Based
 * Access Control Administrator.
 *
 * @see https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
 */
const mighty = [
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
    "b24988ac-6180-42a0-ab88-20f7382dd24c",
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
    "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
] as const;

/** A subscription, a management group, or everything: wider than a group of resources. */
const wideScope = /^\/?(subscriptions\/[^/]+\/?|providers\/Microsoft\.Management\/managementGroups\/[^/]+\/?)?$/i;

/** A service account by its full name; a star stands for nobody in a credential, so that it can only be a mistake. */
const exactSubject = /^system:serviceaccount:([a-z0-9-]+):([a-z0-9.-]+)$/;

export const workloadRights: StackRule = {
    id: "AZ-18",
    title: "Workloads have narrow roles in Azure, and identities trust one service account each",
    severity: "critical",
    level: "mandatory",
    scope: "stack",
    kinds: [assignmentKind, roleKind, credentialKind, accountKind],
    controls: controls({ soc2: ["CC6.3"], iso27001: ["8.2", "5.18"], cisAks: ["5.1.2", "5.1.3"] }),
    why: "A pod that is taken over has every right of its identity; an identity that trusts whoever comes has no owner at all.",
    fix: "give the least role on the resource itself, and name system:serviceaccount:NAMESPACE:NAME of an account that is there",
    link: "https://learn.microsoft.com/azure/role-based-access-control/best-practices",
    settings: expectedAccountsSetting,
    samples: workloadRightSamples,
    check: (stack, report, context) => {
        const accounts = accountsOf(stack);
        for (const assignment of stack.of(assignmentKind)) checkAssignment(assignment, to(assignment, report));
        for (const role of stack.of(roleKind)) checkRole(role, to(role, report));
        for (const credential of stack.of(credentialKind)) {
            checkSubject(credential, { accounts, context, report: to(credential, report) });
        }
    },
};

function to(subject: Subject, report: StackReport): Report {
    return (observation) => report(subject, observation);
}

/** People and groups of people are others' business (RBAC and break-glass); what says nothing may be a workload. */
function checkAssignment({ object }: Subject, report: Report): void {
    if (isOneOf(["User", "Group"], object.get("principalType").text())) return;
    const role = object.get("roleDefinitionId").text();
    if (typeof role !== "string" || !mighty.some((id) => role.toLowerCase().endsWith(id))) return;
    const scope = object.get("scope").text();
    if (typeof scope !== "string" || !wideScope.test(scope)) return;
    report({ path: "scope", problem: "is a whole subscription or more, for a role that may do nearly everything" });
}

function checkRole({ object }: Subject, report: Report): void {
    for (const permission of object.get("permissions").items()) {
        for (const list of ["actions", "dataActions"]) {
            for (const action of permission.get(list).items()) {
                if (action.text() === "*") report({ path: action.path, problem: "is every action" });
            }
        }
    }
}

interface Trusted {
    readonly accounts: readonly Account[];
    readonly context: Context;
    readonly report: Report;
}

interface Account {
    readonly namespace: Read<string>;
    readonly name: Read<string>;
}

function accountsOf(stack: Stack): readonly Account[] {
    return stack.of(accountKind).map((subject) => {
        const quiet = { ...subject, object: subject.object.quietly };
        return { namespace: namespaceOf(quiet), name: nameOf(quiet) };
    });
}

function checkSubject({ object }: Subject, { accounts, context, report }: Trusted): void {
    const subject = object.get("subject");
    const read = subject.text();
    if (read === undecided) return;
    // Whoever is trusted from outside the cluster, such as a pipeline, has a name of another form.
    if (read !== absent && /^[^*]+$/.test(read) && !read.startsWith("system:")) return;
    const [, namespace, name] = (read === absent ? null : exactSubject.exec(read)) ?? [];
    if (namespace === undefined || name === undefined) {
        report({ path: subject.path, problem: "is not exactly one account" });
        return;
    }
    const matches = (account: Account) => isMaybe(account.namespace, namespace) && isMaybe(account.name, name);
    if (
        isExpectedAccount({ namespace, name }, context) ||
        accounts.some((account) => matches(account) && isKnown(account))
    )
        return;
    const unsure = accounts.some(matches);
    const problem = unsure
        ? "may be of an account that is not there: the name of one is not known before the update"
        : "is of a service account that is not there";
    report({ path: subject.path, problem, undecided: unsure });
}

function isMaybe(read: Read<string>, wanted: string): boolean {
    return read === undecided || read === wanted;
}

function isKnown({ namespace, name }: Account): boolean {
    return namespace !== undecided && name !== undecided;
}
