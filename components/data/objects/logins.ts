import { Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import type { ChildOptions } from "../../foundation/component";
import type { ObjectLogin, ObjectSecrets } from "../../foundation/objectSecrets";
import { type ObjectUser, objectKeys, objectLogin, objectStore } from "../../foundation/objectStore";
import { createConsumerRight } from "../../kubernetes/consumers";
import { trustOf } from "../../kubernetes/ownAuthority";
import type { Inside } from "../../kubernetes/trafficPolicies";
import { identitiesKey } from "./environment";
import { planIdentities } from "./identities";

/** Secret that servers read, with who may do what. */
export const identitiesSecret = `${objectStore}-identities`;

type Users = Readonly<Record<string, ObjectUser>>;

/** Makes the file by which servers know users, and each user's login with the right to read it. */
export function createLogins(
    name: string,
    { users, secrets }: { readonly users: Users; readonly secrets: ObjectSecrets },
    inside: Inside,
    child: ChildOptions,
): readonly Secret[] {
    const create = (role: string, called: string, stringData: Readonly<Record<string, pulumi.Input<string>>>) => {
        const metadata = { ...inside, name: called };
        return new Secret(`${name}-${role}`, { metadata, type: "Opaque", stringData: { ...stringData } }, child);
    };
    const logins = Object.keys(users).map((user) => [user, loginOf(secrets, user)] as const);
    const known = pulumi.all(Object.fromEntries(logins));
    const identities = pulumi.secret(known.apply((all) => planIdentities(users, all)));
    return [
        create("identities", identitiesSecret, { [identitiesKey]: identities }),
        ...logins.map(([user, { access, secret }]) => {
            const right = {
                user,
                consumer: consumerOf(users, user),
                secrets: [objectLogin(user), trustOf(objectStore)],
            };
            createConsumerRight(name, { inside, ...right }, child);
            return create(`login-${user}`, objectLogin(user), {
                [objectKeys.access]: access,
                [objectKeys.secret]: secret,
            });
        }),
    ];
}

function consumerOf(users: Users, user: string): ObjectUser {
    const found = users[user];
    if (found === undefined) throw new RangeError(`${user} is no user of the object store`);
    return found;
}

function loginOf({ users }: ObjectSecrets, user: string): ObjectLogin {
    const login = users[user];
    if (login === undefined) throw new RangeError(`${user} of the object store without a login`);
    return login;
}
