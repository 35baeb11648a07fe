import { rolesIn, ServiceRole } from "../kubernetes/namespaceRoles";
import { TeamAccess } from "../kubernetes/teamAccess";
import type { PlatformArgs, Stage } from "./args";

/**
 * What people see of what runs, and what services read of their own namespace.
 *
 * @param namespaces of the applications: what serves the cluster itself is its administrators'
 * @returns what pods wait for that run under one of the accounts
 */
export function createRights(args: PlatformArgs, namespaces: readonly string[], stage: Stage): readonly ServiceRole[] {
    const { cluster, settings } = args;
    const place = { cluster, ownership: settings.ownership };
    const { teams } = cluster;
    if (teams !== undefined) new TeamAccess("team-access", { ...place, teams, namespaces }, stage);
    return rolesIn(namespaces).map((plan) => new ServiceRole(plan.role, { ...place, plan }, stage));
}
