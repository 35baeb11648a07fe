import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";
import type { PostgresServer } from "../cloud/contract";
import { labelsOf } from "../foundation/labels";
import { instancePorts, postgresCluster } from "../foundation/postgresNames";
import type { Placement } from "../kubernetes/placement";
import type { SecretKey } from "../kubernetes/pod";

/** What callers read about a server: variables of their environment, and the folder with who vouches for it. */
export interface PostgresClient {
    /** Undefined where its name is known beforehand. */
    readonly host: pulumi.Output<string> | undefined;
    readonly port: number;
    readonly environment: Readonly<Record<string, string>>;
    /** ConfigMaps that are mounted into callers' pods, by path. */
    readonly folders: Readonly<Record<string, pulumi.Output<string>>>;
    /** Keys of Secrets that are mounted into callers' pods, by the path of their folder. */
    readonly secretKeys: Readonly<Record<string, SecretKey>>;
}

const authoritiesFolder = "/etc/postgres-authorities";
const authoritiesFile = "ca.crt";

/** By which callers know a server for the one that they mean. */
const verified = { PGSSLMODE: "verify-full", PGSSLROOTCERT: `${authoritiesFolder}/${authoritiesFile}` } as const;

/** Where an operated database keeps who vouches for it. */
export const clusterAuthority = { name: `${postgresCluster}-ca`, key: authoritiesFile } as const;

/**
 * The same of a database that an operator runs: it keeps the authority of its certificates in a Secret, whose key is for nobody else.
 *
 * @see https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/docs/src/certificates.md
 */
export const clusterClient: PostgresClient = {
    host: undefined,
    port: instancePorts.postgres,
    environment: verified,
    folders: {},
    secretKeys: { [authoritiesFolder]: { secret: clusterAuthority.name, key: clusterAuthority.key } },
};

/**
 * How pods find the server and are sure that it is the one. libpq reads these two variables, and so does asyncpg, which the backend calls it
 * through without a word about TLS (backend/app/core/db.py in oceanrockr/VDS_TARS, 413d2ab). Where nobody's certificates are known the call is
 * encrypted and the server is taken at its word.
 *
 * @see https://www.postgresql.org/docs/18/libpq-envars.html
 * @see https://github.com/MagicStack/asyncpg/blob/master/asyncpg/connect_utils.py (PGSSLMODE, PGSSLROOTCERT)
 */
export function createPostgresClient(
    name: string,
    { placement, server }: { readonly placement: Placement; readonly server: PostgresServer },
    stage: pulumi.ComponentResourceOptions,
): PostgresClient {
    const { host, port, authorities } = server;
    if (authorities === undefined) {
        return { host, port, environment: { PGSSLMODE: "require" }, folders: {}, secretKeys: {} };
    }
    const labels = labelsOf({ name: "postgres", component: "database" }, placement.ownership);
    const metadata = { name: "postgres-authorities", namespace: placement.namespace, labels };
    const data = { [authoritiesFile]: authorities };
    const options = { ...stage, provider: placement.cluster.provider };
    const made = new ConfigMap(`${name}-authorities`, { metadata, data }, options);
    return {
        host,
        port,
        environment: verified,
        folders: { [authoritiesFolder]: made.metadata.name },
        secretKeys: {},
    };
}
