import type { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import { Secret, type ServiceAccount } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import {
    type BackupStore,
    databaseIdentity,
    databaseSecret,
    type FollowedStore,
    type WorkloadIdentity,
} from "../cloud/contract";
import { type ChildOptions, TarsComponent } from "../foundation/component";
import { dataReasons } from "../foundation/dataReasons";
import { labelsOf } from "../foundation/labels";
import {
    database,
    instanceLabels,
    instancePorts,
    postgresCluster,
    postgresPooler,
    writingService,
} from "../foundation/postgresNames";
import type { PostgresCluster as Asked } from "../foundation/postgresPlace";
import type { StoredSize } from "../foundation/workloads";
import { createCustomResource, whenReady } from "../kubernetes/customResource";
import { createAccount } from "../kubernetes/identities";
import type { Placement, SecretReference } from "../kubernetes/placement";
import { planStoreCalls } from "../kubernetes/storeTraffic";
import { planCalls, toApiServer } from "../kubernetes/traffic";
import { createTraffic, type Inside } from "../kubernetes/trafficPolicies";
import { createLoginSecrets, type LoginSecrets } from "./logins/secrets";
import { createPluginSecretRights } from "./pluginRights";
import { planFollowedStore, planSchedule, planStore } from "./postgresBackup";
import { followedStore, planCluster } from "./postgresClusterPlan";
import type { PostgresOperator } from "./postgresOperator";
import { createPooler } from "./postgresPooler";

export interface PostgresClusterArgs {
    readonly placement: Placement;
    readonly size: StoredSize;
    readonly asked: Asked;
    readonly password: pulumi.Input<string>;
    /** Of users beside the platform's own. */
    readonly logins: LoginSecrets;
    readonly store: BackupStore;
    /** Where the backups of the database are that it follows; undefined where it follows none. */
    readonly followed: FollowedStore | undefined;
    /** Who the instances are in the cloud. */
    readonly identity: WorkloadIdentity;
    readonly operator: PostgresOperator;
}

/**
 * PostgreSQL in the cluster, highly available: an instance that writes and others that follow, each on a node and with volumes of its own; its log
 * goes to the store of backups as it is written. For the engine it is the same component as the database in one pod, so that a stack which changes
 * from one to the other keeps the Secret that its readers name.
 */
export class PostgresCluster extends TarsComponent {
    /** Host and port inside the namespace, of whichever instance writes. */
    readonly endpoint: pulumi.Output<string>;
    /** Where its password is. */
    readonly password: SecretReference;

    constructor(name: string, args: PostgresClusterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data", "Postgres", name, opts);
        const { placement } = args;
        const child = { parent: this, provider: placement.cluster.provider };
        const labels = labelsOf({ name: "postgres", component: "database" }, placement.ownership);
        const inside = { namespace: placement.namespace, labels };
        const secret = createPassword(name, args, inside, child);
        const traffic = createTraffic(name, planTraffic(args), inside, child);
        const account = createInstanceAccount(name, args, inside, child);
        const reloaded = { ...inside, labels: { ...labels, ...whenChanged } };
        const logins = createLoginSecrets(name, args.logins, reloaded, child);
        const rights = createPluginSecretRights(name, inside, child);
        const backups = createStores(name, args, inside, { ...child, dependsOn: [secret] });
        const instances = createCluster(name, { ...args, secret }, inside, {
            ...child,
            dependsOn: [account, ...backups, rights, ...logins, ...traffic],
        });
        createSchedule(name, args, inside, { ...child, dependsOn: [instances] });
        const { pooler: asked } = args.asked;
        const plan = asked && { placement, asked, operator: args.operator.operator };
        const pooler =
            plan && createPooler(name, plan, inside.namespace, { ...child, dependsOn: [instances, ...traffic] });
        const host = pooler === undefined ? writingService : postgresPooler.name;
        // The operator makes the Service with the pods; whoever reads this waits for them.
        this.endpoint = pulumi.output((pooler ?? instances).urn).apply(() => `${host}:${instancePorts.postgres}`);
        this.password = { namespace: placement.namespace, name: secret.metadata.name, key: "password" };
        this.registerOutputs({ endpoint: this.endpoint, password: this.password });
    }
}

/**
 * Label of Secrets whose changes the operator is told of.
 *
 * @see https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/pkg/utils/labels_annotations.go (WatchedLabelName)
 */
const whenChanged = { "cnpg.io/reload": "true" } as const;

/**
 * The operator takes a new password over when it sees that the Secret has one.
 *
 * @see https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/docs/src/declarative_role_management.md and
 * docs/src/cncf-projects/external-secrets.md
 */
function createPassword(
    name: string,
    { password, store }: PostgresClusterArgs,
    { namespace, labels }: Inside,
    child: ChildOptions,
): Secret {
    const { region } = store.config;
    const metadata = { name: databaseSecret.name, namespace, labels: { ...labels, ...whenChanged } };
    const named = region === undefined ? {} : { [databaseSecret.regionKey]: region };
    const stringData = { username: database.user, password, ...named };
    return new Secret(`${name}-password`, { metadata, type: "kubernetes.io/basic-auth", stringData }, child);
}

/** The instances call the API server, and the operator gives their pods no other way to a token than their account. */
function createInstanceAccount(
    name: string,
    { identity }: PostgresClusterArgs,
    inside: Inside,
    child: ChildOptions,
): ServiceAccount {
    const plan = { ...inside, name: databaseIdentity.serviceAccount, identity, automountsToken: true };
    // Of the same name as the account of the database in one pod: the engine is not to take that one away after this one came.
    const aliases = [{ parent: pulumi.createUrn(name, "tars:kubernetes:Workload", child.parent) }];
    return createAccount(name, plan, { ...child, aliases });
}

/** Each instance tells the API server how it is, and asks it what to be; its log and its backups go to the store. */
function planTraffic({ placement, store, asked }: PostgresClusterArgs) {
    return {
        "postgres-api-server": planCalls(instanceLabels, toApiServer(placement.cluster)),
        "postgres-store": planStoreCalls(instanceLabels, store),
        ...(asked.pooler === undefined
            ? {}
            : { [poolerTraffic]: planCalls(postgresPooler.podLabels, toApiServer(placement.cluster)) }),
    };
}

/** Policy by which PgBouncer's pods ask the API server for their configuration. */
export const poolerTraffic = `${postgresPooler.name}-api-server`;

const storeName = "postgres-backups";

/** Its own, and beside it the one that it only reads. */
function createStores(
    name: string,
    { store, followed, asked, operator }: PostgresClusterArgs,
    inside: Inside,
    child: ChildOptions,
): readonly CustomResource[] {
    const kind = { apiVersion: "barmancloud.cnpg.io/v1", kind: "ObjectStore", ...inside };
    const own = { ...kind, name: storeName, spec: planStore(store, asked.keepDays) };
    const made = createCustomResource(`${name}-store`, own, operator.plugin, child);
    if (followed === undefined) return [made];
    const other = { ...kind, name: followedStore, spec: planFollowedStore(followed) };
    return [made, createCustomResource(`${name}-followed-store`, other, operator.plugin, child)];
}

/** Three instances are filled one after the other, the second and third from the first. */
const readyTimeouts: pulumi.CustomTimeouts = { create: "30m", update: "60m", delete: "10m" };

function createCluster(
    name: string,
    { placement, size, asked, identity, operator, secret }: PostgresClusterArgs & { readonly secret: Secret },
    inside: Inside,
    child: ChildOptions,
): CustomResource {
    const spec = planCluster({ placement, size, asked, identity, secret: secret.metadata.name, store: storeName });
    const annotations = {
        ...whenReady,
        // What is deleted from it is gone from the folder that it writes to after as many days.
        "tars-platform/retention-days": `${asked.keepDays}`,
        ...dataReasons(placement.cluster, asked.drill.kind === "off" ? asked.drill.because : undefined),
    };
    const plan = {
        apiVersion: "postgresql.cnpg.io/v1",
        kind: "Cluster",
        name: postgresCluster,
        annotations,
        ...inside,
        spec,
    };
    const { isGuarded } = placement.cluster;
    // The operator deletes the claims with the object.
    const guard = { protect: isGuarded, customTimeouts: readyTimeouts };
    return createCustomResource(`${name}-cluster`, plan, operator.operator, { ...child, ...guard });
}

/** Its name is the folder's: what begins another one has its first backup at once, which an object does that is new. */
function createSchedule(
    name: string,
    { asked, operator }: PostgresClusterArgs,
    inside: Inside,
    child: ChildOptions,
): void {
    const kind = { apiVersion: "postgresql.cnpg.io/v1", kind: "ScheduledBackup", name: `${asked.archive}-daily` };
    createCustomResource(`${name}-schedule`, { ...kind, ...inside, spec: planSchedule() }, operator.operator, child);
}
