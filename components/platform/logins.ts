import type { PostgresServer } from "../cloud/contract";
import { PostgresLogins, type PostgresLoginsArgs } from "../data/logins/logins";
import type { LoginAddress } from "../data/logins/secrets";
import { clusterAuthority, type PostgresClient } from "../data/postgresClient";
import { databaseImage, postgresUser } from "../data/postgresClusterPlan";
import type { PostgresOperator } from "../data/postgresOperator";
import { ownConsumers } from "../foundation/consumers";
import { namingFor } from "../foundation/naming";
import { instancePorts, writingService } from "../foundation/postgresNames";
import { planPorts } from "../kubernetes/access";
import { images } from "../kubernetes/images";
import type { Placement, SecretReference } from "../kubernetes/placement";
import { blocks, here, tcp } from "../kubernetes/traffic";
import type { GeneratedSecrets } from "../security/generated";
import type { Settings } from "../settings/schema";
import type { PlatformArgs, Stage } from "./args";

/** How applications call the database, in whatever namespace they are. */
export function loginAddress({ data }: Pick<Settings, "data">, server: PostgresServer | undefined): LoginAddress {
    if (server !== undefined) {
        const { host, port, authorities } = server;
        return { host, port, authorities, sslMode: authorities === undefined ? "require" : "verify-full" };
    }
    const host = `${namingFor(data).serviceOf("postgres")}.${ownConsumers}.svc`;
    const sslMode = data.postgres.kind === "cluster" ? "verify-full" : undefined;
    return { host, port: instancePorts.postgres, sslMode, authorities: undefined };
}

interface BehindLogins {
    readonly placement: Placement;
    readonly server: PostgresServer | undefined;
    readonly client: PostgresClient | undefined;
    readonly operator: PostgresOperator | undefined;
    readonly secrets: Pick<GeneratedSecrets, "postgresPasswords">;
    /** Where the password of the platform's own user is. */
    readonly postgres: { readonly password: SecretReference };
}

/** Logins of applications, where a stack has any. */
export function createLogins(args: PlatformArgs, behind: BehindLogins, stage: Stage): PostgresLogins | undefined {
    const { settings } = args;
    const { users } = settings.data.postgres;
    if (Object.keys(users).length === 0) return undefined;
    const { placement, server, client, operator, secrets, postgres } = behind;
    const { generation } = secrets.postgresPasswords ?? { generation: 0 };
    const isOperated = settings.data.postgres.kind === "cluster";
    const plan = {
        placement,
        users,
        generation,
        password: postgres.password,
        address: loginAddress(settings, server),
        authority: isOperated ? clusterAuthority : undefined,
        operator: operator?.operator,
        client,
        image: imageFor(settings),
        ...whereTo(settings, server),
    };
    return new PostgresLogins("postgres-logins", plan, stage);
}

/** The server itself, and the way there. */
function whereTo(
    { data, mesh }: Pick<Settings, "data" | "mesh">,
    server: PostgresServer | undefined,
): Pick<PostgresLoginsArgs, "host" | "port" | "way"> {
    if (server !== undefined) {
        const { port, ranges } = server;
        return { host: undefined, port, way: { to: blocks(ranges), ports: tcp(port) } };
    }
    const host = data.postgres.kind === "cluster" ? writingService : "postgres";
    const port = instancePorts.postgres;
    const to = [here(namingFor(data).podsOf("postgres"))];
    return { host, port, way: { to, ports: planPorts([port], mesh.mode) } };
}

/** What a server in the cluster runs, and what the pod of others does. */
function imageFor({ data: { postgres } }: Pick<Settings, "data">): PostgresLoginsArgs["image"] {
    if (postgres.kind === "cluster") {
        return { ...databaseImage(postgres.version), uid: postgresUser, major: postgres.version };
    }
    const { repository, tag, uid } = images.postgres;
    return { repository, tag, uid, major: tag.split(".")[0] ?? "" };
}
