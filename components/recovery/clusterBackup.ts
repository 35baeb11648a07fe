import type * as pulumi from "@pulumi/pulumi";
import { type BackupStore, backupOperator, type WorkloadIdentity } from "../cloud/contract";
import { type ChildOptions, TarsComponent } from "../foundation/component";
import { demandAtPeak } from "../foundation/demand";
import { labelsOf } from "../foundation/labels";
import { veleroSize } from "../foundation/veleroSize";
import { createChart } from "../kubernetes/chart";
import { manifests } from "../kubernetes/chartTable";
import { createCustomResource, type Operator } from "../kubernetes/customResource";
import { createDefinitions } from "../kubernetes/definitions";
import { createAccount } from "../kubernetes/identities";
import { TenantNamespace } from "../kubernetes/namespace";
import { planQuota } from "../kubernetes/quota";
import { createClusterRights, createRights, subjectOf } from "../kubernetes/rights";
import type { SystemPlace } from "../kubernetes/systemPlace";
import { createTraffic, type Inside } from "../kubernetes/trafficPolicies";
import { clusterRights, includedResources, ownRights } from "./backedUp";
import { planTraffic } from "./veleroTraffic";
import { planValues, release } from "./veleroValues";

/** How often the cluster is backed up, and for how long that is kept. */
export interface BackupRhythm {
    /** Hours between two backups, a divisor of 24: what may be lost. */
    readonly everyHours: number;
    readonly keepDays: number;
}

export interface ClusterBackupArgs {
    readonly place: SystemPlace;
    readonly store: BackupStore;
    /** Who Velero is in the cloud. */
    readonly identity: WorkloadIdentity;
    readonly rhythm: BackupRhythm;
}

/**
 * Velero: every few hours it writes the cluster's objects, of the kinds that are listed, to the store of backups, and has a copy made of each
 * volume by its driver. Copies stay in the cloud's own keeping, in the region of the volume; the store is where the cloud's contract has it.
 */
export class ClusterBackup extends TarsComponent {
    constructor(name: string, args: ClusterBackupArgs, opts?: pulumi.ComponentResourceOptions) {
        super("recovery", "ClusterBackup", name, opts);
        const { place, store, identity } = args;
        const tenant = createNamespace(name, place, this);
        const child = { parent: this, provider: place.cluster.provider, dependsOn: [tenant.object] };
        const inside = { namespace: tenant.namespace, labels: labelsOf(part, place.ownership) };
        const definitions = createDefinitions(`${name}-definitions`, { of: release, ...place }, child);
        const before = [
            definitions,
            createAccount(name, { ...inside, name: backupOperator.serviceAccount, identity }, child),
            ...createAccess(name, inside, child),
            ...createTraffic(name, planTraffic(place.cluster, store), inside, child),
        ];
        const controller = createServer(name, args, tenant.namespace, { ...child, dependsOn: [tenant, ...before] });
        createPlan(name, args, inside, { operator: { definitions, controller }, child });
        this.registerOutputs({});
    }
}

const part = { name: release, component: "backup", version: manifests[release].version } as const;

function createNamespace(name: string, { cluster, ownership }: SystemPlace, parent: pulumi.Resource): TenantNamespace {
    const quota = planQuota(demandAtPeak([veleroSize]), undefined);
    const { namespace } = backupOperator;
    return new TenantNamespace(name, { cluster, ownership, namespace, quota }, { parent });
}

/** @see clusterRights */
function createAccess(name: string, inside: Inside, child: ChildOptions): pulumi.Resource[] {
    const { labels } = inside;
    const subjects = [subjectOf(backupOperator)];
    const wide = { name: `${release}-backup`, labels, rules: clusterRights, subjects };
    const own = { ...inside, name: release, rules: ownRights, subjects };
    const rights = [createClusterRights(`${name}-reads`, wide, child), createRights(`${name}-own`, own, child)];
    return rights.map(({ binding }) => binding);
}

function createServer(
    name: string,
    { place, store, identity, rhythm }: ClusterBackupArgs,
    namespace: pulumi.Output<string>,
    child: ChildOptions,
) {
    const values = planValues({ place, identity, provider: store.provider, kept: hoursOf(rhythm) });
    return createChart(name, { chart: release, release, namespace, values, sources: place.charts }, child);
}

/** The name by which Velero takes it where a backup names none. */
const locationName = "default";

interface Acting {
    readonly operator: Operator;
    readonly child: ChildOptions;
}

/** Where backups go, waited for until Velero has reached it, and when they are made. */
function createPlan(name: string, args: ClusterBackupArgs, inside: Inside, { operator, child }: Acting): void {
    const object = { apiVersion: "velero.io/v1", ...inside };
    const location = createCustomResource(
        `${name}-location`,
        {
            ...object,
            kind: "BackupStorageLocation",
            name: locationName,
            annotations: { "pulumi.com/waitFor": "jsonpath={.status.phase}=Available" },
            spec: planLocation(args.store),
        },
        operator,
        child,
    );
    const dependsOn = [...(child.dependsOn ?? []), location];
    const schedule = { ...object, kind: "Schedule", name: "cluster", spec: planSchedule(args.rhythm) };
    createCustomResource(`${name}-schedule`, schedule, operator, { ...child, dependsOn });
}

function planLocation({ provider, bucket, config }: BackupStore) {
    return { provider, default: true, accessMode: "ReadWrite", objectStorage: { bucket, prefix: release }, config };
}

/** @see https://velero.io/docs/v1.18/api-types/schedule/ */
function planSchedule(rhythm: BackupRhythm) {
    return {
        schedule: cronOf(rhythm),
        // Velero writes this where nobody did.
        skipImmediately: false,
        template: {
            ttl: hoursOf(rhythm),
            storageLocation: locationName,
            includedNamespaces: ["*"],
            includedResources: [...includedResources],
            // Otherwise one namespace that somebody leaves out leaves out all that is in none.
            includeClusterResources: true,
            snapshotVolumes: true,
            // The copies are the drivers', and stay where those make them.
            snapshotMoveData: false,
        },
    };
}

/** At a quarter past, when whatever others start at the full hour has begun; once a day at night. */
function cronOf({ everyHours }: BackupRhythm): string {
    return everyHours === 24 ? "15 2 * * *" : `15 */${everyHours} * * *`;
}

/** As the API server gives it back: Velero's kind for durations writes minutes and seconds too. */
function hoursOf({ keepDays }: BackupRhythm): string {
    return `${keepDays * 24}h0m0s`;
}
