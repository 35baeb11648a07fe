import { planDatabase } from "../../components/cloud/aws/databasePlan";
import { awsSettings } from "../../components/cloud/aws/settings";
import { planPaths } from "../../components/kubernetes/accessPaths";
import { anotherGraph } from "./anotherGraph";
import { awsGraph } from "./awsGraph";
import { type Graph, inNamespace } from "./graph";
import { parsed, settingsOf, settingsWith } from "./stack";

jest.setTimeout(120_000);

test("production's server cannot be deleted by mistake, and leaves a last copy and all that there were", async () => {
    const graph = await anotherGraph("prod-aws", { data: { postgres: { kind: "managed" } } });
    const server = awsGraph(graph).only("Instance");
    expect(server.options).toMatchObject({ protect: true });
    expect(server.inputs).toMatchObject({
        deletionProtection: true,
        skipFinalSnapshot: false,
        finalSnapshotIdentifier: "tars-production-postgres-final",
        deleteAutomatedBackups: false,
        backupRetentionPeriod: 35,
    });
    const password = graph.all.find(({ name }) => name === "secrets-database-password");
    expect(password?.inputs).toMatchObject({ minLower: 1, minUpper: 1, minNumeric: 1 });
});

/** A database that RDS runs, as the committed stack on AWS that asks for one has it. */
describe("staging, whose database is a server of RDS", () => {
    let graph: Graph;
    let tars: Graph;
    let aws: ReturnType<typeof awsGraph>;
    beforeAll(async () => {
        graph = await anotherGraph("staging");
        tars = inNamespace(graph, "tars");
        aws = awsGraph(graph);
    });
    const server = () => aws.only("Instance");

    test("has a server that nobody reads on the way, from outside, or without a copy", () => {
        expect(server().inputs).toMatchObject({
            engine: "postgres",
            engineVersion: "18",
            instanceClass: "db.t4g.medium",
            allocatedStorage: 32,
            maxAllocatedStorage: 64,
            storageType: "gp3",
            storageEncrypted: true,
            kmsKeyId: "[arn of keys-key]",
            publiclyAccessible: false,
            multiAz: true,
            backupRetentionPeriod: 7,
            iamDatabaseAuthenticationEnabled: true,
            dbName: "tars_analytics",
            username: "tars_user",
        });
        const parameters = aws.named("ParameterGroup", "postgres-server-parameters").inputs;
        expect(parameters.family).toBe("postgres18");
        expect(parameters.parameters).toContainEqual({ name: "rds.force_ssl", value: "1" });
    });

    test("has its server where data is, called by pods alone, at one port", () => {
        expect(aws.named("SubnetGroup", "postgres-server-subnets").inputs.subnetIds).toEqual(
            ["a", "b", "c"].map((zone) => `network-data-eu-central-1${zone}-id`),
        );
        expect(server().inputs.vpcSecurityGroupIds).toEqual(["postgres-server-group-id"]);
        const rules = [...aws.of("SecurityGroupIngressRule"), ...aws.of("SecurityGroupEgressRule")].filter(
            ({ inputs }) => inputs.securityGroupId === "postgres-server-group-id",
        );
        expect(
            rules.map(({ inputs: { referencedSecurityGroupId, fromPort, toPort } }) => [
                referencedSecurityGroupId,
                fromPort,
                toPort,
            ]),
        ).toEqual([["eks-nodes-id", 5432, 5432]]);
    });

    test("writes the server's logs where they end, under the stack's key", () => {
        const groups = aws.of("LogGroup").filter(({ inputs }) => inputs.name.startsWith("/aws/rds/"));
        expect(
            groups.map(({ inputs: { name, retentionInDays, kmsKeyId } }) => [name, retentionInDays, kmsKeyId]),
        ).toEqual(
            ["postgresql", "upgrade"].map((log) => [
                `/aws/rds/instance/tars-staging-postgres/${log}`,
                365,
                "[arn of keys-key]",
            ]),
        );
        for (const group of groups) expect(graph.waitsFor(server(), group)).toBe(true);
    });

    test("goes whole, server and backups included, as all of staging does", () => {
        expect(server().options?.protect ?? false).toBe(false);
        expect(server().inputs).toMatchObject({
            deletionProtection: false,
            skipFinalSnapshot: true,
            deleteAutomatedBackups: true,
        });
    });

    test("runs no database in the cluster, and says of none that it does", () => {
        expect(graph.all.filter(({ name }) => name === "postgres").map(({ type }) => type)).toEqual([
            "tars:data:Postgres",
        ]);
        for (const kind of ["StatefulSet", "Service", "AuthorizationPolicy", "DestinationRule"]) {
            expect(tars.of(kind).map(({ inputs }) => inputs.metadata.name)).not.toContain("postgres");
        }
        const { egress } = tars.named("NetworkPolicy", "tars-backend").inputs.spec;
        expect(JSON.stringify(egress)).not.toContain("postgres");
    });

    test("opens the way to the server from the backend and the job that makes logins, and from nobody else to anywhere near it", () => {
        const { podSelector, egress } = tars.named("NetworkPolicy", "tars-backend-postgres").inputs.spec;
        expect(podSelector.matchLabels).toEqual({ "app.kubernetes.io/name": "tars-backend" });
        expect(egress[0].ports).toEqual([{ protocol: "TCP", port: 5432 }]);
        const opened = egress[0].to.map(({ ipBlock }: { ipBlock: { cidr: string } }) => ipBlock.cidr);
        const subnets = aws.of("Subnet").filter(({ name }) => name.startsWith("network-data-"));
        expect(opened).toEqual(subnets.map(({ inputs }) => inputs.cidrBlock));
        const ways = ["tars-backend-postgres", "postgres-logins"];
        const others = tars.of("NetworkPolicy").filter(({ inputs }) => !ways.includes(inputs.metadata.name));
        expect(JSON.stringify(others.map(({ inputs }) => inputs.spec))).not.toContain('"port":5432');
    });

    test("tells the backend the server's name and who vouches for it", () => {
        const { data } = tars.named("ConfigMap", "tars-config").inputs;
        expect(data).toMatchObject({
            POSTGRES_PORT: "5432",
            POSTGRES_DB: "tars_analytics",
            POSTGRES_USER: "tars_user",
            PGSSLMODE: "verify-full",
            PGSSLROOTCERT: "/etc/postgres-authorities/ca.crt",
        });
        // Known only once RDS has made it: policies judge a ConfigMap at the first preview, and can read all of it.
        expect(data.POSTGRES_HOST).toBeUndefined();
        const { dependencies } = tars.named("Secret", "tars-secrets");
        expect(dependencies).toContain(server().urn);
        const authorities = tars.named("ConfigMap", "postgres-authorities").inputs.data["ca.crt"];
        expect(authorities).toMatch(/^-----BEGIN CERTIFICATE-----\n[\s\S]+-----END CERTIFICATE-----\n$/);
        const pod = tars.named("Deployment", "tars-backend").inputs.spec.template.spec;
        expect(pod.containers[0].volumeMounts).toContainEqual(
            expect.objectContaining({ mountPath: "/etc/postgres-authorities", readOnly: true }),
        );
    });

    test("keeps the password where readers of the stack's outputs look for it", () => {
        const secret = tars.named("Secret", "postgres-password");
        expect(secret.urn).toMatch(/tars:data:Postgres\$kubernetes:core\/v1:Secret::postgres-password$/);
        expect(secret.inputs.metadata.namespace).toBe("tars");
        expect(server().inputs.password).toBe("[secret]");
    });
});

