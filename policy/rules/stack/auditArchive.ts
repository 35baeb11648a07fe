import { controls } from "../../controls";
import type { Stack } from "../../resources/stack";
import { isJoined } from "../../resources/stack";
import type { Subject } from "../../resources/subject";
import type { StackReport, StackRule } from "../../rule";
import { archiveOfDestination, archiveOfStorage, checkArchive } from "./archives";
import { failing, passing } from "./auditArchive.samples";

const clusterKinds = ["eks:index/Cluster", "aws:eks/Cluster"] as const;
const managedCluster = "azure-native:containerservice/ManagedCluster";
const setting = "azure-native:monitor/DiagnosticSetting";
/** Sends the subscription's activity log, all of which tells who did what. */
const activity = "azure-native:monitor/SubscriptionDiagnosticSetting";
const filter = "aws:cloudwatch/LogSubscriptionFilter";

/**
 * What code cannot show: what an archive of another account does with what it is sent. Its lock, its 365 days and its key are set where
 * it is made, by the owner of that account, as is the account's own trail while `accountBaseline` is external.
 */
export const auditArchive: StackRule = {
    id: "OBS-01",
    title: "Audit records of production are where nobody can change them",
    severity: "high",
    level: "mandatory",
    scope: "stack",
    kinds: [
        ...clusterKinds,
        managedCluster,
        setting,
        activity,
        filter,
        "aws:cloudwatch/LogGroup",
        "aws:cloudtrail/Trail",
        "aws:s3/Bucket",
        "aws:s3/BucketObjectLockConfiguration",
        "aws:kinesis/FirehoseDeliveryStream",
        "azure-native:storage/StorageAccount",
    ],
    controls: controls({
        soc2: ["CC7.2", "CC7.3"],
        iso27001: ["8.15", "5.28", "5.33"],
        cisAks: ["2.1.1"],
        cisEks: ["2.1.1"],
    }),
    why: "Whoever takes over an account deletes what tells of it first; records are evidence only where that account cannot reach them.",
    fix: "send audit records to an archive in an account of its own, write-once for at least 365 days, under its own key",
    link: "https://docs.aws.amazon.com/prescriptive-guidance/latest/security-reference-architecture/log-archive.html",
    samples: { passing, failing },
    check: (stack, report, { environment }) => {
        if (environment !== "production") return;
        for (const cluster of stack.of(...clusterKinds)) checkCluster(cluster, stack, report);
        for (const cluster of stack.of(managedCluster)) checkManagedCluster(cluster, stack, report);
        for (const each of stack.of(setting).filter(isAbout)) checkSetting(each, stack, report);
        for (const each of stack.of(activity)) checkSetting(each, stack, report);
        for (const trail of stack.of("aws:cloudtrail/Trail")) checkTrail(trail, stack, report);
    },
};

const unsent = "keeps its audit records in its own account only";

/** EKS writes to a group by this name. @see https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html */
function checkCluster(cluster: Subject, stack: Stack, report: StackReport): void {
    const name = cluster.object.get("name");
    const group = `/aws/eks/${String(name.text())}/cluster`;
    const own = stack.of("aws:cloudwatch/LogGroup").filter(({ object }) => object.quietly.get("name").text() === group);
    const filters = stack.of(filter).filter((each) => isOf(each, group, own, stack));
    if (filters.length === 0) report(cluster, { path: name.path, problem: unsent });
    for (const each of filters) checkFilter(each, stack, report);
}

function isOf(each: Subject, group: string, own: readonly Subject[], stack: Stack): boolean {
    if (own.some((to) => isJoined(stack, { from: each, property: "logGroup", to, id: to.object.get("name") })))
        return true;
    return each.object.get("logGroup").text() === group;
}

/** A pattern sends only what matches it; the empty one sends everything. */
function checkFilter(each: Subject, stack: Stack, report: StackReport): void {
    const pattern = each.object.get("filterPattern");
    const read = pattern.text();
    if (typeof read === "string" && read.trim() !== "")
        report(each, { path: pattern.path, problem: "sends a part of the records only" });
    checkArchive(archiveOfDestination(each, stack), report);
}

function checkManagedCluster(cluster: Subject, stack: Stack, report: StackReport): void {
    const settings = stack.of(setting).filter((each) => isAbout(each) && isSettingOf(each, cluster, stack));
    if (settings.length === 0) report(cluster, { path: "resourceName", problem: unsent });
}

/** By the dependency while the id is not known, else by the end of the id. */
function isSettingOf(each: Subject, cluster: Subject, stack: Stack): boolean {
    if (stack.sourcesOf(each, "resourceUri").some(({ resource }) => resource.urn === cluster.resource.urn)) return true;
    const [uri, name] = [
        each.object.quietly.get("resourceUri").text(),
        cluster.object.quietly.get("resourceName").text(),
    ];
    return (
        typeof uri === "string" &&
        typeof name === "string" &&
        uri.toLowerCase().endsWith(`/managedclusters/${name.toLowerCase()}`)
    );
}

/** Categories with who did what; the others tell how a service runs. */
const auditCategories: ReadonlySet<unknown> = new Set([
    "audit",
    "allLogs",
    "kube-audit",
    "kube-audit-admin",
    "AuditEvent",
]);

function isAbout({ object }: Subject): boolean {
    return object
        .get("logs")
        .items()
        .filter((log) => log.get("enabled").boolean() !== false)
        .some(
            (log) =>
                auditCategories.has(log.get("category").text()) || auditCategories.has(log.get("categoryGroup").text()),
        );
}

function checkSetting(each: Subject, stack: Stack, report: StackReport): void {
    const storage = each.object.get("storageAccountId");
    if (!storage.isSet) report(each, { path: storage.path, problem: unsent });
    else checkArchive(archiveOfStorage(each, stack), report);
}

function checkTrail(trail: Subject, stack: Stack, report: StackReport): void {
    checkArchive(archiveOfDestination(trail, stack), report);
}
