import type { Copies } from "./copies";
import {
    dedicatedGroups,
    type ElasticNodes,
    type ElasticsearchCluster,
    elasticSetup,
    type NodeGroup,
} from "./elasticNames";
import { type Load, systemRoles } from "./loads";
import type { Bytes } from "./quantities";
import { fixed, type Size, type StoredSize } from "./workloads";

/** Figures of the operator's chart (deploy/eck-operator/values.yaml at v3.5.0). */
const operator = {
    requests: { cpu: "100m", memory: "150Mi" },
    limits: { cpu: "1", memory: "1Gi" },
    scratch: "64Mi",
} as const;

/** Ours: it sends some small files and ends. */
export const setupSize = {
    requests: { cpu: "50m", memory: "64Mi" },
    limits: { cpu: "500m", memory: "128Mi" },
    scratch: "64Mi",
} as const;

/** Of each node: the copy of its configuration and programs that the operator makes, and what is written to /tmp. Ours. */
const scratch = "512Mi" satisfies Bytes;

const groups: readonly NodeGroup[] = ["shared", ...dedicatedGroups];

/** Groups that a stack has, with their nodes. */
export function groupsOf({
    nodes,
}: Pick<ElasticsearchCluster, "nodes">): readonly (readonly [NodeGroup, ElasticNodes])[] {
    return groups.flatMap((group) => {
        const found = nodes[group];
        return found === undefined ? [] : [[group, found] as const];
    });
}

/** A node gets what it requests: half of it is for objects of its program, the rest for files that are read again. */
export function nodeSize({ count, each, storage }: ElasticNodes): Size | StoredSize {
    const size: Size = { requests: each, limits: each, scratch, ...fixed(count) };
    return storage === undefined ? size : { ...size, storage };
}

/** Its pods are replaced one at a time, after they are gone. */
export function operatorSize({ controllers }: Copies): Size {
    return { ...operator, ...fixed(controllers) };
}

/** One pod that is gone when it has done its work; another may have begun while it has not. */
const setup: Size = { ...setupSize, ...fixed(1), surge: 1 };

/** What Elasticsearch needs room for, beside the applications. */
export function elasticLoads(asked: ElasticsearchCluster, copies: Copies): readonly Load[] {
    return [
        { name: "elastic-operator", size: operatorSize(copies), roles: systemRoles },
        { name: elasticSetup, size: setup, roles: ["general"] },
        ...groupsOf(asked).map(([group, nodes]) => ({
            name: `elasticsearch-${group}`,
            size: nodeSize(nodes),
            roles: ["general"] as const,
        })),
    ];
}
