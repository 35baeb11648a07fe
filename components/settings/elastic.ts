import { z } from "zod";
import type { BackupPlan, NoBackup } from "../foundation/dataBackups";
import {
    type DedicatedGroup,
    dedicatedGroups,
    type ElasticNodes,
    type ElasticStream,
    type ElasticsearchCluster,
    type ElasticsearchPlace,
    elasticVersions,
} from "../foundation/elasticNames";
import type { Bytes } from "../foundation/quantities";
import { bytes, consumerFields, count, cpu, distinct, dnsLabel, switchedOff } from "./fields";
import { kibana } from "./kibana";
import type { Environment } from "./sizing";

const each = {
    cpu: cpu()
        .optional()
        .meta({ description: "cores that each requests, and gets", examples: ["1"] }),
    memory: bytes()
        .optional()
        .meta({
            description: "memory that each requests, and gets; half of it for the program's objects",
            examples: ["4Gi"],
        }),
};
const storage = bytes()
    .optional()
    .meta({ description: "volume of each, which may grow", examples: ["200Gi"] });

const group = (of: string, least: number) =>
    z
        .strictObject({
            count: count(least, 99)
                .optional()
                .meta({ description: `how many ${of}`, examples: [3] }),
            ...each,
        })
        .prefault({});
const stored = (of: string, least: number) => group(of, least).unwrap().extend({ storage }).prefault({});

const shared = z.strictObject({
    kind: z.literal("shared").meta({ description: "each does everything", examples: ["shared"] }),
    count: count(1, 9)
        .optional()
        .meta({ description: "how many, an odd number", examples: [1] }),
    ...each,
    storage,
});

const dedicated = z.strictObject({
    kind: z.literal("dedicated").meta({ description: "each does one thing", examples: ["dedicated"] }),
    master: stored("vote on who leads, an odd number", 1).meta({ description: "nodes that vote on who leads" }),
    hot: stored("keep what is written", 1).meta({ description: "nodes that keep what is written, and read most" }),
    warm: stored("keep what is read less", 0).meta({ description: "nodes that keep what is read less; 0 for none" }),
    cold: stored("keep what is hardly read", 0).meta({
        description: "nodes that keep what is hardly read; none where nothing is said",
    }),
    ingest: group("change what is written before it is", 0).meta({
        description: "nodes that change what is written before it is; 0 for none, whose work those that keep it do",
    }),
    coordinating: group("take what is asked", 0).meta({
        description: "nodes that take what is asked and put the answers together; 0 for none, whose work all others do",
    }),
});

/** Data streams and Kubernetes both take such names. */
const streamName = dnsLabel;

const stream = z
    .strictObject({
        keepDays: count(1, 3650).meta({ description: "days that it is kept, and at most one more", examples: [30] }),
        warmAfterDays: count(1, 3650)
            .optional()
            .meta({
                description: "days after which it goes to the warm nodes; without it 7, where there are any",
                examples: [7],
            }),
        coldAfterDays: count(1, 3650)
            .optional()
            .meta({
                description: "days after which it goes to the cold nodes; without it 30, where there are any",
                examples: [30],
            }),
    })
    .meta({ description: "what is written in the order of time" });

const streamNames = (words: string) =>
    distinct(streamName())
        .default([])
        .meta({ description: words, examples: [["app-logs"]] });

const user = z
    .strictObject({
        ...consumerFields,
        writes: streamNames("streams that it adds to, and changes nothing of"),
        reads: streamNames("streams that it reads"),
    })
    .meta({ description: "who may write and read what" });

/** Requirements/000 and design 5.7 have these two, with these days. */
const streams = { "system-logs": { keepDays: 30 }, "app-logs": { keepDays: 90 } };

const cluster = z.strictObject({
    kind: z
        .literal("cluster")
        .meta({ description: "pods of the cluster that an operator runs", examples: ["cluster"] }),
    version: z
        .enum(elasticVersions)
        .default("9.4.3")
        .meta({ description: "version of Elasticsearch", examples: ["9.4.3"] }),
    memoryMapped: z
        .boolean()
        .default(false)
        .meta({
            description:
                "whether files are read through the memory of their node: faster, on nodes whose vm.max_map_count lets it (docs/elasticsearch.md)",
            examples: [true],
        }),
    nodes: z
        .discriminatedUnion("kind", [shared, dedicated])
        .optional()
        .meta({
            description: "what its nodes do; without it one thing each in production, and everything before",
            examples: [{ kind: "dedicated", hot: { count: 3 } }],
        }),
    streams: z
        .record(streamName(), stream)
        .default(streams)
        .meta({ description: "streams by their names", examples: [streams] }),
    users: z.record(dnsLabel(), user).default({}).meta({ description: "users by their names" }),
    kibana,
});

