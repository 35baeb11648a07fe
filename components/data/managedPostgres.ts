import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import * as pulumi from "@pulumi/pulumi";
import type { PostgresServer } from "../cloud/contract";
import { calls } from "../foundation/calls";
import { type ChildOptions, TarsComponent } from "../foundation/component";
import { labelsOf, selectorOf } from "../foundation/labels";
import { type WorkloadName, workloadNames } from "../foundation/workloads";
import { createCustomResource, type Operator } from "../kubernetes/customResource";
import type { Placement, SecretReference } from "../kubernetes/placement";
import { blocks, planCalls, tcp } from "../kubernetes/traffic";
import { createPassword } from "./postgres";

export interface ManagedPostgresArgs {
    readonly placement: Placement;
    readonly server: PostgresServer;
    readonly password: pulumi.Input<string>;
    /** What makes the mesh's kinds known, and acts on them. */
    readonly istio: Operator;
}

/**
 * What of a database that the cloud runs is in the cluster: its password, who vouches for it, and the way to it. For the engine it is the same
 * component as the database in pods, so that a stack that changes from one to the other keeps the Secret that its readers name.
 */
export class ManagedPostgres extends TarsComponent {
    /** Host and port of the server. */
    readonly endpoint: pulumi.Output<string>;
    /** Where its password is. */
    readonly password: SecretReference;

    constructor(name: string, args: ManagedPostgresArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data", "Postgres", name, opts);
        const { placement, server } = args;
        const child = { parent: this, provider: placement.cluster.provider };
        const secret = createPassword(name, args, child);
        createWays(name, args, child);
        if (placement.mesh === "sidecar") createServiceEntry(name, args, child);
        this.endpoint = pulumi.interpolate`${server.host}:${server.port}`;
        this.password = { namespace: placement.namespace, name: secret.metadata.name, key: "password" };
        this.registerOutputs({ endpoint: this.endpoint, password: this.password });
    }
}

/** Workloads that call the database: the same that call it in the cluster. */
const callers: readonly WorkloadName[] = workloadNames.filter((name) => calls[name].includes("postgres"));

/** Beside the policies of the paths between pods, a way out of each caller's pods to the server, and to nothing else there. */
function createWays(name: string, { placement, server }: ManagedPostgresArgs, child: ChildOptions): void {
    for (const caller of callers) {
        const labels = labelsOf({ name: caller, component: "access" }, placement.ownership);
        const metadata = { name: `${caller}-postgres`, namespace: placement.namespace, labels };
        const spec = planCalls(selectorOf(caller), [{ to: blocks(server.ranges), ports: tcp(server.port) }]);
        new NetworkPolicy(`${name}-${caller}`, { metadata, spec }, child);
    }
}

/**
 * Proxies in pods let nothing out to hosts that they do not know; what they carry to this one stays as it is, encrypted by its own two ends.
 * The proxies of nodes hold nobody back: there the network policy alone does.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/service-entry/
 */
function createServiceEntry(
    name: string,
    { placement, server, istio }: ManagedPostgresArgs,
    child: ChildOptions,
): void {
    const labels = labelsOf({ name: "postgres", component: "mesh" }, placement.ownership);
    const plan = {
        apiVersion: "networking.istio.io/v1",
        kind: "ServiceEntry",
        name: "postgres",
        namespace: placement.namespace,
        labels,
        spec: {
            hosts: [server.host],
            exportTo: ["."],
            location: "MESH_EXTERNAL",
            resolution: "DNS",
            ports: [{ name: "tcp-postgres", number: server.port, protocol: "TCP" }],
        },
    };
    createCustomResource(`${name}-outside`, plan, istio, child);
}

/** What callers read about a server: variables of their environment, and the folder with who vouches for it. */
export interface PostgresClient {
    readonly host: pulumi.Output<string>;
    readonly environment: Readonly<Record<string, string>>;
    /** ConfigMaps that are mounted into callers' pods, by path. */
    readonly folders: Readonly<Record<string, pulumi.Output<string>>>;
}

const authoritiesFolder = "/etc/postgres-authorities";
const authoritiesFile = "ca.crt";

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
    { placement, server }: Pick<ManagedPostgresArgs, "placement" | "server">,
    stage: pulumi.ComponentResourceOptions,
): PostgresClient {
    const { host, port, authorities } = server;
    const address = { POSTGRES_PORT: `${port}` };
    if (authorities === undefined) return { host, environment: { ...address, PGSSLMODE: "require" }, folders: {} };
    const labels = labelsOf({ name: "postgres", component: "database" }, placement.ownership);
    const metadata = { name: "postgres-authorities", namespace: placement.namespace, labels };
    const data = { [authoritiesFile]: authorities };
    const options = { ...stage, provider: placement.cluster.provider };
    const made = new ConfigMap(`${name}-authorities`, { metadata, data }, options);
    return {
        host,
        environment: {
            ...address,
            PGSSLMODE: "verify-full",
            PGSSLROOTCERT: `${authoritiesFolder}/${authoritiesFile}`,
        },
        folders: { [authoritiesFolder]: made.metadata.name },
    };
}
