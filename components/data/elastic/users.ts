import { Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import type { ChildOptions } from "../../foundation/component";
import {
    type ElasticsearchCluster,
    type ElasticUser,
    elasticAuthority,
    elasticNamespace,
    elasticUrl,
    loginSecret,
} from "../../foundation/elasticNames";
import type { Passwords } from "../../foundation/passwords";
import { createConsumerRight, createConsumerWay, planConsumer } from "../../kubernetes/consumers";
import type { SecretReference } from "../../kubernetes/placement";
import type { SystemPlace } from "../../kubernetes/systemPlace";
import type { Inside } from "../../kubernetes/trafficPolicies";
import { planLogins } from "./roles";
import { toAsked } from "./traffic";

/** What a user needs to call Elasticsearch; values of Secrets by reference alone. */
export interface ElasticLoginReference {
    readonly url: pulumi.Output<string>;
    /** Certificate of the authority that vouches for it. */
    readonly authority: SecretReference;
    /** Its name and password. */
    readonly secret: {
        readonly namespace: string;
        readonly name: pulumi.Output<string>;
        readonly keys: readonly string[];
    };
}

/** Before Elasticsearch, whose operator reads them: who may log in, and what each may do. */
export function createLogins(
    name: string,
    {
        asked,
        passwords,
        inside,
    }: { readonly asked: ElasticsearchCluster; readonly passwords: Passwords; readonly inside: Inside },
    child: ChildOptions,
): readonly Secret[] {
    return planLogins(asked).map((login) => {
        const { username } = login;
        const password = passwords.of[username];
        if (password === undefined) throw new RangeError(`${username} has no password`);
        const annotations = { "tars-platform/generation": `${passwords.generation}` };
        const args = {
            metadata: { ...inside, name: loginSecret(username), annotations },
            type: "kubernetes.io/basic-auth",
            stringData: { ...login, password },
        };
        return new Secret(`${name}-login-${username}`, args, child);
    });
}

export interface Consumer {
    readonly place: SystemPlace;
    readonly asked: ElasticsearchCluster;
    readonly inside: Inside;
    /** Namespace of the platform's own workloads, which has what lets them call. */
    readonly applications: pulumi.Input<string>;
    readonly user: string;
    readonly plan: ElasticUser;
}

/** Lets the consumer read its own login and whom to believe, by name, and nothing else of the namespace; and a workload of the platform's call. */
export function createConsumer(
    name: string,
    { place, asked, inside, applications, user, plan }: Consumer,
    child: ChildOptions,
): void {
    const secrets = [loginSecret(user), elasticAuthority.secret];
    createConsumerRight(name, { inside, user, consumer: plan, secrets }, child);
    const way = { service: "elasticsearch", user, consumer: plan, ownership: place.ownership, applications };
    const beside = { parent: child.parent, provider: child.provider };
    createConsumerWay(name, { ...way, spec: planConsumer(plan, toAsked(asked)) }, beside);
}

/** @param made whoever reads the reference waits for it */
export function referenceFor(user: string, made: pulumi.Resource): ElasticLoginReference {
    const known = (value: string): pulumi.Output<string> => pulumi.output(made.urn).apply(() => value);
    return {
        url: known(elasticUrl),
        authority: {
            namespace: pulumi.output(elasticNamespace),
            name: pulumi.output(elasticAuthority.secret),
            key: elasticAuthority.key,
        },
        secret: { namespace: elasticNamespace, name: known(loginSecret(user)), keys: ["username", "password"] },
    };
}
