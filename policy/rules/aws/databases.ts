import { controls } from "../../controls";
import { absent, undecided, type Value } from "../../reading/value";
import type { Subject } from "../../resources/subject";
import type { Context, Report, ResourceRule } from "../../rule";
import { cloudResource, sampleOf } from "../../samples";
import { reportUnless, stateOf } from "../podRule";
import { each } from "./policyDocument";
import { inStaging } from "./samples";

const good = {
    engine: "postgres",
    storageEncrypted: true,
    publiclyAccessible: false,
    multiAz: true,
    backupRetentionPeriod: 35,
    iamDatabaseAuthenticationEnabled: true,
    parameterGroupName: "tls",
    deletionProtection: true,
};
const instance = (inputs: object) => cloudResource("aws:rds/instance:Instance", { ...good, ...inputs });
const aurora = (inputs: object) =>
    cloudResource("aws:rds/cluster:Cluster", {
        ...good,
        engine: "aurora-postgresql",
        dbClusterParameterGroupName: "tls",
        ...inputs,
    });
const parameters = (family: string, ...all: readonly object[]) =>
    cloudResource("aws:rds/parameterGroup:ParameterGroup", { family, parameters: all });

export const databases: ResourceRule = {
    id: "AWS-12",
    title: "Databases are private, encrypted, in two zones, backed up, called by TLS, and hard to delete",
    severity: "critical",
    level: "mandatory",
    scope: "resource",
    kinds: [
        "aws:rds/Instance",
        "aws:rds/Cluster",
        "aws:rds/ClusterInstance",
        "aws:rds/ParameterGroup",
        "aws:rds/ClusterParameterGroup",
    ],
    controls: controls({ soc2: ["CC6.7", "A1.2"], iso27001: ["8.13", "8.24"] }),
    why: "A database holds what the platform is for: whoever reaches it has the data, and whoever loses it has none.",
    fix: "set storageEncrypted, multiAz, iamDatabaseAuthenticationEnabled and deletionProtection, publiclyAccessible false, backupRetentionPeriod 7 (35 in production), and a parameter group that asks for TLS",
    link: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_BestPractices.Security.html",
    samples: {
        passing: [
            sampleOf(instance({}), aurora({ multiAz: undefined })),
            sampleOf(aurora({ availabilityZones: ["eu-central-1a", "eu-central-1b"] })),
            sampleOf(parameters("postgres17", { name: "rds.force_ssl", value: "1" })),
            sampleOf(parameters("mysql8.4", { name: "require_secure_transport", value: "ON" })),
            inStaging(instance({ backupRetentionPeriod: 7 })),
            sampleOf(instance({ engine: "oracle-ee", iamDatabaseAuthenticationEnabled: false })),
        ],
        failing: [
            { sample: sampleOf(instance({ storageEncrypted: undefined })), problem: "storageEncrypted is not set" },
            { sample: sampleOf(instance({ publiclyAccessible: true })), problem: "publiclyAccessible is true" },
            {
                sample: sampleOf(
                    cloudResource("aws:rds/clusterInstance:ClusterInstance", { publiclyAccessible: true }),
                ),
                problem: "publiclyAccessible is true",
            },
            { sample: sampleOf(instance({ multiAz: false })), problem: "multiAz is false" },
            {
                sample: sampleOf(aurora({ availabilityZones: ["eu-central-1a"] })),
                problem: "names fewer than two zones",
            },
            {
                sample: inStaging(instance({ backupRetentionPeriod: 6 })),
                problem: "is less than 7 days",
            },
            { sample: sampleOf(aurora({ backupRetentionPeriod: undefined })), problem: "is less than 35 days" },
            {
                sample: sampleOf(instance({ iamDatabaseAuthenticationEnabled: undefined })),
                problem: "iamDatabaseAuthenticationEnabled is not set",
            },
            {
                sample: sampleOf(instance({ parameterGroupName: undefined })),
                problem: "names no group that asks for TLS",
            },
            {
                sample: sampleOf(aurora({ dbClusterParameterGroupName: undefined })),
                problem: "names no group that asks for TLS",
            },
            { sample: sampleOf(parameters("postgres17")), problem: "lacks rds.force_ssl" },
            {
                sample: sampleOf(parameters("aurora-postgresql17", { name: "rds.force_ssl", value: "0" })),
                problem: "lacks rds.force_ssl",
            },
            {
                sample: sampleOf(
                    cloudResource("aws:rds/clusterParameterGroup:ClusterParameterGroup", {
                        family: "aurora-postgresql17",
                    }),
                ),
                problem: "lacks rds.force_ssl",
            },
            { sample: sampleOf(parameters("mariadb11.8")), problem: "lacks require_secure_transport" },
            { sample: sampleOf(aurora({ deletionProtection: false })), problem: "deletionProtection is false" },
        ],
    },
    check: (subject, report, context) => {
        const { kind, object } = subject;
        if (kind.kind.endsWith("ParameterGroup")) return checkParameters(object, report);
        const isPublic = object.get("publiclyAccessible");
        if (isPublic.boolean() === true) report({ path: isPublic.path, problem: "is true" });
        if (kind.kind !== "ClusterInstance") checkDatabase(subject, report, context);
    },
};

