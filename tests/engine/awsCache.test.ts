import type { Properties } from "../../simulator/providers/properties";
import { account, inFreshAccounts, make, subnetA, subnetB, token } from "./awsGround";

/** What the simulated account asks of a cache of ElastiCache. */

const types = {
    cache: token("elasticache", "ReplicationGroup"),
    subnets: token("elasticache", "SubnetGroup"),
    parameters: token("elasticache", "ParameterGroup"),
};
const asked = {
    replicationGroupId: "tars-redis",
    description: "a cache",
    engine: "valkey",
    engineVersion: "8.2",
    nodeType: "cache.t4g.small",
    numCacheClusters: 2,
    automaticFailoverEnabled: true,
    multiAzEnabled: true,
    atRestEncryptionEnabled: true,
    transitEncryptionEnabled: true,
    authToken: "only-for-this-test",
    subnetGroupName: "tars",
    parameterGroupName: "tars-8",
};

const subnets = (subnetIds: readonly string[] = [subnetA, subnetB]) =>
    make(types.subnets, { name: "tars", subnetIds: [...subnetIds] });
const parameters = (family = "valkey8") => make(types.parameters, { name: "tars-8", family });
const group = (more: Properties = {}, name?: string) => make(types.cache, { ...asked, ...more }, name);

async function cache(more: Properties = {}): Promise<string> {
    await subnets();
    await parameters();
    return group(more);
}

inFreshAccounts();

test("a cache answers under a name of its own, which leads to who writes, and holds what it stands on", async () => {
    const id = await cache();
    expect(account.outputsOf(types.cache, id, "primaryEndpointAddress")).toMatch(
        /^master\.tars-redis\.[0-9a-f]{6}\.euc1\.cache\.amazonaws\.com$/,
    );
    expect(account.outputsOf(types.cache, id, "authToken")).toBe("");
    await expect(account.remove(types.subnets, "tars")).rejects.toThrow(id);
    await account.remove(types.cache, id);
    await account.remove(types.subnets, "tars");
});

test("a cache grows by machines without a word about their zones, and its version never goes back", async () => {
    const zoned = { preferredCacheClusterAzs: ["eu-central-1a", "eu-central-1b"] };
    const id = await cache(zoned);
    await account.change(types.cache, id, { ...asked, ...zoned, numCacheClusters: 3 });
    await expect(account.change(types.cache, id, { ...asked, engineVersion: "8.1" })).rejects.toThrow(
        "cannot go back from 8.2 to 8.1",
    );
});

test.each<[what: string, attempt: () => Promise<unknown>, reason: string]>([
    ["a cache without its subnets", () => parameters().then(() => group()), '"tars" does not exist'],
    ["a second cache of a name", () => cache().then(() => group({}, "two")), "tars-redis is taken"],
    ["another engine", () => cache({ engine: "redis" }), "is valkey"],
    ["a version that is not offered", () => cache({ engineVersion: "8.9" }), "must be one of 7.2, 8.0"],
    [
        "parameters of another version",
        async () => {
            await subnets();
            await parameters("valkey7");
            return group();
        },
        "tars-8 is of valkey7, not of valkey8",
    ],
    ["zones for fewer machines", () => cache({ preferredCacheClusterAzs: ["eu-central-1a"] }), "names 1 zones for 2"],
    [
        "a zone without a subnet",
        () => cache({ preferredCacheClusterAzs: ["eu-central-1a", "eu-central-1c"] }),
        "eu-central-1c has no subnet of the group",
    ],
    ["nobody to take over", () => cache({ numCacheClusters: 1 }), "takes two cache clusters at least"],
    ["several zones and nobody to take over", () => cache({ automaticFailoverEnabled: false }), "multiAzEnabled"],
    [
        "several zones in one",
        async () => {
            await subnets([subnetA]);
            await parameters();
            return group();
        },
        "takes subnets of two zones at least",
    ],
    ["a password in the clear", () => cache({ transitEncryptionEnabled: false }), "authToken is of no use unless"],
    ["a short password", () => cache({ authToken: "short" }), "must be 16 to 128"],
    ["snapshots kept too long", () => cache({ snapshotRetentionLimit: 36 }), "must be 0 to 35 days"],
    [
        "a time to maintain without its day",
        () => cache({ maintenanceWindow: "02:00-03:00" }),
        "must be hours of a week",
    ],
])("%s is refused", async (_, attempt, reason) => {
    await expect(attempt()).rejects.toThrow(reason);
});
