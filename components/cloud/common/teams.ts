import { z } from "zod";
import type { Issues } from "../../foundation/issues";
import { distinct } from "../../settings/fields";
import type { Teams } from "../contract";

/** What people may be beside administrators, from the most rights to the fewest; what each may do: docs/access.md. */
export const teamRoles = ["breakGlass", "developers", "viewers"] as const;
export type TeamRole = (typeof teamRoles)[number];

/**
 * Groups of people by role. A role that nobody holds is left out: an empty list would read as if somebody had been forgotten.
 *
 * @param member one group, as its cloud names it.
 */
export const teamAccess = (member: z.ZodType<string>, example: string) => {
    const groups = (who: string) =>
        distinct(member)
            .min(1)
            .optional()
            .meta({ description: who, examples: [[example]] });
    return z
        .strictObject({
            groups: z
                .strictObject({
                    breakGlass: groups("who administers the cluster in an emergency, each use of which is looked into"),
                    developers: groups("who sees what runs in the platform's namespaces, and its logs"),
                    viewers: groups("who sees what runs in the platform's namespaces"),
                } satisfies Record<TeamRole, z.ZodType>)
                .prefault({})
                .meta({ description: "groups of people, by role" }),
        })
        .prefault({})
        .meta({ description: "people who use the cluster without deploying it" });
};

export type TeamAccess = z.output<ReturnType<typeof teamAccess>>;

/** The members of one role, in the order of the stack file. */
export function membersOf({ groups }: TeamAccess, role: TeamRole): readonly string[] {
    return groups[role] ?? [];
}

/**
 * Teams as the API server is told of them; undefined where it need not be told of anybody.
 *
 * @param named the cluster's own names of those who have their rights from what is in it, by role.
 */
export function teamsOf(named: Readonly<Record<TeamRole, readonly string[]>>): Teams | undefined {
    if (teamRoles.every((role) => named[role].length === 0)) return undefined;
    const subjects = (role: TeamRole) => named[role].map((name) => ({ kind: "Group", name }) as const);
    return {
        breakGlass: subjects("breakGlass"),
        developers: subjects("developers"),
        viewers: subjects("viewers"),
    };
}

/** A group that a stack file names, and where. */
export interface NamedGroup {
    readonly key: string;
    readonly group: string;
}

/** Everybody that a stack file names for a role. */
export function namedIn(section: string, access: TeamAccess): readonly NamedGroup[] {
    return teamRoles.flatMap((role) =>
        membersOf(access, role).map((group, index) => ({ key: `${section}.access.groups.${role}.${index}`, group })),
    );
}

export interface TeamCheck {
    readonly section: string;
    readonly access: TeamAccess;
    /** Who administers the cluster already. */
    readonly administrators: readonly NamedGroup[];
    /** What tells two groups apart: the cloud takes those that have it in common for one. */
    readonly identityOf: (group: string) => string;
}

/** Nobody holds two roles: the wider one would decide, and whoever reads the narrower one would be misled. */
export function checkTeams({ section, access, administrators, identityOf }: TeamCheck, issues: Issues): void {
    const seen = new Map(administrators.map((named) => [identityOf(named.group), named]));
    for (const named of namedIn(section, access)) {
        const { key, group } = named;
        const before = seen.get(identityOf(group));
        if (before === undefined) {
            seen.set(identityOf(group), named);
            continue;
        }
        const words = before.group === group ? `is ${group}` : `is ${group}, which passes for ${before.group}`;
        issues.add(key, `${words}, and ${before.key} names it already`, "name a group once, in the role it needs");
    }
}
