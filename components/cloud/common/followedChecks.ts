import type { Issues } from "../../foundation/issues";
import { followingOf, type PostgresPlace } from "../../foundation/postgresPlace";
import type { IdentityBinding } from "../contract";

interface Followed {
    readonly name: string;
    readonly identities: Readonly<Record<string, IdentityBinding>>;
    readonly postgres: PostgresPlace;
    /** Name of the stack whose copied backups are to be read; undefined where the stack names none, or its cloud has none. */
    readonly ofOther: string | undefined;
}

/** Adds a database that follows nobody whom its stack names, a name that nobody follows, the stack's own, and a right to read what is not there. */
export function checkFollowed(
    section: string,
    { name, identities, postgres, ofOther }: Followed,
    issues: Issues,
): void {
    const follows = followingOf(postgres);
    if (ofOther === undefined) {
        checkNobodyReads(section, identities, issues);
        if (follows === undefined) return;
        const words = `is there, but ${section} names no stack whose copied backups it could read`;
        issues.add("data.postgres.follows", words, fixes[section] ?? "remove it");
        return;
    }
    const key = `${section}.followed`;
    if (follows === undefined) {
        issues.add(key, `is ${ofOther}, but no database follows it`, "set data.postgres.follows, or remove it");
    }
    if (ofOther === name) issues.add(`${key}.name`, `is ${name}, this stack itself`, "name the other one");
}

const fixes: Readonly<Record<string, string>> = {
    aws: "set aws.followed: { name: ... } to the other stack's aws.name, whose backupCopy.region is this one",
    azure: "remove it; cloud: aws has such copies",
};

function checkNobodyReads(section: string, identities: Followed["identities"], issues: Issues): void {
    for (const [identity, { permissions }] of Object.entries(identities)) {
        if (!permissions.includes("backups.follow")) continue;
        const words = "may read a copy of another stack's backups (backups.follow), but the stack names none";
        issues.add(`${section}.identities.${identity}`, words, "take the permission away");
    }
}
