import type { FailingSample, Resource, Sample } from "../../rule";
import { cloudResource, merge, sampleOf } from "../../samples";
import { cluster, place } from "./cluster.samples";

type Mapping = Readonly<Record<string, unknown>>;

const log = (category: string) => ({ category, enabled: true });

const compliantSetting = {
    name: "logs",
    resourceUri: `${place}/Microsoft.ContainerService/managedClusters/sample`,
    workspaceId: `${place}/Microsoft.OperationalInsights/workspaces/sample`,
    logs: [log("kube-audit-admin"), log("guard"), log("kube-apiserver")],
} as const;

const setting = (change: Mapping = {}): Resource =>
    cloudResource("azure-native:monitor:DiagnosticSetting", merge(compliantSetting, change));
const workspace = (change: Mapping = {}): Resource =>
    cloudResource(
        "azure-native:operationalinsights:Workspace",
        merge({ workspaceName: "sample", retentionInDays: 365 }, change),
    );

const withSetting = (change: Mapping): Sample => sampleOf(cluster(), setting(change), workspace());

const failing: readonly FailingSample[] = [
    { sample: sampleOf(cluster()), problem: "is without a DiagnosticSetting for the log kube-audit" },
    {
        sample: withSetting({ resourceUri: `${place}/Microsoft.KeyVault/vaults/sample` }),
        problem: "is without a DiagnosticSetting for the log guard",
    },
    {
        sample: withSetting({ logs: [log("guard"), log("kube-apiserver")] }),
        problem: "is without a DiagnosticSetting for the log kube-audit",
    },
    {
        sample: withSetting({
            logs: [log("kube-audit"), { category: "guard", enabled: false }, log("kube-apiserver")],
        }),
        problem: "is without a DiagnosticSetting for the log guard",
    },
    {
        sample: withSetting({ logs: [{ categoryGroup: "audit", enabled: true }] }),
        problem: "is without a DiagnosticSetting for the log kube-apiserver",
    },
    { sample: withSetting({ workspaceId: null }), problem: "workspaceId is not set, and storageAccountId neither" },
    {
        sample: sampleOf(cluster(), setting(), workspace({ retentionInDays: 364 })),
        problem: "retentionInDays is below 365",
    },
    {
        sample: sampleOf(cluster(), setting(), workspace({ retentionInDays: null })),
        problem: "retentionInDays is not set",
    },
];

export const auditLogSamples = {
    passing: [
        sampleOf(cluster(), setting(), workspace()),
        withSetting({ logs: [{ categoryGroup: "allLogs", enabled: true }] }),
        withSetting({ workspaceId: null, storageAccountId: `${place}/Microsoft.Storage/storageAccounts/sample` }),
    ],
    failing,
} as const;
