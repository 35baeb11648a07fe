import { controls } from "../../controls";
import { absent, undecided, type Value } from "../../reading/value";
import type { Stack } from "../../resources/stack";
import type { Subject } from "../../resources/subject";
import type { StackReport, StackRule } from "../../rule";
import { auditLogSamples } from "./auditLogs.samples";
import { clusterKind } from "./pools";
import { isOneOf } from "./readings";
import { companionsOf, isReferenceTo, references } from "./references";

const settingKind = "azure-native:monitor/DiagnosticSetting";
const workspaceKind = "azure-native:operationalinsights/Workspace";

/** A year, within which an audit asks what happened. */
const fewestDays = 365;

/**
 * What must be recorded, each by one of its categories or groups.
 *
 * @see https://learn.microsoft.com/azure/aks/monitor-aks-reference#resource-logs
 */
const wanted = {
    "kube-audit": ["kube-audit", "kube-audit-admin", "audit", "allLogs"],
    guard: ["guard", "audit", "allLogs"],
    "kube-apiserver": ["kube-apiserver", "allLogs"],
} as const;

export const auditLogs: StackRule = {
    id: "AZ-07",
    title: "AKS keeps its audit log, its logins and the log of its API server for a year",
    severity: "high",
    level: "mandatory",
    scope: "stack",
    kinds: [clusterKind, settingKind, workspaceKind],
    controls: controls({ soc2: ["CC7.2", "CC7.3"], iso27001: ["8.15", "5.28"], cisAks: ["2.1.1"] }),
    why: "Without the audit log nobody can say who did what in the cluster, and AKS keeps none by itself.",
    fix: "add a DiagnosticSetting of the cluster with kube-audit or kube-audit-admin, guard and kube-apiserver, to a workspace with retentionInDays of at least 365",
    link: "https://learn.microsoft.com/azure/aks/monitor-aks",
    samples: auditLogSamples,
    check: (stack, report) => {
        for (const cluster of stack.of(clusterKind)) checkCluster(stack, cluster, report);
    },
};

function checkCluster(stack: Stack, cluster: Subject, report: StackReport): void {
    const { found, unsure } = companionsOf(stack, cluster, references(stack, settingKind, "resourceUri"));
    const recorded = found.map(({ object }) => categoriesOf(object.get("logs")));
    for (const [name, categories] of Object.entries(wanted)) {
        if (recorded.some(({ known }) => known.some((each) => isOneOf(categories, each)))) continue;
        const isOpen = unsure || recorded.some(({ complete }) => !complete);
        const problem = isOpen
            ? `may be without the log ${name}: a DiagnosticSetting is not fully known`
            : `is without a DiagnosticSetting for the log ${name}`;
        report(cluster, { path: "resourceName", problem, undecided: isOpen });
    }
    for (const setting of found) checkDestination(stack, setting, report);
}

interface Categories {
    readonly known: readonly string[];
    /** Whether everything of the list could be read. */
    readonly complete: boolean;
}

/** The categories and groups that a setting has turned on; one is on only where it says so. */
function categoriesOf(logs: Value): Categories {
    const each = logs.items().map((log) => ({
        enabled: log.get("enabled").boolean(),
        named: [log.get("category").text(), log.get("categoryGroup").text()],
    }));
    const on = each.filter(({ enabled }) => enabled !== false && enabled !== absent);
    return {
        known: on
            .filter(({ enabled }) => enabled === true)
            .flatMap(({ named }) => named.filter((name) => typeof name === "string")),
        complete:
            (!logs.isSet || logs.isList) &&
            on.every(({ enabled, named }) => enabled === true && !named.includes(undecided)),
    };
}

/** A storage account keeps what it gets until something deletes it; AZ-13 asks that nobody can. */
function checkDestination(stack: Stack, setting: Subject, report: StackReport): void {
    const at = setting.object.get("workspaceId");
    if (!at.isSet) {
        if (setting.object.get("storageAccountId").isSet) return;
        report(setting, { path: at.path, problem: "is not set, and storageAccountId neither" });
        return;
    }
    const reference = { from: setting, property: "workspaceId", at };
    const workspaces = stack.of(workspaceKind);
    const workspace = workspaces.find((each) => isReferenceTo(stack, reference, each) === true);
    if (workspace !== undefined) checkRetention(workspace, report);
    else if (at.text() !== undecided) {
        report(setting, { path: at.path, problem: "is a workspace of another stack", undecided: true });
    }
}

/** Without a number a workspace keeps 30 days. */
function checkRetention(workspace: Subject, report: StackReport): void {
    const days = workspace.object.get("retentionInDays");
    const read = days.number();
    if (read === undecided || (read !== absent && read >= fewestDays)) return;
    const problem = read === absent ? "is not set" : `is below ${fewestDays}`;
    report(workspace, { path: days.path, problem });
}
