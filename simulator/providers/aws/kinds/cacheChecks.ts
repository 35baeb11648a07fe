import { isTrue, numberAt, textAt, textsAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import type { InputIssue } from "../../protocol";

interface Check {
    readonly property: string;
    readonly isBroken: (inputs: Properties) => boolean;
    readonly reason: string;
}

/** A text, or one that breaks nothing where there is none or it is not known yet. */
const text = (inputs: Properties, name: string, otherwise: string) => textAt(inputs, name) ?? otherwise;

/** Those of AWS' own list that the schemas' package has: engine_version.json of cfn-lint 1.58.0. */
const versions = ["7.2", "8.0", "8.1", "8.2", "9.0", "9.1"] as const;

/** @see https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html */
const hours = "([01]\\d|2[0-3]):[0-5]\\d";
const dayHour = `(mon|tue|wed|thu|fri|sat|sun):${hours}`;

/**
 * What ElastiCache refuses of Valkey in one part whatever else exists.
 *
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html (authToken)
 */
const checks: readonly Check[] = [
    {
        property: "engine",
        isBroken: (inputs) => text(inputs, "engine", "redis") !== "valkey",
        reason: "of the simulated account is valkey",
    },
    {
        property: "engineVersion",
        isBroken: (inputs) => !versions.some((version) => version === text(inputs, "engineVersion", "8.2")),
        reason: `must be one of ${versions.join(", ")}`,
    },
    {
        property: "replicationGroupId",
        isBroken: (inputs) => !/^(?=.{1,40}$)[a-z](-?[a-z0-9])*$/.test(text(inputs, "replicationGroupId", "a")),
        reason: "must begin with a letter and be up to 40 lower-case letters, digits and single hyphens",
    },
    {
        property: "nodeType",
        isBroken: (inputs) => !/^cache\.[a-z0-9]+\.[a-z0-9]+$/.test(text(inputs, "nodeType", "cache.m7g.large")),
        reason: "must be a type such as cache.m7g.large",
    },
    {
        property: "authToken",
        isBroken: (inputs) => !/^[A-Za-z0-9!&#$^<>-]{16,128}$/.test(text(inputs, "authToken", "a".repeat(16))),
        reason: "must be 16 to 128 letters, digits and any of !&#$^<>-",
    },
    {
        property: "authToken",
        isBroken: (inputs) => inputs.authToken !== undefined && !isTrue(inputs, "transitEncryptionEnabled"),
        reason: "is of no use unless transitEncryptionEnabled is true",
    },
    {
        property: "transitEncryptionEnabled",
        isBroken: (inputs) => inputs.transitEncryptionEnabled === undefined,
        reason: "must be said of valkey",
    },
    {
        property: "transitEncryptionMode",
        isBroken: (inputs) => inputs.transitEncryptionMode !== undefined && !isTrue(inputs, "transitEncryptionEnabled"),
        reason: "is of no use unless transitEncryptionEnabled is true",
    },
    {
        property: "kmsKeyId",
        isBroken: (inputs) => inputs.kmsKeyId !== undefined && !isTrue(inputs, "atRestEncryptionEnabled"),
        reason: "is of no use unless atRestEncryptionEnabled is true",
    },
    {
        property: "automaticFailoverEnabled",
        isBroken: (inputs) => isTrue(inputs, "automaticFailoverEnabled") && nodesOf(inputs) < 2,
        reason: "takes two cache clusters at least",
    },
    {
        property: "multiAzEnabled",
        isBroken: (inputs) => isTrue(inputs, "multiAzEnabled") && !isTrue(inputs, "automaticFailoverEnabled"),
        reason: "takes automaticFailoverEnabled",
    },
    {
        property: "snapshotRetentionLimit",
        isBroken: (inputs) => (numberAt(inputs, "snapshotRetentionLimit") ?? 0) > 35,
        reason: "must be 0 to 35 days",
    },
    {
        property: "snapshotWindow",
        isBroken: (inputs) => !new RegExp(`^${hours}-${hours}$`).test(text(inputs, "snapshotWindow", "00:00-01:00")),
        reason: "must be hours such as 00:00-01:00",
    },
    {
        property: "maintenanceWindow",
        isBroken: (inputs) =>
            !new RegExp(`^${dayHour}-${dayHour}$`).test(text(inputs, "maintenanceWindow", "sun:02:00-sun:03:00")),
        reason: "must be hours of a week such as sun:02:00-sun:03:00",
    },
];

function nodesOf(inputs: Properties): number {
    return numberAt(inputs, "numCacheClusters") ?? 1;
}

export function checkGroup(inputs: Properties): InputIssue[] {
    return checks.filter(({ isBroken }) => isBroken(inputs)).map(({ property, reason }) => ({ property, reason }));
}

/** Only a group that is made is asked where its nodes are to be: afterwards the list says nothing any more. */
export function checkZonesOfNodes(inputs: Properties): InputIssue[] {
    const [zones, nodes] = [textsAt(inputs, "preferredCacheClusterAzs"), nodesOf(inputs)];
    if (zones.length === 0 || zones.length === nodes) return [];
    return [
        { property: "preferredCacheClusterAzs", reason: `names ${zones.length} zones for ${nodes} cache clusters` },
    ];
}
