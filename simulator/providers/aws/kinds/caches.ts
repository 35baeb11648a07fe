import type { CloudKind, CloudView, Subject } from "../../cloud/kind";
import { isTrue, numberAt, textAt, textsAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import type { InputIssue } from "../../protocol";
import { arn, regionOf } from "../account";
import { awsKind } from "../kind";
import { checkGroup, checkZonesOfNodes } from "./cacheChecks";
import { judgeCallers, placesOf, subnetsOf } from "./subnetGroups";
import { keyOf, securityGroups, types } from "./types";

const elasticache = ({ inputs, config }: Subject, resource: string) =>
    arn("elasticache", regionOf(inputs, config), resource);

/** @see https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateCacheSubnetGroup.html */
const subnetGroup = awsKind(types.cacheSubnets, {
    required: ["subnetIds"],
    references: [{ path: "subnetIds", to: [types.subnet] }],
    autoName: { property: "name", longest: 255 },
    defaults: { description: "Managed by Pulumi" },
    rules: {
        name: { form: /^(?!default$)[a-z0-9-]{1,255}$/, says: "up to 255 lower-case letters, digits and hyphens" },
    },
    tagged: true,
    computed: ["vpcId"],
    judge: ({ inputs, cloud }) =>
        placesOf(subnetsOf(inputs, cloud)).networks.size > 1
            ? [{ property: "subnetIds", reason: "are of different VPCs" }]
            : [],
    id: ({ inputs }) => textAt(inputs, "name") ?? "",
    arn: (subject, id) => elasticache(subject, `subnetgroup:${id}`),
    outputs: ({ inputs, cloud }) => ({ vpcId: textAt(subnetsOf(inputs, cloud)[0], "vpcId") ?? "" }),
});

/** @see https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateCacheParameterGroup.html */
const parameterGroup = awsKind(types.cacheParameters, {
    required: ["family"],
    autoName: { property: "name", longest: 255 },
    defaults: { description: "Managed by Pulumi" },
    // CloudFormation names it itself, and modifies what Pulumi's provider makes anew.
    changes: { name: "replace", description: "replace", parameters: "update" },
    tagged: true,
    id: ({ inputs }) => textAt(inputs, "name") ?? "",
    arn: (subject, id) => elasticache(subject, `parametergroup:${id}`),
});

/**
 * Of ElastiCache's engines Valkey alone, in one part. What CloudFormation replaces in some cases only, Pulumi's provider modifies; where nodes are to be, it asks
 * for when the group is made and never again.
 *
 * @see https://www.pulumi.com/registry/packages/aws/api-docs/elasticache/replicationgroup/
 */
const replicationGroup = awsKind(types.cache, {
    required: ["description", "nodeType"],
    references: [
        { path: "subnetGroupName", to: [types.cacheSubnets] },
        { path: "parameterGroupName", to: [types.cacheParameters], given: /^default\./ },
        securityGroups("securityGroupIds"),
        keyOf("kmsKeyId"),
    ],
    autoName: { property: "replicationGroupId", longest: 40 },
    defaults: {
        automaticFailoverEnabled: false,
        engine: "redis",
        multiAzEnabled: false,
        numCacheClusters: 1,
        port: 6379,
        snapshotRetentionLimit: 0,
    },
    changes: { authToken: "update", preferredCacheClusterAzs: "update" },
    tagged: true,
    secrets: ["authToken"],
    computed: [
        "clusterEnabled",
        "engineVersionActual",
        "memberClusters",
        "primaryEndpointAddress",
        "readerEndpointAddress",
    ],
    recomputed: ["engineVersionActual", "memberClusters"],
    check: checkGroup,
    judge: judgeGroup,
    id: ({ inputs }) => textAt(inputs, "replicationGroupId") ?? "",
    arn: (subject, id) => elasticache(subject, `replicationgroup:${id}`),
    outputs: (subject, id) => {
        const { inputs, config, unique } = subject;
        const domain = `${id}.${unique.slice(0, 6)}.${shortOf(regionOf(inputs, config))}.cache.amazonaws.com`;
        return {
            clusterEnabled: false,
            primaryEndpointAddress: `master.${domain}`,
            readerEndpointAddress: `replica.${domain}`,
            ...changing(subject),
        };
    },
    again: changing,
});

/** Nodes have numbers, and AWS chooses what of a version comes behind its minor number. */
function changing({ inputs }: Subject): Properties {
    const [id, nodes] = [textAt(inputs, "replicationGroupId"), numberAt(inputs, "numCacheClusters") ?? 1];
    return {
        engineVersionActual: `${textAt(inputs, "engineVersion") ?? "8.2"}.0`,
        memberClusters: Array.from({ length: nodes }, (_, index) => `${id}-${String(index + 1).padStart(3, "0")}`),
    };
}

/** As names of ElastiCache have regions: euc1 for eu-central-1, apse2 for ap-southeast-2. */
function shortOf(region: string): string {
    return region.replace(/north|south|east|west|central/g, (word) => word.charAt(0)).replaceAll("-", "");
}

function judgeGroup({ inputs, before, cloud }: Subject): InputIssue[] {
    const subnets = cloud.get(types.cacheSubnets, textAt(inputs, "subnetGroupName") ?? "");
    const { zones } = placesOf(subnets === undefined ? [] : subnetsOf(subnets.inputs, cloud));
    const network = textAt(subnets?.outputs, "vpcId");
    return [
        ...judgeCallers(inputs, { network, property: "securityGroupIds" }, cloud),
        ...(before === undefined ? [...checkZonesOfNodes(inputs), ...judgeZones(inputs, zones)] : []),
        ...judgeFamily(inputs, cloud),
        ...judgeVersion(inputs, before),
        ...judgeName(inputs, before, cloud),
    ];
}

function judgeZones(inputs: Properties, zones: ReadonlySet<string | undefined>): InputIssue[] {
    const outside = textsAt(inputs, "preferredCacheClusterAzs").filter((zone) => !zones.has(zone));
    return [
        ...outside.map((zone) => ({
            property: "preferredCacheClusterAzs",
            reason: `${zone} has no subnet of the group`,
        })),
        ...(isTrue(inputs, "multiAzEnabled") && zones.size < 2
            ? [{ property: "multiAzEnabled", reason: "takes subnets of two zones at least" }]
            : []),
    ];
}

function judgeFamily(inputs: Properties, cloud: CloudView): InputIssue[] {
    const group = textAt(inputs, "parameterGroupName");
    const family = textAt(cloud.get(types.cacheParameters, group ?? "")?.outputs, "family");
    const wanted = `valkey${Math.floor(versionOf(inputs))}`;
    if (family === undefined || family === wanted) return [];
    return [{ property: "parameterGroupName", reason: `${group} is of ${family}, not of ${wanted}` }];
}

function versionOf(inputs: Properties | undefined): number {
    return Number(textAt(inputs, "engineVersion") ?? "8.2");
}

/** @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/VersionManagement.html */
function judgeVersion(inputs: Properties, before: Properties | undefined): InputIssue[] {
    const [version, old] = [versionOf(inputs), versionOf(before ?? inputs)];
    if (version >= old) return [];
    return [{ property: "engineVersion", reason: `cannot go back from ${old.toFixed(1)} to ${version.toFixed(1)}` }];
}

function judgeName(inputs: Properties, before: Properties | undefined, cloud: CloudView): InputIssue[] {
    const id = textAt(inputs, "replicationGroupId") ?? "";
    if (before !== undefined || cloud.get(types.cache, id) === undefined) return [];
    return [{ property: "replicationGroupId", reason: `${id} is taken` }];
}

export const caches: Readonly<Record<string, CloudKind>> = { ...subnetGroup, ...parameterGroup, ...replicationGroup };
