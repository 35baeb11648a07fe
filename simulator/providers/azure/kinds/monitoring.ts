import type { CloudKind, Subject } from "../../cloud/kind";
import { numberAt, textAt, textsAt } from "../../cloud/values";
import type { InputIssue } from "../../protocol";
import { armKind } from "../arm";
import { replaces, updates } from "../changes";
import { guidFrom, isWithin, sameId, subscriptionId } from "../ids";
import { names } from "../names";
import { regionOf } from "../regions";
import { apiSources, pages, pluginSources } from "../sources";
import { tokens } from "../tokens";
import { networkPath, networkVersion, provisioned, provisionedNames, staysInRegion } from "./network";

const group = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}";

const workspace = armKind({
    path: `${group}/providers/Microsoft.OperationalInsights/workspaces/{workspaceName}`,
    apiVersion: "2023-09-01",
    name: names.workspace,
    changes: [
        replaces(pluginSources.mutability, "location"),
        updates(
            apiSources.workspace,
            ...["retentionInDays", "sku", "features", "workspaceCapping", "tags", "publicNetworkAccessForIngestion"],
            ...["publicNetworkAccessForQuery", "forceCmkForQuery", "identity", "defaultDataCollectionRuleResourceId"],
        ),
    ],
    computed: ["customerId", "provisioningState", "createdDate", "modifiedDate"],
    outputs: ({ unique }, before) => ({
        customerId: before.customerId ?? guidFrom(unique),
        provisioningState: "Succeeded",
        createdDate: before.createdDate ?? new Date().toISOString(),
        modifiedDate: new Date().toISOString(),
    }),
    check: retentionIssues,
});

/** @see https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure */
function retentionIssues(inputs: Subject["inputs"]): InputIssue[] {
    const days = numberAt(inputs, "retentionInDays");
    if (days === undefined || (days >= 30 && days <= 730)) return [];
    return [{ property: "retentionInDays", reason: `must be 30-730, got ${days}` }];
}

const monitorWorkspace = armKind({
    path: `${group}/providers/Microsoft.Monitor/accounts/{azureMonitorWorkspaceName}`,
    apiVersion: "2023-04-03",
    changes: [
        replaces(pluginSources.mutability, "location"),
        updates(apiSources.monitorWorkspace, "tags", "publicNetworkAccess"),
    ],
    computed: ["accountId", "provisioningState", "metrics", "defaultIngestionSettings"],
    outputs: ({ unique, inputs }, before) => ({
        accountId: before.accountId ?? guidFrom(unique),
        provisioningState: "Succeeded",
        metrics: before.metrics ?? {
            internalId: `mac_${guidFrom(unique)}`,
            prometheusQueryEndpoint: `https://${String(inputs.azureMonitorWorkspaceName)}-${unique.slice(0, 4)}.${String(inputs.location)}.prometheus.monitor.azure.com`,
        },
        defaultIngestionSettings: before.defaultIngestionSettings ?? {},
    }),
});

const diagnosticSetting = armKind({
    path: "/{resourceUri}/providers/Microsoft.Insights/diagnosticSettings/{name}",
    apiVersion: "2021-05-01-preview",
    references: [{ path: "workspaceId", to: [tokens.workspace], holds: false }],
    changes: [
        updates(
            apiSources.diagnostics,
            ...["workspaceId", "storageAccountId", "eventHubAuthorizationRuleId", "eventHubName", "logs", "metrics"],
            "logAnalyticsDestinationType",
        ),
    ],
    // At most five a resource: https://learn.microsoft.com/azure/azure-monitor/platform/diagnostic-settings
    judge: ({ id, inputs, cloud }) => {
        const resource = textAt(inputs, "resourceUri") ?? "";
        const others = cloud
            .all(tokens.diagnosticSetting)
            .filter((other) => other.id !== id && sameId(textAt(other.outputs, "resourceUri") ?? "", resource));
        return [
            ...destinationIssues(inputs, cloud),
            ...(others.length < 5 ? [] : [{ property: "resourceUri", reason: "has five diagnostic settings already" }]),
        ];
    },
});

/** Of the subscription itself, for its activity log; at most five as well. */
const subscriptionSetting = armKind({
    path: "/subscriptions/{subscriptionId}/providers/Microsoft.Insights/diagnosticSettings/{name}",
    apiVersion: "2021-05-01-preview",
    references: [{ path: "workspaceId", to: [tokens.workspace], holds: false }],
    changes: [
        updates(
            apiSources.subscriptionDiagnostics,
            ...["workspaceId", "storageAccountId", "eventHubAuthorizationRuleId", "eventHubName", "logs"],
        ),
    ],
    check: (inputs) => textsAt(inputs, "logs.category").filter(isNoActivity).map(noActivity),
    judge: ({ id, inputs, cloud }) => {
        const others = cloud.all(tokens.subscriptionDiagnosticSetting).filter((other) => other.id !== id);
        return [
            ...destinationIssues(inputs, cloud),
            ...(others.length < 5
                ? []
                : [{ property: "name", reason: "is the sixth diagnostic setting of its subscription" }]),
        ];
    },
});

