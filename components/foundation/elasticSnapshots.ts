import { backupFolder, elasticsearchJobs, type ScratchSize } from "./dataBackups";
import { type ElasticsearchCluster, type ElasticsearchPlace, elasticCluster } from "./elasticNames";
import { bytes, formatBytes } from "./quantities";

/** The folder of snapshots, as Elasticsearch calls it. */
export const snapshotRepository = "backups";

/** By which it takes them; what it calls them begins with the same. */
export const snapshotPolicy = "tars-platform";

/** Of the store: snapshots are Elasticsearch's own; what a drill holds them against is where its nodes may not write. */
export const snapshotFolder = `${backupFolder(elasticsearchJobs.drill)}/snapshots`;
export const manifestFolder = backupFolder(elasticsearchJobs.backup);

/** Secret with what Elasticsearch takes from nowhere but its keystore. */
export const snapshotSecret = `${elasticCluster}-snapshots`;

/**
 * The server that a drill restores into, one index after the other, and so with room for the largest: it goes on in another at 50 GB of a part
 * (components/data/elastic/lifecycle.ts), which is looked at every ten minutes, and none is larger than the volume that it is on. The rest is ours.
 */
export function scratchSize({ nodes }: Pick<ElasticsearchCluster, "nodes">): ScratchSize {
    const { storage = mostStorage } = nodes.hot ?? nodes.shared ?? {};
    return { ...scratchServer, storage: formatBytes(Math.min(bytes(storage), bytes(mostStorage))) };
}

/** The same, of a stack that may have none. */
export function scratchSizeOf(place: ElasticsearchPlace): ScratchSize | undefined {
    return place.kind === "off" ? undefined : scratchSize(place);
}

const mostStorage = "100Gi";

const server = { cpu: "500m", memory: "2Gi" } as const;
const scratchServer = { requests: server, limits: server, scratch: "512Mi" } as const;
