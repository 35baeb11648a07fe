import { cidr, contains } from "../../foundation/cidr";
import { type BackedUpService, backedUpServices, type ServiceBackups } from "../../foundation/dataBackups";
import type { Issues } from "../../foundation/issues";
import { drillOf, followingOf, type PostgresPlace } from "../../foundation/postgresPlace";
import { type AddressRange, checkDisjoint, privateRanges, rangesBeside } from "../../foundation/ranges";
import type { Vectors } from "../../foundation/vectors";
import type { Settings } from "../../settings/schema";
import {
    backupOperator,
    chromadbBackup,
    chromadbDrill,
    clickHouseBackup,
    clickHouseDrill,
    databaseIdentity,
    elasticsearchDrill,
    elasticsearchManifest,
    elasticsearchNodes,
    type IdentityBinding,
    postgresDrill,
    postgresManifest,
    qdrantBackup,
    qdrantDrill,
    secretOperator,
    vectorIdentity,
} from "../contract";
import type { MachineType } from "../machines";
import type { GpuSharing } from "./poolSettings";
import type { PoolPlan } from "./pools";
import { type EnvironmentRules, environmentRules, type MigProfiles } from "./rules";
import type { ApiAccess } from "./settings";

/** A range that a stack takes for itself. */
export interface OwnRange extends AddressRange {
    /** Prefixes that the cloud takes for it: of the largest range, and of the smallest. */
    readonly prefixes: { readonly shortest: number; readonly longest: number };
}

/** Ranges of the stack's own network must be private, of a size that the cloud takes, and apart from each other and from those joined to it. */
export function checkRanges(
    section: string,
    { own, joined }: { readonly own: readonly OwnRange[]; readonly joined: readonly string[] },
    issues: Issues,
): void {
    for (const range of own) checkRange(range, issues);
    const others = joined.map((range, index) => ({
        key: `${section}.network.joined.${index}`,
        cidr: range,
        routed: true,
    }));
    checkDisjoint(rangesBeside(own, others), issues);
}

function checkRange({ key, cidr: text, prefixes: { shortest, longest } }: OwnRange, issues: Issues): void {
    const range = cidr(text);
    if (range.prefix < shortest || range.prefix > longest) {
        issues.add(key, `${text} is no /${shortest} to /${longest}`, `give a range from /${shortest} to /${longest}`);
    }
    if (privateRanges.some((allowed) => contains(cidr(allowed), range))) return;
    issues.add(key, `${text} is not private`, `choose a range within ${privateRanges.join(", ")}`);
}

/** A public API server lets in no wider range than the environment allows. */
export function checkAllowList(
    section: string,
    { apiAccess, rules }: { readonly apiAccess: ApiAccess; readonly rules: EnvironmentRules },
    issues: Issues,
): void {
    if (apiAccess.kind === "private") return;
    const shortest = rules.shortestAllowedPrefix;
    apiAccess.allowedCidrs.forEach((range, index) => {
        if (cidr(range).prefix >= shortest) return;
        const words = `${range} lets too many in: in this environment a range has at least /${shortest}`;
        const fix = "name the ranges that people and runners really come from";
        issues.add(`${section}.apiAccess.allowedCidrs.${index}`, words, fix);
    });
}

/** A pool starts within its bounds. Where these contradict each other, settings/capacity.ts says so, and this would add nothing. */
export function checkInitial({ key, nodes, initial }: PoolPlan, issues: Issues): void {
    if (nodes.min > nodes.max || (initial >= nodes.min && initial <= nodes.max)) return;
    issues.add(
        `${key}.nodes.initial`,
        `is ${initial}, outside ${nodes.min} to ${nodes.max}`,
        "start within the bounds",
    );
}

/** The GPUs that a cloud's machines have, and how its messages speak of them. */
export interface GpuOffer {
    readonly section: string;
    readonly machines: Readonly<Record<string, MachineType>>;
    readonly migProfiles: MigProfiles;
    /** A machine that has a GPU, for whoever chose one that has none. */
    readonly example: string;
    /** Machines, or models, that can be cut into slices. */
    readonly sliceable: string;
    /** What stands between the profiles that a machine has. */
    readonly separator: string;
}

/** What the settings say of a pool with GPUs. */
export interface GpuChoice {
    readonly machine: string;
    readonly sharing: GpuSharing;
}

