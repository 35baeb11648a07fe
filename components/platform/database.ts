import type { PostgresServer } from "../cloud/contract";
import { ManagedPostgres } from "../data/managedPostgres";
import { database, Postgres } from "../data/postgres";
import type { Placement } from "../kubernetes/placement";
import type { Mesh } from "../mesh/mesh";
import type { GeneratedSecrets } from "../security/generated";
import type { PlatformArgs, Stage } from "./args";

/** The server of the cloud that the stack asks for; undefined where the database runs in the cluster. */
export function createDatabaseServer(
    { settings, createPostgres }: PlatformArgs,
    { databasePassword }: Pick<GeneratedSecrets, "databasePassword">,
): PostgresServer | undefined {
    const { postgres } = settings.data;
    if (postgres.kind === "inCluster") return undefined;
    if (createPostgres === undefined) throw new RangeError("a managed database passed the check of its cloud");
    const { name, user } = database;
    return createPostgres("postgres-server", { ...postgres, database: name, user, password: databasePassword });
}

interface DatabasePlan {
    readonly placement: Placement;
    readonly server: PostgresServer | undefined;
    readonly secrets: Pick<GeneratedSecrets, "databasePassword">;
    readonly mesh: Mesh;
}

/** The database as the rest of the platform knows it, wherever it runs. */
export function createDatabase(
    { settings: { sizes, secrets: generations } }: PlatformArgs,
    { placement, server, secrets, mesh }: DatabasePlan,
    stage: Stage,
): Postgres | ManagedPostgres {
    const password = secrets.databasePassword;
    if (server !== undefined) {
        return new ManagedPostgres("postgres", { placement, server, password, istio: mesh.istio }, stage);
    }
    const passwordGeneration = generations.databaseGeneration;
    return new Postgres("postgres", { placement, size: sizes.postgres, password, passwordGeneration }, stage);
}
