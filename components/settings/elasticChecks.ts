import { type ElasticsearchCluster, type ElasticUser, setupUser, snapshotUser } from "../foundation/elasticNames";
import { groupsOf } from "../foundation/elasticSizes";
import type { Issues } from "../foundation/issues";
import { kibanaLogins, kibanaPlace } from "../foundation/kibana";
import type { NodePoolPlan } from "../foundation/pools";
import { bytes } from "../foundation/quantities";
import { checkConsumer } from "./consumerChecks";
import { checkPage, type Page } from "./pageChecks";
import { checkOdd, checkZones, zonesOf } from "./quorumChecks";
import type { Settings } from "./schema";

type Asked = Pick<Settings, "data" | "edge" | "environment">;

/**
 * Adds what Elasticsearch cannot be: without a majority, on nodes or in zones that are not there, with streams that nobody keeps, open to nobody
 * knows whom.
 */
export function checkElasticsearch(
    { data, edge, environment }: Asked,
    pools: readonly NodePoolPlan[],
    issues: Issues,
): void {
    const { elasticsearch: asked } = data;
    if (asked.kind === "off") return;
    const pool = pools.find(({ role }) => role === "general");
    checkVoters(asked, zonesOf(pools, ["general"]), issues);
    if (environment === "production") checkCopies(asked, issues);
    else checkTiers(asked, issues);
    checkNodes(asked, pool, issues);
    checkStreams(asked, issues);
    checkUsers(asked, issues);
    checkPage({ edge }, pageOf(asked), issues);
}

function pageOf({ kibana }: ElasticsearchCluster): Page {
    const page = { key: key("kibana"), title: "Kibana", place: kibanaPlace, asked: kibana };
    return { ...page, couldDo: "change what everybody sees there", docs: "docs/elasticsearch.md" };
}

const key = (name: string) => `data.elasticsearch.${name}`;

/** Where a stack says how many nodes of a group there are. */
function countKey(group: string): string {
    return key(group === "shared" ? "nodes.count" : `nodes.${group}.count`);
}

function voters({ nodes }: ElasticsearchCluster): { readonly place: string; readonly count: number } {
    const group = nodes.shared === undefined ? "master" : "shared";
    return { place: countKey(group), count: nodes[group]?.count ?? 0 };
}

/**
 * Of two that vote none has a majority once the other is gone.
 *
 * @see https://www.elastic.co/docs/deploy-manage/distributed-architecture/discovery-cluster-formation/modules-discovery-quorums
 */
function checkVoters(asked: ElasticsearchCluster, zones: number, issues: Issues): void {
    const { place, count } = voters(asked);
    checkOdd(place, count, issues);
    checkZones(place, count, zones, issues);
}

/** In production any node may go, and its zone with it. */
function checkCopies(asked: ElasticsearchCluster, issues: Issues): void {
    const { place, count } = voters(asked);
    if (count < 3) {
        issues.add(place, `is ${count}: once one is gone, nobody leads and nothing is written`, "set 3 in production");
    }
    for (const [group, nodes] of groupsOf(asked)) {
        if (group === "master" || group === "shared" || nodes.count > 1) continue;
        const words = `is ${nodes.count}: what it does stops with its node`;
        issues.add(countKey(group), words, "set at least 2 in production");
    }
}

/** A copy is on another node of its tier: where there is none, what was moved there waits for one, and is never deleted. */
function checkTiers({ nodes }: ElasticsearchCluster, issues: Issues): void {
    if ((nodes.hot ?? nodes.shared)?.count === 1) return;
    for (const tier of ["warm", "cold"] as const) {
        if (nodes[tier]?.count !== 1) continue;
        const words = "is 1, but what is moved there has a copy, which has to be on another node";
        issues.add(countKey(tier), words, "set at least 2, or one node for all of it");
    }
}

/** Least of a node: half of it is its program's, which does not start with less (docs/elasticsearch.md). */
const leastMemory = 2 ** 30;

/** Least that a cloud's cold disks are: sc1 of EBS (docs/storage.md). A stack that moves there keeps its volumes' sizes. */
const leastCold = 125 * 2 ** 30;

