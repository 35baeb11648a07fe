import { type Holder, type Holding, type Holdings, holders } from "../foundation/holdings";
import type { Issues } from "../foundation/issues";
import { bytes } from "../foundation/quantities";

/** What Kubernetes lets nobody change of a StatefulSet, and no operator does it in its stead: the volumes of these grow by hand (docs/storage.md). */
const grownByHand: readonly string[] = [
    "postgres inCluster",
    "chromadb inCluster",
    "ollama inCluster",
    "vectors qdrant",
    "objects seaweedfs",
];

/**
 * Refuses what would lose data that a stack holds, or would be taken without effect: another form of a service or none at all, a part that is gone, a
 * database without its owner, a smaller volume, an older version, fewer shards. Whoever has seen to the data says so in `migrate`, for as long as the
 * update takes and no longer.
 *
 * @param stack what it held after its last update, what it is to hold, and whose data are safe
 */
export function checkHoldings({ before, now, migrate }: Compared, issues: Issues): void {
    for (const holder of holders) {
        const found = changesOf(holder, before[holder], now[holder]);
        if (!migrate.includes(holder)) {
            for (const { problem, first } of found) {
                issues.add(placeOf(holder), problem, `${first}, then name it for this update: migrate: [${holder}]`);
            }
        } else if (found.length === 0) {
            issues.add("migrate", `names ${holder}, for which nothing is to be done`, "take it out");
        }
    }
}

interface Compared {
    readonly before: Holdings;
    readonly now: Holdings;
    readonly migrate: readonly Holder[];
}

interface Change {
    readonly problem: string;
    /** What to do before it is safe. */
    readonly first: string;
}

function changesOf(holder: Holder, before: Holding | undefined, now: Holding | undefined): readonly Change[] {
    if (before === undefined) return [];
    const elsewhere = "leave it as it was, or bring what it holds to safety";
    if (now === undefined) return [{ problem: "would be gone, and what it holds with it", first: elsewhere }];
    if (now.form !== before.form) {
        const problem = `would become ${now.form}, and what it holds as ${before.form} does not go along`;
        return [{ problem, first: elsewhere }];
    }
    return [
        ...olderVersion(before, now),
        ...fewerShards(before, now),
        ...volumeChanges(holder, before, now),
        ...databaseChanges(before, now),
        ...startsFollowing(before, now),
    ];
}

function olderVersion({ version: before }: Holding, { version: now }: Holding): readonly Change[] {
    if (before === undefined || now === undefined || Number(now) >= Number(before)) return [];
    const problem = `has the data of version ${before}, which version ${now} cannot read`;
    return [{ problem, first: `leave version at ${before}, or dump it and begin with an empty one` }];
}

function fewerShards({ shards: before = 0 }: Holding, { shards: now = 0 }: Holding): readonly Change[] {
    if (now >= before) return [];
    const problem = `would be spread over ${now} instead of ${before}, and what the others hold is in none of them`;
    return [{ problem, first: `leave it at ${before}, or move what they hold` }];
}

function volumeChanges(holder: Holder, before: Holding, now: Holding): readonly Change[] {
    return Object.entries(before.volumes).flatMap(([part, size]) => {
        const wanted = now.volumes[part];
        if (wanted === undefined) {
            const problem = `would have no volumes of ${part} (${size}) any more, and what is on them is on no other`;
            return [{ problem, first: "leave them, or move what they hold" }];
        }
        if (bytes(wanted) < bytes(size)) {
            const problem = `would have ${wanted} for ${part} instead of ${size}, and no volume gets smaller`;
            return [{ problem, first: `ask for ${size} or more, or move what it holds to a new one` }];
        }
        if (bytes(wanted) === bytes(size) || !grownByHand.includes(`${holder} ${now.form}`)) return [];
        const problem = `would have ${wanted} for ${part} instead of ${size}, which reaches no volume that is there`;
        return [{ problem, first: "let its claims grow by hand (docs/storage.md)" }];
    });
}

/** Its operator would take it for a follower as it is, although it has what the other never wrote. */
function startsFollowing(before: Holding, now: Holding): readonly Change[] {
    if (before.follows || !now.follows) return [];
    const problem = "would follow another, and what was written to it is nowhere in that one";
    return [{ problem, first: "remove follows, or bring that to safety and delete the Cluster (docs/data.md)" }];
}

/** No update deletes a database, or moves what is in it to somebody else: it would be there, and nobody who knows it. */
function databaseChanges({ databases: before = {} }: Holding, { databases: now = {} }: Holding): readonly Change[] {
    return Object.entries(before).flatMap(([name, owner]) => {
        const next = now[name];
        if (next === owner) return [];
        if (next === undefined) {
            const problem = `would have no owner of the database ${name} any more: it would stay, and nobody get in`;
            return [{ problem, first: `leave it to ${owner}, or bring what it holds to safety` }];
        }
        const problem = `would have the database ${name} for ${next} instead of ${owner}, whose all that is in it would stay`;
        return [{ problem, first: `leave it to ${owner}, or hand it over by hand (docs/data.md)` }];
    });
}

/** Where the stack file says it. */
function placeOf(holder: Holder): string {
    return holder === "chromadb" || holder === "ollama" ? `sizes.${holder}` : `data.${holder}`;
}
