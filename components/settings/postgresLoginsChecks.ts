import { calls } from "../foundation/calls";
import { ownConsumers } from "../foundation/consumers";
import type { Issues } from "../foundation/issues";
import { manifestUser } from "../foundation/postgresDrill";
import { database } from "../foundation/postgresNames";
import type { PostgresLogin, PostgresLogins } from "../foundation/postgresPlace";
import { workloadNames } from "../foundation/workloads";
import { checkConsumer } from "./consumerChecks";
import type { Settings } from "./schema";

/** Adds logins that would be somebody else's, lead nowhere, or open what is another's. */
export function checkLogins({ data: { postgres } }: Pick<Settings, "data">, issues: Issues): void {
    for (const [name, login] of Object.entries(postgres.users)) {
        const place = `data.postgres.users.${name}`;
        if (isTaken(name, takenUsers)) issues.add(place, "is a user of PostgreSQL's own", "choose another name");
        checkConsumer(place, login, issues);
        checkCaller(place, login, issues);
        checkOwned(place, name, login, postgres.users, issues);
        checkRead(place, login, postgres.users, issues);
    }
}

/**
 * Users and databases that are there already, or whose names mean something else: PostgreSQL's own, those of CloudNativePG, of RDS, of Flexible Server, the
 * platform's, and the words of pg_hba.
 *
 * @see https://www.postgresql.org/docs/18/auth-pg-hba-conf.html
 * @see https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/api/v1/cluster_types.go (StreamingReplicationUser, PGBouncerPoolerUserName)
 */
const words = ["all", "none", "public", "replication", "sameuser", "samerole", "samegroup", "postgres"];
const begun = /^(pg|cnpg|rds|azure)_/;
const takenUsers = [...words, "streaming_replica", "rdsadmin", "azuresu", database.user, manifestUser];
const takenDatabases = [...words, "template0", "template1", "rdsadmin", database.name];

function isTaken(name: string, taken: readonly string[]): boolean {
    return taken.includes(name) || begun.test(name);
}

/** Of the platform's own workloads those alone have a way to the database that are said to call it. */
function checkCaller(place: string, { namespace, serviceAccount }: PostgresLogin, issues: Issues): void {
    const own = workloadNames.find((name) => namespace === ownConsumers && name === serviceAccount);
    if (own === undefined || calls[own].includes("postgres")) return;
    const callers = workloadNames.filter((name) => calls[name].includes("postgres")).join(", ");
    issues.add(place, `is for ${serviceAccount}, which calls no database`, `name ${callers}, or remove it`);
}

function checkOwned(place: string, name: string, { owns }: PostgresLogin, users: PostgresLogins, issues: Issues): void {
    if (owns === undefined) return;
    if (isTaken(owns, takenDatabases)) {
        issues.add(
            `${place}.owns`,
            `is ${owns}, which is there already, or not for applications`,
            "choose another name",
        );
    }
    const [first] = Object.keys(users).filter((each) => users[each]?.owns === owns);
    if (first === undefined || first === name) return;
    const problem = `is ${owns}, which belongs to ${first}: a database has one owner`;
    issues.add(`${place}.owns`, problem, "name another, or put it under reads");
}

function checkRead(place: string, { owns, reads }: PostgresLogin, users: PostgresLogins, issues: Issues): void {
    if (owns === undefined && reads.length === 0) {
        issues.add(place, "has no database to work in", "say which it owns, or which it reads");
    }
    const known = [database.name, ...Object.values(users).flatMap((each) => each.owns ?? [])];
    for (const read of reads) {
        if (read === owns) {
            issues.add(`${place}.reads`, `names ${read}, which is its own and so read anyway`, "remove it there");
        } else if (!known.includes(read)) {
            const problem = `names the database ${read}, which is nobody's: there is ${known.join(", ")}`;
            issues.add(`${place}.reads`, problem, "have a user own it, or remove it here");
        }
    }
}
