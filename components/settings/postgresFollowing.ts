import type { Issues } from "../foundation/issues";
import { isFollowing, type PostgresCluster } from "../foundation/postgresPlace";

/**
 * Adds what a database cannot have while it follows another: it takes no change, so no role, no database and no function is made in it, and nobody
 * locks a table against writing.
 *
 * @see https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/docs/src/replica_cluster.md (about PostgreSQL roles)
 * @see https://www.postgresql.org/docs/18/hot-standby.html
 */
export function checkFollowing(postgres: PostgresCluster, issues: Issues): void {
    const { follows, recover, users, pooler, drill } = postgres;
    if (follows !== undefined && recover !== undefined) {
        const words = "is there beside follows, and a database begins with the backups of one alone";
        issues.add("data.postgres.recover", words, "remove one of the two");
    }
    if (!isFollowing(postgres)) return;
    const later = "remove it, and set it again with follows.promoted: true";
    if (Object.keys(users).length > 0) {
        const words = `names ${Object.keys(users).join(", ")}, but a database that follows another has the logins of that one alone`;
        issues.add("data.postgres.users", words, later);
    }
    if (pooler !== undefined) {
        const words =
            "is there, but its own login is made by whoever writes, which a database that follows another does not";
        issues.add("data.postgres.pooler", words, later);
    }
    if (drill.kind === "off") return;
    const words = "is scheduled, but its manifest locks tables, which a database that follows another lets nobody do";
    const off = 'drill: { kind: "off", because: "it follows another, whose drill reads the same log" }';
    issues.add("data.postgres.drill.kind", words, `set ${off} until it is promoted`);
}
