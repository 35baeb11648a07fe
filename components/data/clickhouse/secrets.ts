import { Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { sha256 } from "../../foundation/checksum";
import {
    type ClickHouseServers,
    clickHouseHost,
    clickHouseLogin,
    clickHouseLoginKeys,
    clickHouseLoginsOf,
    clickHouseOperator,
    clickHousePorts,
} from "../../foundation/clickHouseNames";
import type { ClickHousePasswords } from "../../foundation/clickHousePasswords";
import type { ChildOptions } from "../../foundation/component";
import type { Inside } from "../../kubernetes/trafficPolicies";

/** Secret that servers read, with hashes of users' passwords, and what servers tell each other. */
const passwords = "clickhouse-passwords";

/** Keys in it. */
export const passwordKeys = {
    default: "default",
    interserver: "interserver",
    cluster: "cluster",
    user: (name: string) => `user.${name}`,
} as const;

/** User by which replicas fetch from each other. It is none of the users that ask. */
export const replicaUser = "interserver";

/** A value of that Secret, as the operator takes it: it becomes a variable of the pods' environment. */
export const fromSecret = (key: string) => ({ valueFrom: { secretKeyRef: { name: passwords, key } } });

/** Those that servers and the operator read. */
export function createSecrets(
    name: string,
    { passwords: of, asked }: { readonly passwords: ClickHousePasswords; readonly asked: ClickHouseServers },
    inside: Inside,
    child: ChildOptions,
): readonly Secret[] {
    const hashes = Object.fromEntries(
        Object.keys(clickHouseLoginsOf(asked)).map((user) => [passwordKeys.user(user), hashOf(passwordOf(of, user))]),
    );
    const own = {
        [passwordKeys.default]: hashOf(of.default),
        [passwordKeys.interserver]: of.interserver,
        [passwordKeys.cluster]: of.cluster,
    };
    const create = (role: string, secret: string, stringData: Readonly<Record<string, pulumi.Input<string>>>) => {
        const metadata = { ...inside, name: secret };
        return new Secret(`${name}-${role}`, { metadata, type: "Opaque", stringData: { ...stringData } }, child);
    };
    return [
        create("passwords", passwords, { ...own, ...hashes }),
        create("operator-login", clickHouseOperator, { username: "clickhouse_operator", password: of.operator }),
        ...Object.keys(clickHouseLoginsOf(asked)).map((user) =>
            create(`login-${user}`, clickHouseLogin(user), loginOf(user, of, asked)),
        ),
    ];
}

/** What a user logs in with, and the same as a URL of ClickHouse's own protocol, to the first of its databases. */
function loginOf(user: string, of: ClickHousePasswords, asked: ClickHouseServers) {
    const password = passwordOf(of, user);
    const [database = ""] = clickHouseLoginsOf(asked)[user]?.databases ?? [];
    const { native } = clickHousePorts;
    const url = pulumi.interpolate`clickhouse://${user}:${password}@${clickHouseHost}:${native}/${database}?secure=true`;
    return {
        [clickHouseLoginKeys.user]: user,
        [clickHouseLoginKeys.password]: password,
        [clickHouseLoginKeys.url]: url,
    };
}

function passwordOf({ users }: ClickHousePasswords, user: string): pulumi.Output<string> {
    const password = users[user];
    if (password === undefined) throw new RangeError(`${user} of ClickHouse without a password`);
    return password;
}

/** Servers need not know what it is the hash of. */
function hashOf(password: pulumi.Output<string>): pulumi.Output<string> {
    return password.apply(sha256);
}