/** @see https://learn.microsoft.com/azure/azure-monitor/platform/activity-log-schema#categories */
const activity = [
    ...[
        "Administrative",
        "Security",
        "ServiceHealth",
        "Alert",
        "Recommendation",
        "Policy",
        "Autoscale",
        "ResourceHealth",
    ],
];
const isNoActivity = (category: string) => !activity.includes(category);
const noActivity = (category: string): InputIssue => ({
    property: "logs",
    reason: `${category} is no category of the activity log: ${activity.join(", ")}`,
});

/** Somewhere they go. An archive may be in another subscription, of which the simulated cloud knows nothing. */
function destinationIssues(inputs: Subject["inputs"], cloud: Subject["cloud"]): InputIssue[] {
    const sent = ["workspaceId", "storageAccountId", "eventHubAuthorizationRuleId"].some((to) => to in inputs);
    const archive = textAt(inputs, "storageAccountId") ?? "";
    const unknown = isWithin(subscriptionId, archive) && !cloud.find([tokens.storageAccount], "id", archive);
    return [
        ...(sent ? [] : [{ property: "workspaceId", reason: "or another destination is required" }]),
        ...(unknown ? [{ property: "storageAccountId", reason: `"${archive}" does not exist` }] : []),
    ];
}

const flowLog = armKind({
    path: `${networkPath}/networkWatchers/{networkWatcherName}/flowLogs/{flowLogName}`,
    apiVersion: networkVersion,
    name: names.network,
    required: ["targetResourceId", "storageId"],
    special: "made",
    references: [
        { path: "targetResourceId", to: [tokens.virtualNetwork, tokens.subnet], holds: false },
        { path: "storageId", to: [tokens.storageAccount], holds: false },
        {
            path: "flowAnalyticsConfiguration.networkWatcherFlowAnalyticsConfiguration.workspaceResourceId",
            to: [tokens.workspace],
            holds: false,
        },
        { path: "identity.userAssignedIdentities", to: [tokens.identity], holds: false },
    ],
    changes: [
        staysInRegion,
        updates(
            apiSources.network,
            "enabled",
            "retentionPolicy",
            "format",
            "flowAnalyticsConfiguration",
            "storageId",
            "tags",
            "identity",
        ),
    ],
    computed: [...provisionedNames, "targetResourceGuid"],
    outputs: (subject) => ({
        ...provisioned(subject),
        targetResourceGuid:
            textAt(
                subject.cloud.get(tokens.virtualNetwork, textAt(subject.inputs, "targetResourceId") ?? "")?.outputs,
                "resourceGuid",
            ) ?? "",
    }),
    check: ({ targetResourceId }) =>
        /\/networkSecurityGroups\//i.test(String(targetResourceId))
            ? [
                  {
                      property: "targetResourceId",
                      reason: `must be a network or subnet: no new flow logs of security groups (${pages.flowLogs})`,
                  },
              ]
            : [],
    judge: watcherIssues,
});

/**
 * A region's network watcher comes with its first network, in a group that Azure makes too, unless a program has its own.
 *
 * @see https://learn.microsoft.com/azure/network-watcher/network-watcher-create
 */
function watcherIssues({ inputs, cloud }: Subject): InputIssue[] {
    const region = regionOf(textAt(inputs, "location") ?? "");
    const network = cloud
        .all(tokens.virtualNetwork)
        .some(({ outputs }) => regionOf(textAt(outputs, "location") ?? "") === region);
    const group = textAt(inputs, "resourceGroupName");
    const watcher = textAt(inputs, "networkWatcherName");
    const made =
        network && group?.toLowerCase() === "networkwatcherrg" && watcher?.toLowerCase() === `networkwatcher_${region}`;
    const storage = textAt(cloud.get(tokens.storageAccount, textAt(inputs, "storageId") ?? "")?.outputs, "location");
    return [
        ...(made
            ? []
            : [
                  {
                      property: "networkWatcherName",
                      reason: `${group}/${watcher} does not exist; a region with a network has NetworkWatcherRG/NetworkWatcher_${region}`,
                  },
              ]),
        ...(storage === undefined || regionOf(storage) === region
            ? []
            : [{ property: "storageId", reason: `is in ${storage}, not in ${region}` }]),
    ];
}

export const monitoringKinds: Readonly<Record<string, CloudKind>> = {
    [tokens.workspace]: workspace,
    [tokens.monitorWorkspace]: monitorWorkspace,
    [tokens.diagnosticSetting]: diagnosticSetting,
    [tokens.subscriptionDiagnosticSetting]: subscriptionSetting,
    [tokens.flowLog]: flowLog,
};