export function checkHasGpu({ machine }: GpuChoice, { section, machines, example }: GpuOffer, issues: Issues): void {
    if (machines[machine]?.gpu !== undefined) return;
    issues.add(
        `${section}.pools.gpu.machine`,
        `${machine} has no GPU`,
        `choose a machine that has one, such as ${example}`,
    );
}

/** Slices must be some that the machine's GPUs can be cut into. */
export function checkSlices({ machine, sharing }: GpuChoice, offer: GpuOffer, issues: Issues): void {
    if (sharing.kind !== "mig") return;
    const model = offer.machines[machine]?.gpu?.model;
    const profiles = (model && offer.migProfiles[model]) ?? [];
    if (profiles.includes(sharing.profile)) return;
    const words = `${sharing.profile} is no slice of the GPU of ${machine} (${model ?? "no GPU"})`;
    const fix =
        profiles.length === 0
            ? `share by turns (timeSliced), or use ${offer.sliceable}`
            : `use ${profiles.join(offer.separator)}`;
    issues.add(`${offer.section}.pools.gpu.sharing.profile`, words, fix);
}

/** Refuses, where data is kept, backups that are listed longer than the lock holds them: whoever breaks in could delete those. */
export function checkLocked(
    key: string,
    backupDays: number,
    { clusterBackup, serviceBackups, environment }: Pick<Settings, "clusterBackup" | "serviceBackups" | "environment">,
    issues: Issues,
): void {
    if (!environmentRules[environment].keepsData) return;
    const plans = [
        { of: "clusterBackup", keepDays: clusterBackup.keepDays },
        // One that says nothing itself keeps them as long as the other.
        ...backedUpServices.flatMap((service) => {
            const plan = serviceBackups[service];
            if (plan.kind === "off" || plan.keepDays === clusterBackup.keepDays) return [];
            return [{ of: `serviceBackups.${service}`, keepDays: plan.keepDays }];
        }),
    ];
    for (const { of, keepDays } of plans) {
        if (keepDays <= backupDays) continue;
        const words = `is ${keepDays}, but the store locks a backup for ${backupDays} days (${key}): after that it can be deleted`;
        issues.add(`${of}.keepDays`, words, `set at most ${backupDays}, or raise ${key}`);
    }
}

type Account = Pick<IdentityBinding, "namespace" | "serviceAccount">;

interface Need extends IdentityBinding {
    /** Name that the identity may have in the stack file. */
    readonly name: string;
    /** What cannot be done without. */
    readonly effect: string;
}

/** Identities without which what is in every cluster of a cloud could not do its work. */
const needs: readonly Need[] = [
    {
        ...secretOperator,
        name: "secrets",
        permissions: ["secretStore.read", "secretStore.write"],
        effect: "nothing reaches the store of secrets",
    },
    { ...backupOperator, name: "backup", permissions: ["backups.write"], effect: "nobody backs the cluster up" },
];

/** Of the database that an operator runs, where the stack has one. */
const databaseNeed: Need = {
    ...databaseIdentity,
    name: "postgres",
    permissions: ["backups.write"],
    effect: "no backup of the database reaches its store",
};

/** Of the same, where its database follows another. */
const followerNeed: Need = {
    ...databaseIdentity,
    name: "postgres",
    permissions: ["backups.follow"],
    effect: "the database reads nothing of the one that it follows",
};

/** Of the jobs that practise its restore, where the stack has them. */
const drillNeeds: readonly Need[] = [
    {
        ...postgresManifest,
        name: "postgres-manifest",
        permissions: ["backups.write"],
        effect: "no drill knows what a restored database must hold",
    },
    {
        ...postgresDrill,
        name: "postgres-drill",
        permissions: ["backups.read"],
        effect: "nobody can practise the restore of the database",
    },
];

/** Of the pods that keep vectors, where the store of backups speaks S3. */
const vectorNeed: Need = {
    ...vectorIdentity,
    name: "qdrant",
    permissions: ["backups.write"],
    effect: "no snapshot of vectors reaches the store",
};

/** Of the jobs that back services up and practise their restore, where the stack has them. */
const backupNeeds: Readonly<Record<BackedUpService, readonly Need[]>> = {
    chromadb: jobNeeds("ChromaDB", chromadbBackup, chromadbDrill),
    clickhouse: jobNeeds("ClickHouse", clickHouseBackup, clickHouseDrill),
    qdrant: jobNeeds("Qdrant", qdrantBackup, qdrantDrill),
    elasticsearch: [
        {
            ...elasticsearchNodes,
            name: elasticsearchNodes.serviceAccount,
            permissions: ["backups.write"],
            effect: "no snapshot of Elasticsearch reaches its store",
        },
        {
            ...elasticsearchManifest,
            name: elasticsearchManifest.serviceAccount,
            permissions: ["backups.write"],
            effect: "no drill knows what a restored Elasticsearch must hold",
        },
        {
            ...elasticsearchDrill,
            name: elasticsearchDrill.serviceAccount,
            permissions: ["backups.read"],
            effect: "nobody can practise its restore",
        },
    ],
};

