import * as pulumi from "@pulumi/pulumi";
import type { EdgeSizes } from "../foundation/edge";
import type { ImageDigests } from "../foundation/imageSources";
import { Issues } from "../foundation/issues";
import type { Loads } from "../foundation/loads";
import { withHeldBodies } from "../foundation/nginxSizes";
import type { Sizes } from "../foundation/workloads";
import { allLoads, checkArithmetic } from "./arithmetic";
import { shortWithoutZone } from "./capacity";
import { checkCertificates } from "./certificateChecks";
import { ownAuthority } from "./certificates";
import { withBackupUser } from "./clickHouse";
import { checkClickHouse } from "./clickHouseChecks";
import type { Cloud, CloudSection, Clouds } from "./cloud";
import { checkDashboards } from "./dashboardChecks";
import { resolveData } from "./data";
import { checkDatabaseCluster, databaseSize } from "./databaseCluster";
import { checkData } from "./dataChecks";
import { checkEdge } from "./edgeRules";
import { edgeSizes } from "./edgeSizes";
import { withSnapshots } from "./elastic";
import { checkElasticsearch } from "./elasticChecks";
import { imageLockName, readImageDigests } from "./imageLock";
import { checkImages } from "./imageRules";
import { checkKafka } from "./kafkaChecks";
import { checkManagedRedis } from "./managedRedisChecks";
import { checkMesh, withEdgeSidecars, withSidecars } from "./mesh";
import { checkNginx } from "./nginxRules";
import { checkObjects } from "./objectsChecks";
import { checkLogins } from "./postgresLoginsChecks";
import { addSchemaIssues, closest } from "./problems";
import { cacheSize } from "./redis";
import { checkRedis } from "./redisChecks";
import { commonSchema, type Settings, type SizeChanges, type StackSettings } from "./schema";
import { resolveServiceBackups } from "./serviceBackups";
import { checkServiceBackups } from "./serviceBackupsChecks";
import { changed, changedStored } from "./sizeChanges";
import { copies, guards, sizing } from "./sizing";
import { stackSchema } from "./stackSchema";
import { resolveSupplyChain } from "./supplyChain";
import { systemLoads } from "./systemLoads";
import { checkVectors } from "./vectorsChecks";

/** A stack's settings, and what its cloud makes of its own section of them. */
export interface Stack<Ground> {
    readonly settings: Settings;
    readonly cloud: CloudSection<Ground>;
}

/** A stack with what its image lock says, beside its settings. */
export interface LockedStack<Ground> extends Stack<Ground> {
    readonly digests: ImageDigests;
}

/** @throws pulumi.RunError naming every problem of the stack file, or of its image lock, at once, before any resource is registered. */
export function readStack<Ground>(clouds: Clouds<Ground>): LockedStack<Ground> {
    const [config, project] = [pulumi.runtime.allConfig(), pulumi.getProject()];
    const file = `Pulumi.${pulumi.getStack()}.yaml`;
    checkPrefixes(config, project).throwIfAny(file);
    const stack = parseStack(rawSettings(config, project), clouds, file);
    const { settings, cloud } = stack;
    for (const short of shortWithoutZone(allLoads(settings, loadsBeside(settings, cloud)), cloud.pools)) {
        pulumi.log.info(`should a zone be lost while every autoscaler is at its maximum, pods would wait: ${short}`);
    }
    const lockIssues = new Issues();
    const digests = readImageDigests(pulumi.getStack(), lockIssues);
    lockIssues.throwIfAny(imageLockName(pulumi.getStack()));
    return { ...stack, digests };
}

/**
 * @param raw what the stack file says under the project's name.
 * @param file its name, for the message.
 * @throws pulumi.RunError naming every problem at once.
 */
export function parseStack<Ground>(
    raw: Readonly<Record<string, unknown>>,
    clouds: Clouds<Ground>,
    file: string,
): Stack<Ground> {
    const issues = new Issues();
    const schema = stackSchema(clouds);
    const parsed = schema.safeParse(raw);
    if (!parsed.success) addSchemaIssues(parsed.error.issues, raw, schema, issues);
    const chosen = chooseCloud(raw, clouds, issues);
    if (!parsed.success || chosen === undefined) throw issues.toError(file);
    const common = commonSchema.parse(raw);
    const settings = resolve(common, chosen);
    checkCertificates(common, issues);
    checkMesh(settings, chosen, issues);
    checkData(common, settings, issues);
    const cloud = chosen.read(raw[chosen.section]);
    checkArithmetic(settings, loadsBeside(settings, cloud), cloud.pools, issues);
    checkEdge(settings, issues);
    checkNginx(settings, issues);
    checkDashboards(settings, issues);
    checkImages(settings, issues);
    checkLogins(settings, issues);
    checkDatabaseCluster({ common, settings, pools: cloud.pools }, issues);
    checkRedis(settings, cloud.pools, issues);
    checkManagedRedis(common, settings, issues);
    checkVectors(settings, cloud.pools, issues);
    checkKafka({ common, settings, pools: cloud.pools }, issues);
    checkElasticsearch(settings, cloud.pools, issues);
    checkClickHouse(settings, cloud.pools, issues);
    checkObjects(settings, cloud.pools, issues);
    checkServiceBackups(settings, issues);
    cloud.check(settings, issues);
    issues.throwIfAny(file);
    return { settings, cloud };
}

