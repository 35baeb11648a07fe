import {
    type ElasticsearchCluster,
    type ElasticUser,
    loginsOf,
    setupUser,
    snapshotUser,
} from "../../foundation/elasticNames";
import { type Kibana, kibanaLogins } from "../../foundation/kibana";

/**
 * Where in its Secret a role stands: the operator reads roles from Secrets alone.
 *
 * @see https://github.com/elastic/cloud-on-k8s/blob/v3.5.0/pkg/controller/elasticsearch/user/user_provided.go
 */
const rolesKey = "roles.yml";

interface Role {
    readonly cluster: readonly string[];
    readonly indices: readonly { readonly names: readonly string[]; readonly privileges: readonly string[] }[];
    readonly applications?: readonly {
        readonly application: string;
        readonly privileges: readonly string[];
        readonly resources: readonly string[];
    }[];
}

/**
 * A role for each user: what it may do, and nothing besides. Who writes may add, and have a stream begin by it; nothing that is there can it
 * change or take away.
 *
 * @see https://www.elastic.co/docs/reference/elasticsearch/security-privileges
 */
export function planRoles(asked: ElasticsearchCluster): Readonly<Record<string, Role>> {
    const users = Object.entries(asked.users).map(([name, user]) => [name, planRole(user)] as const);
    const { kibana, snapshots } = asked;
    return {
        [setupUser]: planSetupRole(asked),
        ...(snapshots !== undefined && { [snapshotUser]: planSnapshotRole(asked) }),
        ...(kibana.kind !== "off" && { [kibanaLogins.people]: planPeopleRole(asked, kibana) }),
        ...Object.fromEntries(users),
    };
}

/**
 * Elasticsearch rolls, moves and deletes what a policy is about with the rights of whoever wrote the policy last, as they are then.
 *
 * @see https://github.com/elastic/elasticsearch/issues/66279
 */
function planSetupRole({ streams, snapshots }: ElasticsearchCluster): Role {
    const names = Object.keys(streams).flatMap(patternsOf);
    const indices = names.length === 0 ? [] : [{ names, privileges: ["manage"] }];
    // Snapshots are taken with the rights of who wrote their schedule as well; Elasticsearch itself deletes them.
    const ofSnapshots = ["manage_slm", "create_snapshot", "cluster:admin/repository/put"];
    const cluster = [
        "manage_ilm",
        "manage_index_templates",
        "monitor",
        ...(snapshots === undefined ? [] : ofSnapshots),
    ];
    return { cluster, indices };
}

/**
 * Has a snapshot taken, as its schedule would, sees what came of it, and counts. It reads no document, restores none, and deletes no snapshot.
 *
 * @see https://www.elastic.co/docs/reference/elasticsearch/security-privileges (monitor_snapshot; maintenance, which makes written documents count)
 */
function planSnapshotRole({ streams }: ElasticsearchCluster): Role {
    const names = Object.keys(streams).flatMap(patternsOf);
    return {
        cluster: ["monitor_snapshot", "cluster:admin/slm/execute"],
        indices: names.length === 0 ? [] : [{ names, privileges: ["monitor", "maintenance", "view_index_metadata"] }],
    };
}

/**
 * Everybody who looks at Kibana: they read the streams, and of Kibana what its own words for readers and editors let them. Elasticsearch's own
 * `viewer` would read every index that there is.
 *
 * @see https://www.elastic.co/docs/reference/elasticsearch/roles (viewer, editor)
 */
function planPeopleRole({ streams }: ElasticsearchCluster, { writes }: Kibana): Role {
    const names = Object.keys(streams).flatMap(patternsOf);
    return {
        cluster: [],
        indices: names.length === 0 ? [] : [{ names, privileges: ["read", "view_index_metadata"] }],
        applications: [{ application: "kibana-.kibana", privileges: [writes ? "all" : "read"], resources: ["*"] }],
    };
}

function planRole({ writes, reads }: ElasticUser): Role {
    const rule = (streams: readonly string[], privileges: readonly string[]) =>
        streams.length === 0 ? [] : [{ names: streams.flatMap(patternsOf), privileges }];
    return {
        cluster: ["monitor"],
        indices: [
            ...rule(writes, ["create_doc", "auto_configure", "view_index_metadata"]),
            ...rule(reads, ["read", "view_index_metadata"]),
        ],
    };
}

/** A stream, and those of the same kind: `app-logs` and `app-logs-orders`. */
export function patternsOf(stream: string): readonly string[] {
    return [stream, `${stream}-*`];
}

/** Not the user's own name: of a role that is called as one of Elasticsearch's own (`viewer`, `superuser`), that one would hold. */
const roleOf = (username: string) => `tars.${username}`;

/** Elasticsearch's own role for Kibana itself. @see https://www.elastic.co/docs/reference/elasticsearch/roles */
const kibanaRole = "kibana_system";

/** Whether what a user may do stands beside the password, and is no role that Elasticsearch brings. */
export function hasOwnRole(username: string): boolean {
    return username !== kibanaLogins.server;
}

/** What everybody who logs in has in a Secret beside the password: the name, the role, and what that may do. */
export function planLogins(asked: ElasticsearchCluster): readonly Login[] {
    const roles = planRoles(asked);
    return loginsOf(asked).map((username) =>
        hasOwnRole(username)
            ? { username, roles: roleOf(username), [rolesKey]: JSON.stringify({ [roleOf(username)]: roles[username] }) }
            : { username, roles: kibanaRole },
    );
}

interface Login extends Readonly<Record<string, string>> {
    readonly username: string;
}
