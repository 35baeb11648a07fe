import { type Labels, selectorOf } from "./labels";
import { instanceLabels, postgresPooler, writingService } from "./postgresNames";
import { type PostgresPlace, poolerOf } from "./postgresPlace";
import { masterService, redisReplication } from "./redisNames";
import type { RedisPlace } from "./redisPlace";
import type { MemberName } from "./workloads";

/** What workloads go by in the cluster: an operator has its own words for those that it runs. */
export interface Naming {
    /** Labels by which a workload's pods are told from others. */
    readonly podsOf: (name: MemberName) => Labels;
    /** Name of the Service that callers use. */
    readonly serviceOf: (name: MemberName) => string;
    /** Service account of a workload's pods. */
    readonly accountOf: (name: MemberName) => string;
}

/** As the platform names what it runs itself. */
export const ownNaming: Naming = { podsOf: selectorOf, serviceOf: (name) => name, accountOf: (name) => name };

interface Places {
    readonly postgres: PostgresPlace;
    readonly redis: Pick<RedisPlace, "kind">;
}

/** Pods of Redis bear the labels of what asks for them, which are the platform's own. */
export function namingFor({ postgres, redis }: Places): Naming {
    const services: Partial<Record<MemberName, string>> = {
        ...(postgres.kind === "cluster" ? { postgres: writingService } : {}),
        ...(poolerOf(postgres) === undefined ? {} : { postgres: postgresPooler.name }),
        ...(redis.kind === "sentinel" ? { redis: masterService } : {}),
    };
    const pods: Partial<Record<MemberName, Labels>> = {
        ...(postgres.kind === "cluster" ? { postgres: instanceLabels } : {}),
        "postgres-pooler": postgresPooler.podLabels,
    };
    const accounts: Partial<Record<MemberName, string>> = redis.kind === "sentinel" ? { redis: redisReplication } : {};
    return {
        podsOf: (name) => pods[name] ?? selectorOf(name),
        serviceOf: (name) => services[name] ?? name,
        accountOf: (name) => accounts[name] ?? name,
    };
}
