import { Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import type { ChildOptions } from "../../foundation/component";
import type { Consumer } from "../../foundation/consumers";
import { kafkaNamespace } from "../../foundation/kafkaNames";
import { planLogins, type RegistryPermission } from "../../foundation/registryLogins";
import { registryName } from "../../foundation/schemaRegistry";
import { createConsumerRight } from "../../kubernetes/consumers";
import { trustOf } from "../../kubernetes/ownAuthority";
import type { Inside } from "../../kubernetes/trafficPolicies";
import { loginsKey } from "./environment";

/** A login that was made for somebody, and what it is good for. */
export interface GivenLogin {
    readonly password: pulumi.Input<string>;
    readonly salt: pulumi.Input<string>;
    readonly permissions: readonly RegistryPermission[];
    /** Pods that may read it. */
    readonly caller: Consumer;
}

/** Where a login is; values of Secrets by reference alone. */
export interface LoginReference {
    readonly namespace: string;
    readonly name: pulumi.Output<string>;
    readonly keys: readonly string[];
}

/** Keys of the Secret of each login. */
export const loginKeys = { username: "username", password: "password" } as const;

/** Name of the Secret with a user's login. */
export const loginSecret = (user: string): string => `${registryName}-${user}`;

export interface Logins {
    /** By which the registry knows who may call it. */
    readonly file: Secret;
    readonly references: Readonly<Record<string, LoginReference>>;
}

/** Makes each user's login, with the right to read it, and the registry's file, which has hashes alone. */
export function createLogins(
    name: string,
    users: Readonly<Record<string, GivenLogin>>,
    inside: Inside,
    child: ChildOptions,
): Logins {
    const known = pulumi.all(
        Object.entries(users).map(([username, { password, salt, permissions }]) =>
            pulumi.all([password, salt]).apply(([word, grain]) => ({
                username,
                password: word,
                salt: grain,
                permissions,
            })),
        ),
    );
    const metadata = { ...inside, name: `${registryName}-logins` };
    const stringData = { [loginsKey]: pulumi.secret(known.apply(planLogins)) };
    const file = new Secret(`${name}-logins`, { metadata, type: "Opaque", stringData }, child);
    const references = Object.entries(users).map(([user, given]) => [
        user,
        createLogin(name, { ...given, user }, inside, child),
    ]);
    return { file, references: Object.fromEntries(references) };
}

interface OfUser extends GivenLogin {
    readonly user: string;
}

function createLogin(name: string, { user, password, caller }: OfUser, inside: Inside, child: ChildOptions) {
    const metadata = { ...inside, name: loginSecret(user) };
    const stringData = { [loginKeys.username]: user, [loginKeys.password]: password };
    const made = new Secret(`${name}-login-${user}`, { metadata, type: "Opaque", stringData }, child);
    const secrets = [metadata.name, trustOf(registryName)];
    createConsumerRight(name, { inside, user, consumer: caller, called: metadata.name, secrets }, child);
    return { namespace: kafkaNamespace, name: made.metadata.name, keys: Object.values(loginKeys) };
}
