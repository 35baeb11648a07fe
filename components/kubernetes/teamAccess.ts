import { ClusterRoleBinding } from "@pulumi/kubernetes/rbac/v1";
import type { rbac } from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterHandle, TeamSubject, Teams } from "../cloud/contract";
import { type ChildOptions, TarsComponent } from "../foundation/component";
import { type Ownership, platformLabels } from "../foundation/labels";
import { createRights, rbacGroup } from "./rights";
import { developerRules, viewerRules } from "./teamRules";

export interface TeamAccessArgs {
    readonly cluster: ClusterHandle;
    readonly ownership: Ownership;
    readonly teams: Teams;
    /** Namespaces of the platform that people look into. */
    readonly namespaces: readonly string[];
}

/** What people see of what runs, by team and namespace, and who may do everything in an emergency where the cloud does not say so itself. */
export class TeamAccess extends TarsComponent {
    constructor(name: string, args: TeamAccessArgs, opts?: pulumi.ComponentResourceOptions) {
        super("kubernetes", "TeamAccess", name, opts);
        const child = { parent: this, provider: args.cluster.provider };
        for (const team of planTeams(args.teams)) {
            for (const namespace of args.namespaces)
                createView(`${name}-${namespace}`, { ...args, team, namespace }, child);
        }
        allowEmergencies(name, args, child);
        this.registerOutputs({});
    }
}

interface TeamPlan {
    /** Name of its role in each namespace. */
    readonly role: string;
    readonly rules: readonly rbac.v1.PolicyRule[];
    readonly subjects: readonly TeamSubject[];
}

/** Teams that somebody is in, with what they may do. */
export function planTeams({ developers, viewers }: Teams): readonly TeamPlan[] {
    const all = [
        { role: "developers", rules: developerRules, subjects: developers },
        { role: "viewers", rules: viewerRules, subjects: viewers },
    ];
    return all.filter(({ subjects }) => subjects.length > 0);
}

interface View extends TeamAccessArgs {
    readonly team: TeamPlan;
    readonly namespace: string;
}

/** A role of the namespace's own: what is bound can be seen beside what it is bound to, and is in no other namespace by mistake. */
function createView(name: string, { team, namespace, ownership }: View, child: ChildOptions): void {
    const { role, rules } = team;
    const place = { name: role, namespace, labels: platformLabels(ownership) };
    createRights(`${name}-${role}`, { ...place, rules, subjects: subjectsOf(team.subjects) }, child);
}

/**
 * The policy pack lets nobody be bound to cluster-admin who is not in its list (RBAC-01, policy/configuration.yaml): so whoever adds a group
 * here is seen there. The API server's own policies know no list, so the binding does not bear the label of what they judge.
 */
function allowEmergencies(name: string, { teams, ownership }: TeamAccessArgs, child: ChildOptions): void {
    if (teams.breakGlass.length === 0) return;
    const metadata = { name: "tars-break-glass", labels: platformLabels(ownership) };
    const roleRef = { apiGroup: rbacGroup, kind: "ClusterRole", name: "cluster-admin" };
    const subjects = subjectsOf(teams.breakGlass);
    new ClusterRoleBinding(`${name}-break-glass`, { metadata, roleRef, subjects }, child);
}

function subjectsOf(subjects: readonly TeamSubject[]): rbac.v1.Subject[] {
    return subjects.map(({ kind, name }) => ({ apiGroup: rbacGroup, kind, name }));
}
