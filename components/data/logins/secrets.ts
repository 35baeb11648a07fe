import { Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import type { ChildOptions } from "../../foundation/component";
import type { Passwords } from "../../foundation/passwords";
import { postgresLogin } from "../../foundation/postgresDrill";
import { databasesFor, loginKeys } from "../../foundation/postgresLogins";
import type { PostgresLogins } from "../../foundation/postgresPlace";
import type { Inside } from "../../kubernetes/trafficPolicies";

/** How applications call the server, wherever their pods are. */
export interface LoginAddress {
    readonly host: pulumi.Input<string>;
    readonly port: number;
    /** Whom callers take for the server: `verify-full`, `require`, or nobody in particular where the mesh sees to it. */
    readonly sslMode: "verify-full" | "require" | undefined;
    /** Certificates of who vouches for it, PEM; undefined where a Secret of the operator's has them, or nobody does. */
    readonly authorities: string | undefined;
}

export interface LoginSecrets {
    readonly passwords: Passwords | undefined;
    /** Applications among the users that have passwords. */
    readonly logins: PostgresLogins;
    readonly address: LoginAddress;
}

/** A Secret for each user beside the application of the platform's own. That of an application has all it calls with. */
export function createLoginSecrets(
    name: string,
    { passwords, logins, address }: LoginSecrets,
    { namespace, labels }: Inside,
    child: ChildOptions,
): readonly Secret[] {
    return Object.entries(passwords?.of ?? {}).map(([user, password]) => {
        const metadata = { name: postgresLogin(user), namespace, labels };
        const login = logins[user];
        const stringData = {
            [loginKeys.user]: user,
            [loginKeys.password]: password,
            ...(login && {
                [loginKeys.host]: address.host,
                [loginKeys.url]: urlOf(user, password, databasesFor(login)[0] ?? "", address),
                ...(address.authorities === undefined ? {} : { [loginKeys.authority]: address.authorities }),
            }),
        };
        const args = { metadata, type: "kubernetes.io/basic-auth", stringData };
        return new Secret(`${name}-user-${user}`, args, child);
    });
}

/** Passwords are letters and digits: they need no quoting. @see https://www.postgresql.org/docs/18/libpq-connect.html#LIBPQ-CONNSTRING-URIS */
export function urlOf(
    user: string,
    password: pulumi.Output<string>,
    database: string,
    { host, port, sslMode }: LoginAddress,
): pulumi.Output<string> {
    const rest = sslMode === undefined ? "" : `?sslmode=${sslMode}`;
    return pulumi.interpolate`postgresql://${user}:${password}@${host}:${port}/${database}${rest}`;
}