/** What the platform runs beside its applications, in this cloud. */
function loadsBeside(settings: Settings, cloud: Pick<CloudSection<unknown>, "loads">): Loads {
    const system = systemLoads(settings);
    return { ...system, pods: [...system.pods, ...cloud.loads(settings)] };
}

/** The cloud that the stack names, with its section there and no other cloud's; undefined when there is no such cloud or section. */
function chooseCloud<Ground>(
    raw: Readonly<Record<string, unknown>>,
    clouds: Clouds<Ground>,
    issues: Issues,
): Cloud<Ground> | undefined {
    const kind = String(raw.cloud);
    const chosen = Object.hasOwn(clouds, kind) ? clouds[kind] : undefined;
    if (chosen === undefined) return undefined;
    for (const [other, { section }] of Object.entries(clouds)) {
        if (section === chosen.section || raw[section] === undefined) continue;
        issues.add(section, `is for cloud: ${other}, and this stack has cloud: ${kind}`, "remove it, or change cloud");
    }
    if (raw[chosen.section] !== undefined) return chosen;
    issues.add(chosen.section, "is missing", `give ${chosen.schema.description ?? `the settings of cloud: ${kind}`}`);
    return undefined;
}

/** The engine hands over one text a key: plain for a scalar, JSON for anything nested. */
export function rawSettings(config: Readonly<Record<string, string>>, project: string): Record<string, unknown> {
    const own = Object.entries(config).filter(([key]) => key.startsWith(`${project}:`));
    return Object.fromEntries(own.map(([key, text]) => [key.slice(project.length + 1), decode(text)]));
}

/** A slip in the project's name would hide a setting: the engine takes it for another project's. */
export function checkPrefixes(config: Readonly<Record<string, string>>, project: string): Issues {
    const issues = new Issues();
    for (const [prefix, key] of Object.keys(config).map((name) => name.split(":"))) {
        if (prefix === undefined || prefix === project || closest(prefix, [project]) === undefined) continue;
        issues.add(`${prefix}:${key}`, "is no setting", `did you mean "${project}:${key}"?`);
    }
    return issues;
}

/** A text that only looks like JSON stays a text: the schema then says what it should have been. */
function decode(text: string): unknown {
    if (!/^[[{]/.test(text)) return text;
    try {
        return JSON.parse(text);
    } catch {
        return text;
    }
}

function resolve(
    { ownership, edge, sizes, mesh, data, supplyChain, serviceBackups, ...rest }: StackSettings,
    { meshModes, hasBackupStore, managedKafka }: Cloud<unknown>,
): Settings {
    const mode = mesh.mode ?? meshModes[0];
    const asked = resolveData(data, rest.environment, managedKafka);
    const backups = resolveServiceBackups(serviceBackups, {
        ...rest.clusterBackup,
        hasBackupStore,
        clickhouse: asked.clickhouse,
        vectors: asked.vectors,
        elasticsearch: asked.elasticsearch,
    });
    const places = {
        ...asked,
        clickhouse: withBackupUser(asked.clickhouse, backups.clickhouse),
        elasticsearch: withSnapshots(asked.elasticsearch, backups.elasticsearch),
    };
    const own = resolveSizes(sizing[rest.environment], sizes);
    return {
        ...rest,
        edge: { ...edge, certificates: edge.certificates ?? ownAuthority },
        ownership: { ...ownership, environment: rest.environment },
        mesh: { ...mesh, mode },
        data: places,
        sizes: withSidecars(
            { ...own, postgres: databaseSize(own.postgres, places), redis: cacheSize(own.redis, places.redis) },
            mode,
        ),
        copies: copies[rest.environment],
        edgeSizes: resolveEdgeSizes(withEdgeSidecars(edgeSizes[rest.environment], mode), edge),
        supplyChain: resolveSupplyChain(supplyChain, guards[rest.environment]),
        serviceBackups: backups,
    };
}

function resolveEdgeSizes(rows: EdgeSizes, { controller, requestBytes }: StackSettings["edge"]): EdgeSizes {
    return controller === "nginx" ? withHeldBodies(rows, requestBytes) : rows;
}

function resolveSizes(rows: Sizes, changes: SizeChanges): Sizes {
    return {
        "tars-backend": changed(rows["tars-backend"], changes["tars-backend"]),
        postgres: changedStored(rows.postgres, changes.postgres),
        redis: changed(rows.redis, changes.redis),
        chromadb: changedStored(rows.chromadb, changes.chromadb),
        ollama: changedStored(rows.ollama, changes.ollama),
    };
}
