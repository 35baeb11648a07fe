import { pbkdf2Sync } from "node:crypto";
import type { SubjectRights } from "./schemaRegistry";

/** What somebody may do with what a pattern fits: `Write` is both. */
export interface RegistryPermission {
    readonly operation: "Read" | "Write";
    /** Compared with the beginning of `Subject:NAME`, or of `Config:`. */
    readonly resource: string;
}

/** One that may call the registry. */
export interface RegistryLogin {
    readonly username: string;
    readonly password: string;
    readonly salt: string;
    readonly permissions: readonly RegistryPermission[];
}

/**
 * The file by which Karapace knows who may call it: hashes in place of passwords, made as its own `karapace_mkpasswd` makes them. They are quick ones, because
 * each call is hashed anew, and the passwords are of chance and long, so that nobody comes upon one by trying.
 *
 * @see https://github.com/Aiven-Open/karapace/blob/6.2.0/src/karapace/core/auth.py (hash_password, HTTPAuthorizer)
 */
export function planLogins(logins: readonly RegistryLogin[]): string {
    const users = logins.map(({ username, password, salt }) => ({
        username,
        algorithm: "sha512",
        salt,
        password_hash: hashOf(password, salt),
    }));
    const permissions = logins.flatMap(({ username, permissions: own }) =>
        own.map((permission) => ({ username, ...permission })),
    );
    return JSON.stringify({ users, permissions });
}

const hashing = { rounds: 5000, bytes: 64 } as const;

function hashOf(password: string, salt: string): string {
    return pbkdf2Sync(password, salt, hashing.rounds, hashing.bytes, "sha512").toString("base64");
}

/**
 * Subjects of topics, by the name that Kafka's serializers give them by themselves (TopicNameStrategy). Karapace compares with `re.match`, which begins at the
 * beginning and ends where the pattern does: without its end a topic's user could have those of every topic whose name goes on, and `$` would take a line
 * break behind it.
 */
export function permissionsOf({ reads, registers }: SubjectRights): readonly RegistryPermission[] {
    const of = (topics: readonly string[], operation: RegistryPermission["operation"]) =>
        topics.map((topic) => ({ operation, resource: `Subject:${topic}-(key|value)\\Z` }));
    return [...of(reads, "Read"), ...of(registers, "Write")];
}

/** All schemas, and what new versions must keep to: for who looks after them. */
export function permissionsOfAll(operation: RegistryPermission["operation"]): readonly RegistryPermission[] {
    return ["Subject:.*", "Config:"].map((resource) => ({ operation, resource }));
}