export const elasticsearch = z
    .discriminatedUnion("kind", [switchedOff("there is none"), cluster])
    .prefault({ kind: "off" })
    .meta({
        description: "Elasticsearch, which keeps logs and finds what is in them",
        examples: [{ kind: "cluster" }],
    });

type Asked = Extract<z.output<typeof elasticsearch>, { readonly kind: "cluster" }>;
type AskedNodes = NonNullable<Asked["nodes"]>;

/** Where nodes do everything. In production what is written is on two of three, one of which may go, and a zone with it. */
export const sharedDefaults = {
    dev: { count: 1, each: { cpu: "250m", memory: "1Gi" }, storage: "10Gi" },
    staging: { count: 3, each: { cpu: "500m", memory: "2Gi" }, storage: "20Gi" },
    production: { count: 3, each: { cpu: "1", memory: "4Gi" }, storage: "200Gi" },
} as const satisfies Readonly<Record<Environment, ElasticNodes>>;

/**
 * Where each does one thing: three vote, so that one may go; of those that keep, another has what one has. Nodes that only pass on keep nothing, so
 * that no volume holds them in a zone.
 */
export const dedicatedDefaults = {
    master: { count: 3, each: { cpu: "500m", memory: "2Gi" }, storage: "10Gi" },
    hot: { count: 3, each: { cpu: "1", memory: "4Gi" }, storage: "200Gi" },
    warm: { count: 2, each: { cpu: "500m", memory: "2Gi" }, storage: "400Gi" },
    cold: { count: 0, each: { cpu: "250m", memory: "2Gi" }, storage: "400Gi" },
    ingest: { count: 2, each: { cpu: "500m", memory: "2Gi" }, storage: undefined },
    coordinating: { count: 2, each: { cpu: "500m", memory: "2Gi" }, storage: undefined },
} as const satisfies Readonly<Record<DedicatedGroup, ElasticNodes>>;

const kindDefaults = { dev: "shared", staging: "shared", production: "dedicated" } as const satisfies Readonly<
    Record<Environment, AskedNodes["kind"]>
>;

/** Days after which a stream goes on to cheaper nodes, where nobody says another number. */
const moveDefaults = { warm: 7, cold: 30 } as const;

/** The stack's words, with the environment's where it has none. */
export function resolveElasticsearch(
    asked: z.output<typeof elasticsearch>,
    environment: Environment,
): ElasticsearchPlace {
    if (asked.kind === "off") return asked;
    const { kind, version, memoryMapped, users, kibana: page } = asked;
    const nodes = resolveNodes(asked, environment);
    const streams = Object.fromEntries(
        Object.entries(asked.streams).map(([name, plan]) => [name, resolveStream(plan, nodes)]),
    );
    return { kind, version, memoryMapped, users, nodes, streams, kibana: page, snapshots: undefined };
}

/** With snapshots of it, where the stack has them taken. */
export function withSnapshots(place: ElasticsearchPlace, plan: BackupPlan | NoBackup): ElasticsearchPlace {
    return place.kind === "off" || plan.kind === "off" ? place : { ...place, snapshots: plan };
}

function resolveNodes({ nodes }: Asked, environment: Environment): ElasticsearchCluster["nodes"] {
    const kind = nodes?.kind ?? kindDefaults[environment];
    if (kind === "shared") {
        return { shared: resolveGroup(nodes?.kind === "shared" ? nodes : {}, sharedDefaults[environment]) };
    }
    const asked = nodes?.kind === "dedicated" ? nodes : undefined;
    const groups = dedicatedGroups.map(
        (name) => [name, resolveGroup(asked?.[name] ?? {}, dedicatedDefaults[name])] as const,
    );
    return Object.fromEntries(groups.filter(([, group]) => group.count > 0));
}

interface AskedGroup {
    readonly count?: number | undefined;
    readonly cpu?: string | undefined;
    readonly memory?: string | undefined;
    readonly storage?: Bytes | undefined;
}

function resolveGroup(asked: AskedGroup, own: ElasticNodes): ElasticNodes {
    return {
        count: asked.count ?? own.count,
        each: { cpu: asked.cpu ?? own.each.cpu, memory: asked.memory ?? own.each.memory },
        storage: asked.storage ?? own.storage,
    };
}

function resolveStream(
    { keepDays, warmAfterDays, coldAfterDays }: Asked["streams"][string],
    nodes: ElasticsearchCluster["nodes"],
): ElasticStream {
    const later = (tier: "warm" | "cold", days: number | undefined) =>
        days ?? (nodes[tier] !== undefined && moveDefaults[tier] < keepDays ? moveDefaults[tier] : undefined);
    return { keepDays, warmAfterDays: later("warm", warmAfterDays), coldAfterDays: later("cold", coldAfterDays) };
}