/** RDS' defaults are none of these; a cluster keeps backups for a day. https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html */
function checkDatabase(subject: Subject, report: Report, context: Context): void {
    const { object } = subject;
    reportUnless(true, object.get("storageEncrypted"), report);
    checkProtection(object.get("deletionProtection"), report, context);
    checkZones(subject, report);
    checkBackups(object.get("backupRetentionPeriod"), report, context);
    const engine = object.get("engine").text();
    if (typeof engine === "string" && signsIn.test(engine)) {
        reportUnless(true, object.get("iamDatabaseAuthenticationEnabled"), report);
    }
    const group = object.get(subject.kind.kind === "Cluster" ? "dbClusterParameterGroupName" : "parameterGroupName");
    if (!group.isSet) report({ path: group.path, problem: "names no group that asks for TLS" });
}

/** Stacks that are made to be destroyed may be, and so may one that its owner has released: there it only advises, as of clusters (AWS-05). */
function checkProtection(protection: Value, report: Report, { environment, released }: Context): void {
    const advisory = environment !== "production" || released;
    reportUnless(true, protection, (observation) => report(advisory ? { ...observation, advisory } : observation));
}

/** Engines that take credentials of IAM: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html */
const signsIn = /^(aurora-)?(postgres|postgresql|mysql|mariadb)$/;

/** The storage of a cluster is in three zones unless it is told otherwise. */
function checkZones({ kind, object }: Subject, report: Report): void {
    if (kind.kind === "Instance") reportUnless(true, object.get("multiAz"), report);
    const zones = object.get("availabilityZones");
    if (zones.isList && zones.items().length < 2) report({ path: zones.path, problem: "names fewer than two zones" });
}

function checkBackups(period: Value, report: Report, { environment }: Context): void {
    const days = period.number();
    const least = environment === "production" ? 35 : 7;
    if (days === undecided || (days !== absent && days >= least)) return;
    report({
        path: period.path,
        problem:
            days === absent ? `${stateOf(absent)}, which is less than ${least} days` : `is less than ${least} days`,
    });
}

/** What asks for TLS, by the family of the group. */
const parametersOfTls = [
    [/postgres/, "rds.force_ssl"],
    [/sqlserver/, "rds.force_ssl"],
    [/mysql|mariadb/, "require_secure_transport"],
] as const;

function checkParameters(object: Value, report: Report): void {
    const family = object.get("family").text();
    const wanted = parametersOfTls.find(([families]) => typeof family === "string" && families.test(family))?.[1];
    if (wanted === undefined) return;
    const all = object.get("parameters");
    const found = each(all).filter((parameter) => parameter.get("name").text() === wanted);
    const values = found.map((parameter) => parameter.get("value").text());
    if (values.some((value) => value === undecided || /^(1|on)$/i.test(String(value)))) return;
    if (!all.isSet || all.isList) report({ path: all.path, problem: `lacks ${wanted}` });
}
