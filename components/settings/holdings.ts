import { clickHouseSizes } from "../foundation/clickHouseSizes";
import { groupsOf } from "../foundation/elasticSizes";
import type { Holding, Holdings } from "../foundation/holdings";
import { kafkaSizes } from "../foundation/kafkaSizes";
import { isFollowing, type PostgresPlace } from "../foundation/postgresPlace";
import type { Bytes } from "../foundation/quantities";
import type { Settings } from "./schema";

type Asked = Pick<Settings, "copies" | "data" | "sizes">;

/** What holds data in a stack, as its file says now. A service that keeps nothing holds nothing. */
export function holdingsOf(settings: Asked): Holdings {
    const { chromadb, ollama } = settings.sizes;
    const found = {
        postgres: postgres(settings),
        redis: redis(settings),
        chromadb: { form: "inCluster", volumes: { data: chromadb.storage } },
        ollama: { form: "inCluster", volumes: { models: ollama.storage } },
        vectors: vectors(settings),
        kafka: kafka(settings),
        elasticsearch: elasticsearch(settings),
        clickhouse: clickhouse(settings),
        objects: objects(settings),
    };
    return Object.fromEntries(Object.entries(found).filter(([, holding]) => holding !== undefined));
}

function postgres({ data: { postgres: place }, sizes }: Asked): Holding {
    const { storage, walStorage } = sizes.postgres;
    if (place.kind === "managed") {
        return {
            form: place.kind,
            version: place.version,
            volumes: { data: `${place.storageGi}Gi` },
            ...databases(place),
        };
    }
    const version = place.kind === "cluster" ? { version: place.version } : {};
    const follows: Pick<Holding, "follows"> = isFollowing(place) ? { follows: true } : {};
    const on = volumes({ data: storage, log: walStorage });
    return { form: place.kind, ...version, volumes: on, ...databases(place), ...follows };
}

function databases({ users }: PostgresPlace): Pick<Holding, "databases"> {
    const owned = Object.entries(users).flatMap(([user, { owns }]) => (owns === undefined ? [] : [[owns, user]]));
    return owned.length === 0 ? {} : { databases: Object.fromEntries(owned) };
}

function redis({ data: { redis: place } }: Asked): Holding | undefined {
    // Machines have no volumes: what is kept are snapshots.
    if (place.kind === "managed") {
        return place.snapshotDays === undefined ? undefined : { form: place.kind, volumes: {} };
    }
    if (place.kind !== "sentinel" || place.storageGi === undefined) return undefined;
    return { form: place.kind, volumes: { data: `${place.storageGi}Gi` } };
}

function vectors({ data: { vectors: place } }: Asked): Holding | undefined {
    if (place.kind === "off") return undefined;
    const { storage, replicas } = place.store;
    return { form: place.kind, shards: replicas.min, volumes: { data: storage } };
}

function kafka({ data: { kafka: place }, copies }: Asked): Holding | undefined {
    if (place.kind === "off") return undefined;
    // What the stack file calls it. The cloud has the disks, and nobody asks for their size.
    if (place.kind === "hubs") return { form: "managed", volumes: {} };
    if (place.kind === "managed") return { form: place.kind, volumes: { broker: `${place.storageGi}Gi` } };
    const { controller, broker } = kafkaSizes(place, copies);
    return { form: place.kind, volumes: { controller: controller.storage, broker: broker.storage } };
}

function elasticsearch({ data: { elasticsearch: place } }: Asked): Holding | undefined {
    if (place.kind === "off") return undefined;
    const nodes = groupsOf(place).map(([group, { storage }]) => [group, storage] as const);
    return { form: place.kind, volumes: volumes(Object.fromEntries(nodes)) };
}

function clickhouse({ data: { clickhouse: place } }: Asked): Holding | undefined {
    if (place.kind === "off") return undefined;
    const { keeper, server } = clickHouseSizes(place);
    const { storage, coldStorage } = server;
    return {
        form: place.kind,
        shards: place.shards,
        volumes: volumes({ keeper: keeper.storage, data: storage, cold: coldStorage }),
    };
}

function objects({ data: { objects: place } }: Asked): Holding | undefined {
    return place.kind === "off" ? undefined : { form: place.kind, volumes: { data: place.storage } };
}

function volumes(asked: Readonly<Record<string, Bytes | undefined>>): Readonly<Record<string, Bytes>> {
    const there = Object.entries(asked).flatMap(([part, size]) => (size === undefined ? [] : [[part, size] as const]));
    return Object.fromEntries(there);
}
