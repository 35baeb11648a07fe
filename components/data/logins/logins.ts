import * as pulumi from "@pulumi/pulumi";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import { labelsOf, selectorOf } from "../../foundation/labels";
import { postgresLogin } from "../../foundation/postgresDrill";
import { databasesFor, loginKeys, postgresLogins } from "../../foundation/postgresLogins";
import { postgresCluster } from "../../foundation/postgresNames";
import type { PostgresLogin } from "../../foundation/postgresPlace";
import { createConsumerRight } from "../../kubernetes/consumers";
import { createCustomResource, type Operator } from "../../kubernetes/customResource";
import type { SecretReference } from "../../kubernetes/placement";
import { planCalls } from "../../kubernetes/traffic";
import { createTraffic, type Inside } from "../../kubernetes/trafficPolicies";
import { createLoginsJob, type LoginsJob } from "./job";
import type { LoginAddress } from "./secrets";

export interface PostgresLoginsArgs extends Omit<LoginsJob, "isOperated"> {
    readonly address: LoginAddress;
    /** Secret of who vouches for the server, where that is not an application's own. */
    readonly authority: { readonly name: string; readonly key: string } | undefined;
    /** Who makes roles and databases; undefined where the job does. */
    readonly operator: Operator | undefined;
    /** The way from the job's pod to the server. */
    readonly way: Parameters<typeof planCalls>[1][number];
}

/** What an application needs to call PostgreSQL; values of Secrets by reference alone. It is the same wherever the database runs. */
export interface PostgresLoginReference {
    /** Host and port. */
    readonly endpoint: pulumi.Output<string>;
    /** Its own database first, then those that it reads. */
    readonly databases: readonly string[];
    /** How its calls are encrypted: by the server, which a client looks at or not, or by the mesh. */
    readonly tls: "verify-full" | "require" | "mesh";
    /** Certificate of the authority that vouches for the server; null where there is none that is known. */
    readonly authority: SecretReference | null;
    readonly secret: {
        readonly namespace: pulumi.Output<string>;
        readonly name: pulumi.Output<string>;
        readonly keys: readonly string[];
    };
    /** User, password, host and first database as one. */
    readonly url: SecretReference;
}

/** Logins of applications, and databases of their own, beside those of the platform. */
export class PostgresLogins extends TarsComponent {
    /** How to call it, by user. */
    readonly users: Readonly<Record<string, PostgresLoginReference>>;

    constructor(name: string, args: PostgresLoginsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data", "PostgresLogins", name, opts);
        const { placement, users, operator } = args;
        const child = { parent: this, provider: placement.cluster.provider };
        const labels = labelsOf({ name: postgresLogins, component: "database" }, placement.ownership);
        const inside = { namespace: placement.namespace, labels };
        const databases = operator === undefined ? [] : createDatabases(name, args, operator, inside, child);
        const policies = { [postgresLogins]: planCalls(selectorOf(postgresLogins), [args.way]) };
        const ways = createTraffic(name, policies, inside, child);
        const plan = { ...args, isOperated: operator !== undefined };
        const job = createLoginsJob(name, plan, inside, { ...child, dependsOn: [...databases, ...ways] });
        const references = Object.entries(users).map(([user, login]) => {
            const secrets = [postgresLogin(user)];
            const called = `consumer-${postgresLogin(user)}`;
            createConsumerRight(name, { inside, user, consumer: login, called, secrets }, child);
            return [user, referenceFor(user, login, args, job)] as const;
        });
        this.users = Object.fromEntries(references);
        this.registerOutputs({ users: this.users });
    }
}

/**
 * As the operator says that it has done what it was asked to.
 *
 * @see https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/docs/src/declarative_database_management.md
 */
const whenApplied = { "pulumi.com/waitFor": "jsonpath={.status.applied}=true" } as const;

/** The operator leaves a database where it is when its object goes. */
function createDatabases(
    name: string,
    { users }: PostgresLoginsArgs,
    operator: Operator,
    inside: Inside,
    child: ChildOptions,
): readonly pulumi.Resource[] {
    const owned = Object.entries(users).flatMap(([owner, { owns }]) => (owns === undefined ? [] : [{ owner, owns }]));
    return owned.map(({ owner, owns }) => {
        const spec = { cluster: { name: postgresCluster }, name: owns, owner, databaseReclaimPolicy: "retain" };
        const object = { kind: "Database", name: owns.replaceAll("_", "-"), annotations: whenApplied, ...inside, spec };
        const plan = { apiVersion: "postgresql.cnpg.io/v1", ...object };
        return createCustomResource(`${name}-database-${owns}`, plan, operator, child);
    });
}

function referenceFor(
    user: string,
    login: PostgresLogin,
    { address, authority, placement }: PostgresLoginsArgs,
    job: pulumi.Resource,
): PostgresLoginReference {
    const { host, port, sslMode, authorities } = address;
    const namespace = pulumi.output(placement.namespace);
    // Whoever reads these waits for the login to be there.
    const known = (value: pulumi.Input<string>) => pulumi.all([value, job.urn]).apply(([text]) => text);
    const own = { namespace, name: known(postgresLogin(user)) };
    const told = authorities === undefined ? [] : [loginKeys.authority];
    const elsewhere = authority && { namespace, name: known(authority.name), key: authority.key };
    return {
        endpoint: known(pulumi.interpolate`${host}:${port}`),
        databases: databasesFor(login),
        tls: sslMode ?? "mesh",
        authority: told.length === 0 ? (elsewhere ?? null) : { ...own, key: loginKeys.authority },
        secret: { ...own, keys: [loginKeys.user, loginKeys.password, loginKeys.host, loginKeys.url, ...told] },
        url: { ...own, key: loginKeys.url },
    };
}
