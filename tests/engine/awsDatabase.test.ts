import type { Properties } from "../../simulator/providers/properties";
import { account, inFreshAccounts, make, subnet, subnetA, subnetB, token, vpcId } from "./awsGround";

/** What the simulated account asks of a PostgreSQL server of RDS. */

const types = {
    instance: token("rds", "Instance"),
    subnets: token("rds", "SubnetGroup"),
    parameters: token("rds", "ParameterGroup"),
};
const asked = {
    identifier: "tars-postgres",
    engine: "postgres",
    engineVersion: "18",
    instanceClass: "db.t4g.medium",
    allocatedStorage: 32,
    maxAllocatedStorage: 64,
    dbName: "tars_analytics",
    username: "tars_user",
    password: "only-for-this-test",
    dbSubnetGroupName: "tars",
    parameterGroupName: "tars-18",
    skipFinalSnapshot: true,
};

const subnets = (subnetIds: readonly string[] = [subnetA, subnetB]) =>
    make(types.subnets, { name: "tars", subnetIds: [...subnetIds] });
const parameters = (family = "postgres18") => make(types.parameters, { name: "tars-18", family });
const instance = (more: Properties = {}, name?: string) => make(types.instance, { ...asked, ...more }, name);

async function server(more: Properties = {}): Promise<string> {
    await subnets();
    await parameters();
    return instance(more);
}

inFreshAccounts();

test("a server comes up in its subnets, answers under a name of its own, and holds what it stands on", async () => {
    const id = await server();
    expect(id).toMatch(/^db-[0-9A-F]{26}$/);
    expect(account.outputsOf(types.instance, id, "address")).toMatch(
        /^tars-postgres\.c[0-9a-f]{11}\.eu-central-1\.rds\.amazonaws\.com$/,
    );
    expect(account.outputsOf(types.instance, id, "password")).toBe("");
    await expect(account.remove(types.subnets, "tars")).rejects.toThrow(id);
    await expect(account.remove(types.parameters, "tars-18")).rejects.toThrow(id);
    await account.remove(types.instance, id);
    await account.remove(types.subnets, "tars");
});

test("guarded by its own protection, a server stays until that is taken away", async () => {
    const id = await server({ deletionProtection: true });
    await expect(account.remove(types.instance, id)).rejects.toThrow("its deletion protection is on");
    await account.change(types.instance, id, { ...asked, deletionProtection: false });
    await account.remove(types.instance, id);
});

test("a disk grows and never shrinks, and no version goes back", async () => {
    const id = await server();
    await account.change(types.instance, id, { ...asked, allocatedStorage: 48 });
    await expect(account.change(types.instance, id, asked)).rejects.toThrow("cannot become smaller than 48, got 32");
    await make(types.parameters, { name: "tars-17", family: "postgres17" }, "older");
    const older = { ...asked, allocatedStorage: 48, engineVersion: "17", parameterGroupName: "tars-17" };
    await expect(account.change(types.instance, id, older)).rejects.toThrow("cannot go back from 18 to 17");
});

test.each<[what: string, attempt: () => Promise<unknown>, reason: string]>([
    ["subnets of one zone", () => subnets([subnetA]), "must be of at least two zones"],
    ["a server without its subnets", () => parameters().then(() => instance()), '"tars" does not exist'],
    ["a second server of a name", () => server().then(() => instance({}, "two")), "tars-postgres is taken"],
    [
        "parameters of another version",
        async () => {
            await subnets();
            await parameters("postgres17");
            return instance();
        },
        "tars-18 is of postgres17, not of postgres18",
    ],
    [
        "a group of another network",
        async () => {
            const other = await make(token("ec2", "Vpc"), { cidrBlock: "10.99.0.0/16" }, "other");
            const group = await make(token("ec2", "SecurityGroup"), { vpcId: other, name: "other" });
            return server({ vpcSecurityGroupIds: [group] });
        },
        "is of another VPC than the subnets",
    ],
    ["a version that is not offered", () => server({ engineVersion: "12" }), "is 17 or 18"],
    [
        "no minor version, and nobody to choose one",
        () => server({ autoMinorVersionUpgrade: false }),
        "must name its minor version",
    ],
    ["a reserved user", () => server({ username: "rdsadmin" }), "no word that is reserved"],
    ["a password that RDS cannot take", () => server({ password: "with a space" }), "without /, @"],
    ["backups kept too long", () => server({ backupRetentionPeriod: 36 }), "must be 0 to 35 days"],
    ["a bound below the disk", () => server({ maxAllocatedStorage: 20 }), "must not be less than allocatedStorage"],
    [
        "a key for a plain disk",
        () => server({ kmsKeyId: "arn:aws:kms:eu-central-1:123456789012:key/1" }),
        "storageEncrypted",
    ],
    ["no word about its end", () => server({ skipFinalSnapshot: false }), "finalSnapshotIdentifier is required"],
])("%s are refused", async (_, attempt, reason) => {
    await expect(attempt()).rejects.toThrow(reason);
});

test("subnets of two networks make no group", async () => {
    const other = await make(token("ec2", "Vpc"), { cidrBlock: "10.99.0.0/16" }, "other");
    const far = await subnet("10.99.0.0/20", "b", other);
    expect(vpcId).not.toBe(other);
    await expect(subnets([subnetA, far])).rejects.toThrow("are of different VPCs");
});
