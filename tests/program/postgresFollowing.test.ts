import { judgedResources } from "../../cli/src/judgedResources";
import { Issues } from "../../components/foundation/issues";
import { holdingsOf } from "../../components/settings/holdings";
import { checkHoldings } from "../../components/settings/holdingsChecks";
import { defaultConfiguration } from "../../policy/configuration";
import { judge } from "../../policy/judge";
import { rules } from "../../policy/registry";
import { environmentOf } from "../../policy/terms/environment";
import { readPackFiles } from "../../policy/terms/files";
import { bareTerms } from "../../policy/terms/terms";
import { anotherGraph } from "./anotherGraph";
import { type Graph, inNamespace } from "./graph";
import { parsed, type Raw, settingsOf } from "./stack";

jest.setTimeout(600_000);

/** Production in the region of another stack's copy, whose database follows that one's. */
function follower(isPromoted: boolean) {
    const aws = Object(settingsOf("prod-aws").aws);
    // Jobs that are not there are nobody (policy AWS-07).
    const { "postgres-manifest": manifest, "postgres-drill": drilling, ...rest } = aws.identities;
    const identities = isPromoted ? aws.identities : rest;
    const permissions = ["backups.write", "backups.follow"];
    const postgres = { namespace: "tars", serviceAccount: "postgres", permissions };
    const drill = { kind: "off", because: "it follows another, whose drill reads the same log" };
    return {
        data: { postgres: { kind: "cluster", follows: { archive: "postgres-18-2", promoted: isPromoted }, drill } },
        aws: { ...aws, followed: { name: "tars-west" }, identities: { ...identities, postgres } },
    };
}

/** What the pack says of such a stack, which no committed one is. */
function brokenRules(graph: Graph): readonly string[] {
    const terms = { ...bareTerms, ...readPackFiles(rules), environment: environmentOf("production") };
    const { findings } = judge(judgedResources(graph.all), defaultConfiguration, terms);
    const broken = findings.filter(({ level }) => level === "mandatory");
    return broken.map(({ rule, name, message }) => `${rule} ${name}: ${message}`);
}

describe("a database that follows another region's", () => {
    let graph: Graph;
    let tars: Graph;
    beforeAll(async () => {
        graph = await anotherGraph("prod-aws", follower(false));
        tars = inNamespace(graph, "tars");
    });
    const spec = () => tars.named("Cluster", "postgres").inputs.spec;

    test("begins with the other's backups, and reads its log until it is promoted", () => {
        const parameters = { barmanObjectName: "postgres-followed", serverName: "postgres-18-2" };
        const plugin = { name: "barman-cloud.cloudnative-pg.io", parameters };
        expect(spec().externalClusters).toEqual([{ name: "origin", plugin }]);
        expect(spec().replica).toEqual({ enabled: true, source: "origin" });
        expect(spec().bootstrap.recovery).toMatchObject({ source: "origin", database: "tars_analytics" });
        expect(spec().bootstrap).not.toHaveProperty("initdb");
    });

    test("archives in a store of its own, and keeps nothing of the other's tidy", () => {
        const [archiving] = spec().plugins;
        expect(archiving.parameters).toEqual({ barmanObjectName: "postgres-backups", serverName: "postgres-18" });
        const other = tars.named("ObjectStore", "postgres-followed");
        const { configuration, retentionPolicy } = other.inputs.spec;
        expect(configuration.destinationPath).toBe("s3://tars-west-123456789012-eu-central-1-backups/postgres");
        expect(retentionPolicy).toBeUndefined();
        // The one Secret that the plugin may hand out (pluginRights.ts).
        expect(configuration.s3Credentials.region.name).toBe("postgres-password");
        expect(graph.waitsFor(tars.named("Cluster", "postgres"), other)).toBe(true);
    });

    test("may read the other's folder and use the copy's key, and write to its own alone", () => {
        const policy = graph.all.find(({ name }) => name === "postgres-policy")?.inputs.policy;
        const statements: { Action: string[]; Resource: string[]; Condition?: unknown }[] = JSON.parse(
            `${policy}`,
        ).Statement;
        const ofOther = statements.filter(({ Resource }) => Resource.some((each) => each.includes("tars-west")));
        expect(ofOther.map(({ Action, Resource }) => [Action, Resource])).toEqual([
            [["s3:GetBucketLocation", "s3:ListBucket"], ["arn:aws:s3:::tars-west-123456789012-eu-central-1-backups"]],
            [["s3:GetObject"], ["arn:aws:s3:::tars-west-123456789012-eu-central-1-backups/postgres/*"]],
        ]);
        const withKey = statements.filter(({ Condition }) => JSON.stringify(Condition ?? {}).includes("tars-west"));
        expect(withKey.map(({ Action, Condition }) => [Action, Condition])).toEqual([
            [["kms:Decrypt"], { "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/tars-west-backup-copy" } }],
        ]);
    });

    test("breaks no rule of the pack", () => {
        expect(brokenRules(graph)).toEqual([]);
    });

    test("has no pooler, no login of an application and no drill of its own, and says why", () => {
        expect(tars.of("Pooler")).toEqual([]);
        expect(spec()).not.toHaveProperty("managed");
        expect(graph.of("CronJob").filter(({ name }) => name.includes("postgres"))).toEqual([]);
        expect(tars.named("Cluster", "postgres").inputs.metadata.annotations).toMatchObject({
            "tars-platform/undrilled-because": expect.stringContaining("follows another"),
        });
    });
});

test("promoted, it writes itself, with all that a database of its own has", async () => {
    const changes = follower(true);
    const drill = { kind: "scheduled" };
    const data = { postgres: { ...changes.data.postgres, drill, pooler: { connections: 16 } } };
    const tars = inNamespace(await anotherGraph("prod-aws", { ...changes, data }), "tars");
    const { spec } = tars.named("Cluster", "postgres").inputs;
    expect(spec.replica).toEqual({ enabled: false, source: "origin" });
    expect(spec.managed.roles).toHaveLength(1);
    expect(tars.of("Pooler")).toHaveLength(1);
});

test("what a database wrote is not given up for another's by an update", () => {
    const ofStack = (changes: Raw) => holdingsOf(parsed({ ...settingsOf("prod-aws"), ...changes }).settings);
    const told = (before: Raw, now: Raw, migrate: readonly "postgres"[] = []) => {
        const issues = new Issues();
        checkHoldings({ before: ofStack(before), now: ofStack(now), migrate }, issues);
        return issues.all;
    };
    const written = { data: { postgres: { kind: "cluster" } } };
    const [following, promoted] = [follower(false), follower(true)];
    expect(JSON.stringify(told(written, following))).toMatch(/would follow another/);
    expect(JSON.stringify(told(promoted, following))).toMatch(/would follow another/);
    expect(told(promoted, following, ["postgres"])).toEqual([]);
    expect(told(following, following)).toEqual([]);
    expect(told(following, promoted)).toEqual([]);
});
