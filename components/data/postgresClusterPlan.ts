import * as pulumi from "@pulumi/pulumi";
import type { WorkloadIdentity } from "../cloud/contract";
import { imageReference } from "../foundation/imageSources";
import { type Labels, platformLabels } from "../foundation/labels";
import { manifestUser, postgresLogin } from "../foundation/postgresDrill";
import { databasesFor } from "../foundation/postgresLogins";
import { database, instanceLabels, postgresCluster, postgresPooler } from "../foundation/postgresNames";
import { drillOf, type PostgresCluster, type PostgresVersion } from "../foundation/postgresPlace";
import type { StoredSize } from "../foundation/workloads";
import type { Placement } from "../kubernetes/placement";
import { containerResources, runtimeDefault, topologies } from "../kubernetes/podParts";
import { priorityClassName } from "../kubernetes/priorities";

/**
 * Images that CloudNativePG's own catalogue names, built on the day in the tag: with PGAudit, and without the tools of backups, which the plugin
 * brings. With their digests: the operator holds a pod against this very text, and would replace it for ever where admission turned a tag into a
 * digest.
 *
 * @see https://github.com/cloudnative-pg/cloudnative-pg/issues/10872
 *
 * @see https://github.com/cloudnative-pg/artifacts/blob/0b1123db2d9b75e55d9c464210054414be5a9e67/image-catalogs/catalog-standard-trixie.yaml
 */
const images = {
    "17": {
        repository: "ghcr.io/cloudnative-pg/postgresql",
        tag: "17.11-202608310816-standard-trixie",
        digest: "sha256:0eea5ac8c5e3043db94f4d512ffcfb9c06d6270a97f6d56e9f08e1571ef0484e",
    },
    "18": {
        repository: "ghcr.io/cloudnative-pg/postgresql",
        tag: "18.6-202608310817-standard-trixie",
        digest: "sha256:c2a773217853c6e0ffe7da9c37ea456466efb20cf844f27511a73fa6a81e3152",
    },
} as const satisfies Readonly<Record<PostgresVersion, unknown>>;

/** What an instance runs. */
export function databaseImage(version: PostgresVersion) {
    return images[version];
}

/**
 * User and group of these images, and of the plugin's beside them.
 *
 * @see https://github.com/cloudnative-pg/postgres-containers/blob/main/Dockerfile
 */
export const postgresUser = 26;

/**
 * Name by which Clusters know the plugin.
 *
 * @see https://github.com/cloudnative-pg/plugin-barman-cloud/blob/v0.13.0/internal/cnpgi/metadata/constants.go
 */
export const archiver = "barman-cloud.cloudnative-pg.io";

/**
 * Seconds in which sessions may end by themselves when a server is told to stop, and in which it has to be done with all of it: less than the 15
 * minutes that a cloud gives a node.
 */
const stopSeconds = { sessions: 30, all: 600 } as const;

/** Memory that processes of a server share beside its buffers, and its files for a moment. Ours. */
const scratch = { shm: "1Gi", temporaryData: "1Gi" } as const;

export interface ClusterPlan {
    readonly placement: Placement;
    readonly size: StoredSize;
    readonly asked: PostgresCluster;
    /** Who the instances are in the cloud. */
    readonly identity: WorkloadIdentity;
    /** Secret with the user and the password of the application's database. */
    readonly secret: pulumi.Input<string>;
    /** Store that logs are archived in. */
    readonly store: string;
}

/**
 * Field names are those of the Cluster of CloudNativePG 1.30.
 *
 * @see https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/docs/src/cloudnative-pg.v1.md
 */
export function planCluster(plan: ClusterPlan) {
    const { placement, size, asked, identity } = plan;
    const { ownership, imageSources } = placement;
    const labels = { ...platformLabels(ownership), ...identity.podLabels };
    return {
        instances: size.replicas.min,
        imageName: imageReference(images[asked.version], imageSources),
        inheritedMetadata: { labels: { ...withoutManager(labels), ...unsnapped } },
        serviceAccountName: postgresCluster,
        ...planVolumes(placement, size),
        resources: containerResources(size),
        ...planPlacement(placement),
        priorityClassName: priorityClassName("data"),
        seccompProfile: runtimeDefault,
        // A single one would keep its node from being drained for good.
        enablePDB: size.replicas.min > 1,
        enableSuperuserAccess: false,
        primaryUpdateStrategy: "unsupervised",
        primaryUpdateMethod: "switchover",
        smartShutdownTimeout: stopSeconds.sessions,
        stopDelay: stopSeconds.all,
        ephemeralVolumesSizeLimit: scratch,
        ...planBeginning(plan),
        ...planRoles(plan),
        ...(asked.pooler === undefined ? {} : { certificates: { serverAltDNSNames: poolerHosts(plan) } }),
        postgresql: planServer(size.replicas.min, asked),
        plugins: [
            {
                name: archiver,
                isWALArchiver: true,
                parameters: { barmanObjectName: plan.store, serverName: asked.archive },
            },
        ],
    };
}

/**
 * Poolers show the certificate of the server, and callers look for the name that they called.
 *
 * @see https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/docs/src/connection_pooling.md (security)
 */
function poolerHosts({ placement }: ClusterPlan) {
    const { name } = postgresPooler;
    const domains = ["", ".svc", ".svc.cluster.local"];
    return [name, ...domains.map((domain) => pulumi.interpolate`${name}.${placement.namespace}${domain}`)];
}

