import type { ObjectUser } from "../../foundation/objectStore";

/** What somebody signs calls with, once it is known. */
export interface KnownLogin {
    readonly access: string;
    readonly secret: string;
}

/** What reading and writing are, in the words of SeaweedFS. @see https://github.com/seaweedfs/seaweedfs/blob/cc8364a03/weed/s3api/s3_constants/s3_actions.go */
const actions = { reads: ["Read", "List"], writes: ["Write", "Tagging"] } as const;

/** Rights of a user: each of them in one bucket, and none to make or delete one. */
export function actionsOf({ reads, writes }: Pick<ObjectUser, "reads" | "writes">): readonly string[] {
    const within = (named: readonly string[], words: readonly string[]) =>
        named.flatMap((bucket) => words.map((word) => `${word}:${bucket}`));
    return [...within(reads, actions.reads), ...within(writes, actions.writes)];
}

const nobody = { name: "nobody", credentials: [], actions: [] } as const;

/**
 * The file by which servers know who may do what. Nobody in it may do everything, and nobody unknown may do anything; of a file that names nobody
 * SeaweedFS makes that anybody may do everything, so it always names somebody, who has no key and may do nothing.
 *
 * @see https://github.com/seaweedfs/seaweedfs/blob/cc8364a03/weed/command/s3.go (cmdS3)
 */
export function planIdentities(
    users: Readonly<Record<string, Pick<ObjectUser, "reads" | "writes">>>,
    logins: Readonly<Record<string, KnownLogin>>,
): string {
    const named = Object.entries(users).map(([name, user]) => {
        const login = logins[name];
        if (login === undefined) throw new RangeError(`${name} of the object store without a login`);
        const credentials = [{ accessKey: login.access, secretKey: login.secret }];
        return { name, credentials, actions: actionsOf(user) };
    });
    return JSON.stringify({ identities: [nobody, ...named] });
}
