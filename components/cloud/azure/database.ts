import { Configuration, Server, Database as ServerDatabase } from "@pulumi/azure-native/dbforpostgresql";
import * as pulumi from "@pulumi/pulumi";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import type { Environment } from "../../settings/sizing";
import type { PostgresServer, PostgresServerPlan } from "../contract";
import authorities from "./databaseAuthorities.json";
import { databaseParameters, planDatabase } from "./databasePlan";
import { createEndpoint, type EndpointPlace } from "./endpoints";
import { Locks } from "./locks";
import { type Logs, sendLogs } from "./logs";
import { plannedSubnets, rangeIn } from "./plan";
import { keep } from "./protection";
import type { Secrets } from "./secrets";
import { createServiceZone } from "./serviceZone";
import type { AzureSettings } from "./settings";
import { placeOf, type Site } from "./site";

export interface DatabaseArgs extends EndpointPlace {
    readonly section: AzureSettings;
    readonly environment: Environment;
    readonly logs: Logs;
    readonly secrets: Secrets;
    readonly plan: PostgresServerPlan;
}

type Options = pulumi.ComponentResourceOptions & Pick<ChildOptions, "provider">;

/**
 * A PostgreSQL server of Azure, which the network alone reaches, at a private endpoint; encrypted with the platform's own key; with a second
 * machine in another zone in production.
 */
export class Database extends TarsComponent implements PostgresServer {
    readonly host: pulumi.Output<string>;
    readonly port = 5432;
    readonly ranges: readonly string[];
    readonly authorities = authorities.roots.join("");

    constructor(name: string, args: DatabaseArgs, opts: Options) {
        super("cloud", "Database", name, opts);
        const child = { parent: this, provider: opts.provider };
        const { site, section, logs, plan } = args;
        const server = createServer(name, args, child);
        const { zone, link } = createServiceZone(name, args, "privatelink.postgres.database.azure.com", child);
        const target = { service: "postgresqlServer", id: server.id, zone } as const;
        const endpoint = createEndpoint(`${name}-endpoint`, args, target, child);
        const last = createContent(name, { site, server, database: plan.database }, child);
        sendLogs(name, logs, { id: server.id, logs: [{ category: "PostgreSQLLogs" }] }, child);
        const scopes = { server: server.id };
        new Locks(`${name}-lock`, { site, scopes }, { ...child, dependsOn: [endpoint, last] });
        // Whoever calls the server by its name finds it, and the database in it, once all of these are there.
        const there = pulumi.all([endpoint.id, link.id, last.id]);
        this.host = pulumi.all([server.fullyQualifiedDomainName, there]).apply(([host]) => host);
        this.ranges = [rangeIn(plannedSubnets(section), "endpoints")];
        this.registerOutputs({ host: this.host });
    }
}

/** After a failover its zones have changed places, which is no reason to make another server. */
const swapped = ["availabilityZone", "highAvailability.standbyAvailabilityZone"];

function createServer(name: string, args: DatabaseArgs, child: ChildOptions): Server {
    const { site, section, environment, secrets, plan } = args;
    const { encryption, key } = secrets;
    return new Server(
        name,
        {
            ...placeOf(site),
            serverName: `${site.naming("database", "postgres")}-${site.suffix}`,
            ...planDatabase(section, environment, plan),
            administratorLoginPassword: plan.password,
            identity: {
                type: "UserAssigned",
                userAssignedIdentities: encryption.id.apply((id) => ({ [id]: {} })),
            },
            dataEncryption: {
                type: "AzureKeyVault",
                primaryKeyURI: key.keyUri,
                primaryUserAssignedIdentityId: encryption.id,
            },
        },
        { ...child, ...keep("database", site.rules), ignoreChanges: swapped, dependsOn: [...secrets.ready] },
    );
}

interface Content {
    readonly site: Site;
    readonly server: Server;
    readonly database: string;
}

/** One after the other: a server takes one change at a time. @returns the last of them */
function createContent(name: string, { site, server, database }: Content, child: ChildOptions): pulumi.CustomResource {
    const { group, rules } = site;
    const place = { resourceGroupName: group.name, serverName: server.name };
    const options = { ...child, ...keep("databaseContent", rules) };
    const args = { ...place, databaseName: database, charset: "UTF8", collation: "en_US.utf8" };
    const made = new ServerDatabase(`${name}-database`, args, options);
    return Object.entries(databaseParameters).reduce<pulumi.CustomResource>((before, [configurationName, value]) => {
        const parameter = { ...place, configurationName, value, source: "user-override" };
        const words = configurationName.replaceAll("_", "-");
        return new Configuration(`${name}-${words}`, parameter, { ...options, dependsOn: [before] });
    }, made);
}
