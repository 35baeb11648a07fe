import { Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { type ChildOptions, TarsComponent } from "../foundation/component";
import { dataReasons } from "../foundation/dataReasons";
import { labelsOf } from "../foundation/labels";
import { database } from "../foundation/postgresNames";
import type { StoredSize } from "../foundation/workloads";
import { images } from "../kubernetes/images";
import type { Placement, SecretReference } from "../kubernetes/placement";
import { Workload } from "../kubernetes/workload";
import { createLoginSecrets, type LoginSecrets } from "./logins/secrets";

export interface PostgresArgs {
    readonly placement: Placement;
    readonly size: StoredSize;
    readonly password: pulumi.Input<string>;
    /** Generation of the password: a new one restarts the database, which then takes the new password over. */
    readonly passwordGeneration: number;
    /** Of applications. */
    readonly logins: LoginSecrets;
}

/** Where the database answers inside the namespace. */
export const postgresAddress = { host: "postgres", port: images.postgres.ports.postgres } as const;

const passwordFolder = "/run/secrets/postgres";
const passwordFile = `${passwordFolder}/password`;

/** PostgreSQL in the cluster: one pod with a volume of its own. */
export class Postgres extends TarsComponent {
    /** Host and port inside the namespace, known once it answers. */
    readonly endpoint: pulumi.Output<string>;
    /** Where its password is. */
    readonly password: SecretReference;

    constructor(name: string, args: PostgresArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data", "Postgres", name, opts);
        const { placement, logins } = args;
        const child = { parent: this, provider: placement.cluster.provider };
        const secret = createPassword(name, args, child);
        const labels = labelsOf({ name: "postgres", component: "database" }, placement.ownership);
        createLoginSecrets(name, logins, { namespace: placement.namespace, labels }, child);
        const { serviceName } = new Workload(name, planWorkload(args, secret), { parent: this });
        this.endpoint = pulumi.interpolate`${serviceName}:${postgresAddress.port}`;
        this.password = { namespace: placement.namespace, name: secret.metadata.name, key: "password" };
        this.registerOutputs({ endpoint: this.endpoint, password: this.password });
    }
}

export function createPassword(
    name: string,
    { placement, password }: Pick<PostgresArgs, "placement" | "password">,
    child: ChildOptions,
): Secret {
    const labels = labelsOf({ name: "postgres", component: "database" }, placement.ownership);
    const metadata = { name: "postgres-password", namespace: placement.namespace, labels };
    return new Secret(`${name}-password`, { metadata, type: "Opaque", stringData: { password } }, child);
}

const undrilled = "copies of its volume are restored by hand alone; an operated database has a log";

function planWorkload({ placement, size, passwordGeneration }: PostgresArgs, secret: Secret) {
    return {
        placement,
        name: "postgres",
        component: "database",
        priority: "data",
        kind: {
            kind: "stateful",
            path: "/var/lib/postgresql",
            storage: size.storage,
            storageClass: placement.cluster.storageClasses.standard,
        },
        image: images.postgres,
        size,
        ownAnnotations: dataReasons(placement.cluster, undrilled),
        environment: [
            { name: "POSTGRES_USER", value: database.user },
            { name: "POSTGRES_DB", value: database.name },
            { name: "POSTGRES_PASSWORD_FILE", value: passwordFile },
        ],
        secretFolders: { [passwordFolder]: secret.metadata.name },
        annotations: { "tars-platform/password-generation": `${passwordGeneration}` },
        afterStart: ["/bin/sh", "-ec", takePasswordOver],
        stopSeconds: 55,
    } as const;
}

/**
 * The image sets the password only while it makes the database. To let a rotated password reach an existing one, it is set
 * again after each start, over the socket, which the image trusts; psql reads it from the file, so no process list shows it.
 */
const takePasswordOver = `
until pg_isready --quiet --host=127.0.0.1; do sleep 1; done
psql --quiet --set=ON_ERROR_STOP=1 --username=${database.user} --dbname=${database.name} <<'SQL'
\\set password \`cat ${passwordFile}\`
ALTER ROLE ${database.user} PASSWORD :'password';
SQL
`;
