import { databaseIdentity, type PostgresServer, postgresDrill, postgresManifest } from "../cloud/contract";
import { ManagedPostgres } from "../data/managedPostgres";
import { Postgres } from "../data/postgres";
import { clusterClient, createPostgresClient, type PostgresClient } from "../data/postgresClient";
import { PostgresCluster, poolerTraffic } from "../data/postgresCluster";
import { PostgresOperator } from "../data/postgresOperator";
import { database, postgresOperator } from "../foundation/postgresNames";
import { drillOf } from "../foundation/postgresPlace";
import type { Operator } from "../kubernetes/customResource";
import { identityOf } from "../kubernetes/identities";
import type { Placement } from "../kubernetes/placement";
import type { Mesh } from "../mesh/mesh";
import type { GeneratedSecrets } from "../security/generated";
import type { Settings } from "../settings/schema";
import { type PlatformArgs, type Stage, systemPlace } from "./args";
import { loginAddress } from "./logins";

/** The server of the cloud that the stack asks for; undefined where the database runs in the cluster. */
export function createDatabaseServer(
    { settings, createPostgres }: PlatformArgs,
    { databasePassword }: Pick<GeneratedSecrets, "databasePassword">,
): PostgresServer | undefined {
    const { postgres } = settings.data;
    if (postgres.kind !== "managed") return undefined;
    if (createPostgres === undefined) throw new RangeError("a managed database passed the check of its cloud");
    const { name, user } = database;
    return createPostgres("postgres-server", { ...postgres, database: name, user, password: databasePassword });
}

interface BehindOperator {
    readonly mesh: Mesh;
    readonly certManager: { readonly operator: Operator };
    /** Namespace of the database. */
    readonly watched: string;
}

/** Who runs the database; nobody where it is one pod, or the cloud's. */
export function createDatabaseOperator(
    args: PlatformArgs,
    { mesh, certManager, watched }: BehindOperator,
    stage: Stage,
): PostgresOperator | undefined {
    if (args.settings.data.postgres.kind !== "cluster") return undefined;
    const plan = { place: systemPlace(args), watched, mesh: args.settings.mesh.mode };
    const behind = { istio: mesh.istio, certManager: certManager.operator };
    return new PostgresOperator("postgres-operator", { ...plan, ...behind }, stage);
}

/** What callers know a database by that shows certificates of its own. */
export function createDatabaseClient(
    { settings: { data } }: PlatformArgs,
    { placement, server }: { readonly placement: Placement; readonly server: PostgresServer | undefined },
    stage: Stage,
): PostgresClient | undefined {
    if (data.postgres.kind === "cluster") return clusterClient;
    return server && createPostgresClient("postgres", { placement, server }, stage);
}

/** Registries of images that only some stacks run. */
export function databaseRepositories({ data }: Pick<Settings, "data">): readonly string[] {
    return data.postgres.kind === "cluster" ? ["ghcr.io/cloudnative-pg/"] : [];
}

/** Network policies by which an operated database calls what has no address of its own. */
export function databaseCallers({ data }: Pick<Settings, "data">) {
    if (data.postgres.kind !== "cluster") return [];
    const ofPooler = data.postgres.pooler === undefined ? [] : [poolerTraffic];
    const inTenant = ["postgres-api-server", "postgres-store", ...ofPooler].map((name) => ({
        namespace: databaseIdentity.namespace,
        name,
    }));
    const jobs = drillOf(data.postgres) === undefined ? [] : [postgresManifest, postgresDrill];
    const ofJobs = jobs.map(({ namespace, serviceAccount }) => ({ namespace, name: `${serviceAccount}-store` }));
    return [{ namespace: postgresOperator.namespace, name: "api-server" }, ...inTenant, ...ofJobs];
}

interface DatabasePlan {
    readonly placement: Placement;
    readonly server: PostgresServer | undefined;
    readonly operator: PostgresOperator | undefined;
    readonly secrets: Pick<GeneratedSecrets, "databasePassword" | "postgresPasswords">;
    readonly mesh: Mesh;
}

/** The database as the rest of the platform knows it, wherever it runs. */
export function createDatabase(
    args: PlatformArgs,
    { placement, server, operator, secrets, mesh }: DatabasePlan,
    stage: Stage,
): Postgres | PostgresCluster | ManagedPostgres {
    const {
        sizes: { postgres: size },
        secrets: generations,
        data: { postgres: asked },
    } = args.settings;
    const password = secrets.databasePassword;
    const address = loginAddress(args.settings, server);
    const logins = { passwords: secrets.postgresPasswords, logins: asked.users, address };
    if (server !== undefined) {
        return new ManagedPostgres("postgres", { placement, server, password, logins, istio: mesh.istio }, stage);
    }
    if (asked.kind === "cluster") {
        const behind = { ...backupsOf(args), operator: known(operator), logins };
        return new PostgresCluster("postgres", { placement, size, asked, password, ...behind }, stage);
    }
    const passwordGeneration = generations.databaseGeneration;
    return new Postgres("postgres", { placement, size, password, passwordGeneration, logins }, stage);
}

/** Where its backups go, and who writes them: the checks of the cloud have asked for both. */
function backupsOf({ cluster, ground }: PlatformArgs) {
    const identity = identityOf(ground?.identities ?? {}, databaseIdentity);
    const { backupStore: store, followedStore: followed } = cluster;
    return { store: known(store), followed, identity: known(identity) };
}

function known<Value>(value: Value | undefined): Value {
    if (value === undefined) throw new RangeError("a database of an operator passed the check of its cloud");
    return value;
}