describe("what a stack says of its database", () => {
    const plan = (changes: object) => {
        const { data } = parsed(settingsWith("prod-aws", "data.postgres", { kind: "managed", ...changes })).settings;
        if (data.postgres.kind !== "managed") throw new Error("in the cluster");
        const password = { value: "" };
        const asked = { ...data.postgres, database: "d", user: "u", password: Object(password) };
        return planDatabase(awsSettings.parse(settingsOf("prod-aws").aws), "production", asked);
    };

    test("is filled in by its environment", () => {
        expect(plan({})).toMatchObject({
            instanceClass: "db.m7g.xlarge",
            allocatedStorage: 128,
            maxAllocatedStorage: 512,
            backupRetentionPeriod: 35,
            engineVersion: "18",
        });
    });

    test("has the last word", () => {
        const own = { size: "db.r7g.large", storageGi: 64, maxStorageGi: 64, version: "17" };
        expect(plan(own)).toMatchObject({
            instanceClass: "db.r7g.large",
            allocatedStorage: 64,
            maxAllocatedStorage: 64,
            engineVersion: "17",
        });
    });

    test("leaves no way to a database in the cluster where there is none", () => {
        const outside = { gateway: undefined, monitoringNamespace: "monitoring", mode: "sidecar" as const };
        const paths = planPaths({ ...outside, callers: [], inCluster: ["tars-backend", "redis"] });
        expect(new Set(paths.map(({ to }) => to))).toEqual(new Set(["tars-backend", "redis"]));
    });
});
