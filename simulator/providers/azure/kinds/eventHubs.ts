import type { CloudKind, CloudView, Subject } from "../../cloud/kind";
import { numberAt, textAt, textsAt, valuesAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import type { InputIssue } from "../../protocol";
import { armKind } from "../arm";
import { refuses, updates } from "../changes";
import { names } from "../names";
import { apiSources, pages } from "../sources";
import { tokens } from "../tokens";
import { namedKeyIssues } from "./encryption";
import { staysInRegion } from "./network";

const namespacePath =
    "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.EventHub/namespaces/{namespaceName}";
const apiVersion = "2024-01-01";

const issue = (property: string, reason: string): InputIssue[] => [{ property, reason }];

/** Processing units of the Premium tier. @see pages.eventUnits */
const units: readonly number[] = [1, 2, 4, 8, 16];

/** What a Premium namespace has room for. @see pages.eventLimits */
const limits = { topicsPerUnit: 100, partitionsPerUnit: 200, partitionsPerTopic: 100, hours: 90 * 24 } as const;

const namespace = armKind({
    path: namespacePath,
    apiVersion,
    name: names.eventNamespace,
    references: [{ path: "identity.userAssignedIdentities", to: [tokens.identity] }],
    changes: [
        staysInRegion,
        // What the body of an update may hold (`EHNamespace`).
        updates(
            apiSources.eventNamespaces,
            ...[
                "disableLocalAuth",
                "encryption",
                "identity",
                "kafkaEnabled",
                "minimumTlsVersion",
                "publicNetworkAccess",
            ],
            ...["sku.capacity", "tags"],
        ),
        refuses(pages.eventZones, "zoneRedundant"),
    ],
    computed: ["createdAt", "metricId", "provisioningState", "serviceBusEndpoint", "status"],
    outputs: ({ inputs }, before) => ({
        createdAt: before.createdAt ?? new Date().toISOString(),
        metricId: `simulated:${String(inputs.namespaceName)}`,
        provisioningState: "Succeeded",
        serviceBusEndpoint: `https://${String(inputs.namespaceName)}.servicebus.windows.net:443/`,
        status: "Active",
    }),
    check: (inputs) => {
        const capacity = numberAt(inputs, "sku.capacity") ?? 1;
        if (tierOf(inputs) !== "Premium" || units.includes(capacity)) return [];
        return issue("sku.capacity", `must be one of ${units.join(", ")}, got ${capacity} (${pages.eventUnits})`);
    },
    judge: (subject) => [...takenIssues(subject), ...sealIssues(subject)],
});

const tierOf = (inputs: Properties | undefined) => textAt(inputs, "sku.name") ?? "Standard";

function takenIssues({ id, inputs, cloud }: Subject): InputIssue[] {
    if (id !== undefined) return [];
    const other = cloud.find([tokens.eventNamespace], "name", textAt(inputs, "namespaceName") ?? "");
    return other === undefined ? [] : issue("namespaceName", `NameUnavailable: ${other.id}`);
}

/** A key of the owner's: for the better tiers, for a namespace that is still empty, and read by an identity that is the namespace's own. */
function sealIssues({ inputs, before, cloud }: Subject): InputIssue[] {
    const keys = valuesAt(inputs, "encryption.keyVaultProperties");
    if (keys.length === 0) return [];
    const own = textsAt(inputs, "identity.userAssignedIdentities");
    const isLate = before !== undefined && valuesAt(before, "encryption.keyVaultProperties").length === 0;
    const isFull = isLate && hubsIn(cloud, textAt(inputs, "namespaceName")).length > 0;
    return [
        ...(tierOf(inputs) === "Premium" ? [] : issue("encryption", `is for Premium namespaces (${pages.eventKeys})`)),
        ...(isFull ? issue("encryption", `is for a namespace that is still empty (${pages.eventKeys})`) : []),
        ...keys.flatMap((key) => {
            const reader = textAt(key, "identity.userAssignedIdentity") ?? "";
            return own.includes(reader)
                ? namedKeyIssues(cloud, "encryption", key, reader)
                : issue("encryption", `names ${reader}, which is none of the namespace's identities`);
        }),
    ];
}

function hubsIn(cloud: CloudView, name: string | undefined) {
    return cloud.all(tokens.eventHub).filter(({ outputs }) => textAt(outputs, "namespaceName") === name);
}

const hub = armKind({
    path: `${namespacePath}/eventhubs/{eventHubName}`,
    apiVersion,
    name: names.eventHub,
    changes: [
        updates(apiSources.eventHubs, "partitionCount", "retentionDescription", "status", "userMetadata"),
        refuses(pages.eventProperties, "retentionDescription.cleanupPolicy"),
    ],
    computed: ["createdAt", "partitionIds", "status"],
    outputs: ({ inputs }, before) => ({
        createdAt: before.createdAt ?? new Date().toISOString(),
        partitionIds: Array.from({ length: numberAt(inputs, "partitionCount") ?? 4 }, (_, index) => `${index}`),
        status: "Active",
    }),
    check: (inputs) => {
        const hours = numberAt(inputs, "retentionDescription.retentionTimeInHours") ?? 24;
        return hours <= limits.hours ? [] : issue("retentionDescription", `must be ${limits.hours} hours at most`);
    },
    judge: (subject) => [...partitionIssues(subject), ...roomIssues(subject)],
});

function partitionIssues({ inputs, before }: Subject): InputIssue[] {
    const [count = 0, old = 0] = [inputs, before].map((of) => numberAt(of, "partitionCount") ?? 0);
    return [
        ...(count < old ? issue("partitionCount", `cannot become fewer than ${old}, got ${count}`) : []),
        ...(count > limits.partitionsPerTopic
            ? issue("partitionCount", `must be ${limits.partitionsPerTopic} at most, got ${count}`)
            : []),
    ];
}

/** What all topics of a namespace may have together. */
function roomIssues({ id, inputs, cloud }: Subject): InputIssue[] {
    const name = textAt(inputs, "namespaceName");
    const owner = cloud.find([tokens.eventNamespace], "name", name ?? "");
    const most = numberAt(owner?.outputs, "sku.capacity") ?? 1;
    const others = hubsIn(cloud, name).filter((other) => other.id !== id);
    const partitions = [inputs, ...others.map(({ outputs }) => outputs)]
        .map((of) => numberAt(of, "partitionCount") ?? 0)
        .reduce((sum, each) => sum + each, 0);
    return [
        ...(others.length < most * limits.topicsPerUnit ? [] : issue("eventHubName", "is one too many")),
        ...(partitions <= most * limits.partitionsPerUnit
            ? []
            : issue("partitionCount", `makes ${partitions} of the namespace's ${most * limits.partitionsPerUnit}`)),
    ];
}

export const eventHubKinds: Readonly<Record<string, CloudKind>> = {
    [tokens.eventNamespace]: namespace,
    [tokens.eventHub]: hub,
};