/**
 * Who reads everything for a manifest, and may lock tables for that, and applications. The operator makes the roles, and gives them the passwords
 * that their Secrets have; one that is asked for no more stays, and pg_hba lets it in no more.
 *
 * @see https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/docs/src/declarative_role_management.md
 * @see https://www.postgresql.org/docs/18/predefined-roles.html
 */
function planRoles({ asked }: ClusterPlan) {
    const roleOf = (name: string) => ({
        name,
        ensure: "present",
        login: true,
        passwordSecret: { name: postgresLogin(name) },
    });
    const manifest = {
        ...roleOf(manifestUser),
        comment: "reads all tables, so that a restore can be compared with them",
        bypassrls: true,
        inRoles: ["pg_read_all_data", "pg_maintain"],
    };
    const logins = Object.keys(asked.users).map((user) => ({ ...roleOf(user), comment: "login of an application" }));
    const roles = [...(drillOf(asked) === undefined ? [] : [manifest]), ...logins];
    return roles.length === 0 ? {} : { managed: { roles } };
}

/** Each user to its own databases alone, and nobody else at all. Before these lines are the operator's own, for instances and poolers. */
function planDoors(asked: PostgresCluster): readonly string[] {
    const own = [`hostssl ${database.name} ${database.user} all scram-sha-256`];
    const manifest = drillOf(asked) === undefined ? [] : [`hostssl all ${manifestUser} all scram-sha-256`];
    const logins = Object.entries(asked.users).map(
        ([user, login]) => `hostssl ${databasesFor(login).join(",")} ${user} all scram-sha-256`,
    );
    return ["hostnossl all all all reject", ...own, ...manifest, ...logins, "hostssl all all all reject"];
}

const origin = "origin";

/** Store of the database that another follows. */
export const followedStore = "postgres-followed";

/**
 * An empty database, or one from backups, to whose user the password of today is given. Of a Cluster that is there the operator reads neither again.
 * One that follows another is given its password when it is promoted, and reads the other's log from its store until then.
 *
 * @see https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/docs/src/recovery.md
 * @see https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/docs/src/replica_cluster.md
 */
function planBeginning({ asked: { recover, follows }, secret, store }: ClusterPlan) {
    const application = { database: database.name, owner: database.user, secret: { name: secret } };
    if (follows !== undefined) {
        const parameters = { barmanObjectName: followedStore, serverName: follows.archive };
        return {
            bootstrap: { recovery: { source: origin, ...application } },
            externalClusters: [{ name: origin, plugin: { name: archiver, parameters } }],
            replica: { enabled: !follows.promoted, source: origin },
        };
    }
    if (recover === undefined) return { bootstrap: { initdb: { ...application, dataChecksums: true } } };
    const { archive, time } = recover;
    const target = time === undefined ? {} : { recoveryTarget: { targetTime: time } };
    const parameters = { barmanObjectName: store, serverName: archive };
    return {
        bootstrap: { recovery: { source: origin, ...application, ...target } },
        externalClusters: [{ name: origin, plugin: { name: archiver, parameters } }],
    };
}

/**
 * Its volumes are not copied with those of others: data and log of one instance would be of two moments. Its own backups are of one.
 *
 * @see https://velero.io/docs/v1.18/resource-filtering/
 */
const unsnapped = { "velero.io/exclude-from-backup": "true" } as const;

/** The operator says itself who manages what it makes. */
function withoutManager({ "app.kubernetes.io/managed-by": _, ...labels }: Labels): Labels {
    return labels;
}

/** What is written first is on a volume of its own, so that a log which the store does not take fills that one, and leaves the data as they are. */
function planVolumes({ cluster }: Placement, { storage, walStorage }: StoredSize) {
    if (walStorage === undefined) throw new RangeError("a database of an operator without a volume for its log");
    const { fast } = cluster.storageClasses;
    return {
        storage: { size: storage, storageClass: fast, resizeInUseVolumes: true },
        walStorage: { size: walStorage, storageClass: fast, resizeInUseVolumes: true },
    };
}

/** Never two on a node, and spread over zones. */
function planPlacement({ cluster }: Placement) {
    const { labels, tolerations } = cluster.nodes.general;
    return {
        affinity: {
            enablePodAntiAffinity: true,
            podAntiAffinityType: "required",
            topologyKey: topologies.node,
            nodeSelector: labels,
            tolerations: [...tolerations],
        },
        topologySpreadConstraints: [
            {
                maxSkew: 1,
                topologyKey: topologies.zone,
                whenUnsatisfiable: "DoNotSchedule",
                labelSelector: { matchLabels: instanceLabels },
            },
        ],
    };
}

/**
 * What is written counts once so many others have it that more than half of all do, whichever are the first; with fewer to have it, writing waits.
 * Nobody takes over who may lack something of it. Without TLS nobody gets in, and with it by password only, where he belongs: of the lines of pg_hba
 * the first that fits decides.
 *
 * @see https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/docs/src/replication.md
 * @see https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/docs/src/failover.md
 * @see https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/docs/src/postgresql_conf.md
 */
function planServer(instances: number, asked: PostgresCluster) {
    return {
        parameters: {
            password_encryption: "scram-sha-256",
            ssl_min_protocol_version: "TLSv1.3",
            "pgaudit.log": "ddl,role,write",
            "pgaudit.log_catalog": "off",
            log_connections: "on",
            log_disconnections: "on",
        },
        pg_hba: planDoors(asked),
        ...(instances > 1 ? { synchronous: planQuorum(instances) } : {}),
    };
}

function planQuorum(instances: number) {
    return { method: "any", number: Math.floor(instances / 2), dataDurability: "required", failoverQuorum: true };
}