/** No two of a group are on one node. */
function checkNodes(asked: ElasticsearchCluster, pool: NodePoolPlan | undefined, issues: Issues): void {
    for (const [group, { count, each, storage }] of groupsOf(asked)) {
        if (pool !== undefined && count > pool.nodes.max) {
            const words = `is ${count}, but there are at most ${pool.nodes.max} nodes, and each of a group has one of its own`;
            issues.add(countKey(group), words, `set at most ${pool.nodes.max}, or raise the nodes' max`);
        }
        const place = (field: string) => countKey(group).replace(/count$/, field);
        if (group === "cold" && storage !== undefined && bytes(storage) < leastCold) {
            issues.add(place("storage"), `is ${storage}, less than a cold disk may be`, "set at least 125Gi");
        }
        if (bytes(each.memory) >= leastMemory) continue;
        const words = `is ${each.memory}, with half of which Elasticsearch does not start`;
        issues.add(place("memory"), words, "set at least 1Gi");
    }
}

/**
 * Streams for which Elasticsearch has templates, which it puts back.
 *
 * @see https://www.elastic.co/docs/manage-data/data-store/templates (index-patterns of its own)
 */
const ownStreams: ReadonlySet<string> = new Set(["logs", "metrics", "traces", "synthetics"]);

/** Of two templates that fit an index neither may be as good as the other. */
function checkStreamNames(streams: ElasticsearchCluster["streams"], issues: Issues): void {
    for (const name of Object.keys(streams)) {
        if (ownStreams.has(name)) {
            const words = "is what Elasticsearch calls streams of its own, whose templates it puts back";
            issues.add(key(`streams.${name}`), words, `choose another name, as app-${name}`);
        }
        const wider = Object.keys(streams).find((other) => name.startsWith(`${other}-`));
        if (wider === undefined) continue;
        const words = `is one of the streams ${wider}-*, which have an order of their own`;
        issues.add(key(`streams.${name}`), words, "choose a name that does not begin so, or remove one of both");
    }
}

function checkStreams({ streams, nodes }: ElasticsearchCluster, issues: Issues): void {
    checkStreamNames(streams, issues);
    for (const [name, { keepDays, warmAfterDays, coldAfterDays }] of Object.entries(streams)) {
        const moves = [
            ["warm", warmAfterDays],
            ["cold", coldAfterDays],
        ] as const;
        for (const [tier, days] of moves) {
            if (days === undefined) continue;
            const place = key(`streams.${name}.${tier}AfterDays`);
            if (nodes[tier] === undefined) {
                issues.add(place, `is given, but there are no ${tier} nodes`, `remove it, or set nodes.${tier}.count`);
            }
            if (days < keepDays) continue;
            const words = `is ${days}, but after ${keepDays} days nothing of it is kept`;
            issues.add(place, words, `set less than ${keepDays}, or remove it`);
        }
        if (warmAfterDays === undefined || coldAfterDays === undefined || warmAfterDays < coldAfterDays) continue;
        const words = `is ${coldAfterDays}, when it has not been on the warm nodes, to which it goes after ${warmAfterDays}`;
        issues.add(key(`streams.${name}.coldAfterDays`), words, `set more than ${warmAfterDays}`);
    }
}

function checkUsers({ streams, users }: ElasticsearchCluster, issues: Issues): void {
    for (const [name, user] of Object.entries(users)) {
        const place = key(`users.${name}`);
        checkName(place, name, issues);
        for (const way of ["writes", "reads"] as const) checkStreamsOf(`${place}.${way}`, user[way], streams, issues);
        if (user.writes.length + user.reads.length === 0) {
            issues.add(place, "may neither write nor read anything", "name streams in writes or reads, or remove it");
        }
        checkConsumer(place, user, issues);
    }
}

const ownUsers: ReadonlySet<string> = new Set([setupUser, snapshotUser, ...Object.values(kibanaLogins)]);

/** @see https://github.com/elastic/cloud-on-k8s/blob/v3.5.0/pkg/controller/elasticsearch/user/predefined.go (the operator's own users) */
function checkName(place: string, name: string, issues: Issues): void {
    if (!ownUsers.has(name) && !name.startsWith("elastic")) return;
    issues.add(place, "is a name that the platform's own user or the operator's have", "choose another name");
}

function checkStreamsOf(
    place: string,
    named: ElasticUser["writes"],
    streams: ElasticsearchCluster["streams"],
    issues: Issues,
): void {
    for (const stream of named.filter((each) => streams[each] === undefined)) {
        const known = Object.keys(streams).join(", ") || "none";
        const words = `names the stream ${stream}, which is not there: there is ${known}`;
        issues.add(place, words, "add it to data.elasticsearch.streams, or remove it here");
    }
}
