import { judgedResources } from "../../cli/src/judgedResources";
import { defaultConfiguration } from "../../policy/configuration";
import { judge } from "../../policy/judge";
import { bareTerms } from "../../policy/terms/terms";
import { anotherGraph } from "./anotherGraph";
import { awsGraph } from "./awsGraph";
import type { Graph } from "./graph";
import { settingsOf } from "./stack";

/** The graph of one stack, with some settings of its cloud changed; it is captured once in a program's life. */
async function graphOf(stack: string, cloud: "aws" | "azure", changes: object): Promise<Graph> {
    return anotherGraph(stack, { [cloud]: { ...Object(settingsOf(stack)[cloud]), ...changes } });
}

/** What the pack says of where audit records of production are kept. */
function archiveFindings(graph: Graph): readonly string[] {
    const terms = { ...bareTerms, environment: "production" } as const;
    const { findings } = judge(judgedResources(graph.all), defaultConfiguration, terms);
    return findings.flatMap(({ rule, message, decided }) => (rule === "OBS-01" && decided ? [message] : []));
}

describe("the trail of an AWS account that a stack keeps", () => {
    const archive = {
        bucket: "example-audit-trail",
        key: "arn:aws:kms:eu-central-1:111122223333:key/22222222-2222-2222-2222-222222222222",
    };

    test("goes to the archive of another account, under that account's key, beside the cluster's audit", async () => {
        const graph = await graphOf("prod-aws", "aws", { accountBaseline: "managed", trailArchive: archive });
        const { only, named } = awsGraph(graph);
        expect(only("Trail").inputs).toMatchObject({
            s3BucketName: archive.bucket,
            kmsKeyId: archive.key,
            isMultiRegionTrail: true,
            enableLogFileValidation: true,
        });
        expect(only("LogSubscriptionFilter").inputs).toMatchObject({
            destinationArn: Object(settingsOf("prod-aws").aws).auditArchive,
        });
        const { policy } = named("BucketPolicy", "baseline-records-tls").inputs;
        expect(policy).toContain("config.amazonaws.com");
        expect(policy).not.toContain("cloudtrail.amazonaws.com");
        expect(archiveFindings(graph)).toEqual([]);
    });

    test("is refused by the pack where production keeps it in its own account", async () => {
        const graph = await graphOf("prod-aws", "aws", { accountBaseline: "managed" });
        expect(archiveFindings(graph).join()).toContain("leads to the account that the records tell of");
    });
});

describe("the activity log of a subscription that a stack keeps", () => {
    test("goes, with all its categories, to the workspace and to the archive that keeps the cluster's audit", async () => {
        const graph = await graphOf("prod-azure", "azure", { accountBaseline: "managed" });
        const settings = graph.all.filter(({ type }) => type.endsWith(":SubscriptionDiagnosticSetting"));
        expect(settings.map(({ inputs }) => inputs)).toEqual([
            {
                name: "tars-activity",
                workspaceId: "logs-workspace-id",
                storageAccountId: Object(settingsOf("prod-azure").azure).auditArchive,
                logs: [
                    "Administrative",
                    "Security",
                    "Policy",
                    "Alert",
                    "Autoscale",
                    "Recommendation",
                    "ResourceHealth",
                    "ServiceHealth",
                ].map((category) => ({ category, enabled: true })),
            },
        ]);
        expect(archiveFindings(graph)).toEqual([]);
    });

    test("is refused by the pack where production has no archive", async () => {
        const graph = await graphOf("prod-azure", "azure", { accountBaseline: "managed", auditArchive: undefined });
        const told = archiveFindings(graph).filter((message) => message.includes("keeps its audit records in its own"));
        expect(told.length).toBeGreaterThan(1);
    });
});