function jobNeeds(service: string, backup: Account, drill: Account): readonly Need[] {
    return [
        {
            ...backup,
            name: backup.serviceAccount,
            permissions: ["backups.write"],
            effect: `no backup of ${service} reaches its store`,
        },
        {
            ...drill,
            name: drill.serviceAccount,
            permissions: ["backups.read"],
            effect: "nobody can practise its restore",
        },
    ];
}

/** What a stack gives to whom, and where its database runs. */
export interface LoggingIn {
    readonly identities: Readonly<Record<string, IdentityBinding>>;
    readonly postgres: PostgresPlace;
    readonly serviceBackups: ServiceBackups;
    /** Where its vectors are, on a cloud whose store takes snapshots of them. @default undefined - on none */
    readonly vectors?: Vectors;
}

/** Refuses a stack in which an operator could not log in to its cloud. */
export function checkOperators(
    section: string,
    { identities, postgres, vectors, serviceBackups }: LoggingIn,
    issues: Issues,
): void {
    const asked = [
        ...needs,
        ...(postgres.kind === "cluster" ? [databaseNeed] : []),
        ...(followingOf(postgres) === undefined ? [] : [followerNeed]),
        ...(drillOf(postgres) === undefined ? [] : drillNeeds),
        ...(vectors?.kind === "qdrant" ? [vectorNeed] : []),
        ...backedUpServices.flatMap((service) =>
            serviceBackups[service].kind === "store" ? backupNeeds[service] : [],
        ),
    ];
    for (const need of asked) checkOperator(section, { identities, need }, issues);
}

/** Refuses vectors whose snapshots go to a store on the Internet past a proxy that lets pods call nobody there. */
export function checkSnapshots(section: string, { data, mesh }: Pick<Settings, "data" | "mesh">, issues: Issues): void {
    if (data.vectors.kind === "off" || mesh.mode === "ambient") return;
    const words = `is qdrant, but with a proxy in each pod the mesh lets none of its pods call the store of ${section}`;
    issues.add("data.vectors.kind", words, "set mesh.mode to ambient, or off");
}

interface Given {
    readonly identities: Readonly<Record<string, IdentityBinding>>;
    readonly need: Need;
}

function checkOperator(section: string, { identities, need }: Given, issues: Issues): void {
    const { namespace, serviceAccount, permissions: needed } = need;
    const own = Object.values(identities).filter(
        (binding) => binding.namespace === namespace && binding.serviceAccount === serviceAccount,
    );
    const missing = needed.filter((permission) => !own.some(({ permissions }) => permissions.includes(permission)));
    if (missing.length === 0) return;
    const words = `gives ${namespace}/${serviceAccount} no ${missing.join(" and no ")}, and so ${need.effect}`;
    const row = `{ namespace: ${namespace}, serviceAccount: ${serviceAccount}, permissions: [${needed.join(", ")}] }`;
    issues.add(`${section}.identities`, words, `add ${need.name}: ${row}`);
}

/** Pools that share a quota of cores, and the most nodes that the cloud makes of each while it upgrades it. */
export interface QuotaUse {
    readonly quota: number;
    readonly pools: readonly PoolPlan[];
    readonly mostNodes: (pool: PoolPlan) => number;
}

/** The cloud refuses nodes beyond a quota, and would do so in the middle of an upgrade or under load. */
export function checkCores(key: string, { quota, pools, mostNodes }: QuotaUse, issues: Issues): void {
    const terms = pools.map((pool) => ({ role: pool.role, nodes: mostNodes(pool), cpu: pool.machine.cpu }));
    const needed = terms.reduce((sum, { nodes, cpu }) => sum + nodes * cpu, 0);
    if (needed <= quota) return;
    const sum = terms.map(({ role, nodes, cpu }) => `${role} ${nodes} x ${cpu}`).join(" + ");
    const words = `is ${quota}, but the pools at their maximum with the nodes of an upgrade take ${needed}: ${sum}`;
    issues.add(key, words, "have the quota raised, or lower nodes.max");
}
