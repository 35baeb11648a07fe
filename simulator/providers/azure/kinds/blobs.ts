import type { CloudKind, CloudView, Subject } from "../../cloud/kind";
import { isTrue, numberAt, valuesAt } from "../../cloud/values";
import type { InputIssue } from "../../protocol";
import { armKind } from "../arm";
import { updates } from "../changes";
import { guidFrom, idAt, isWithin, parentOf, sameId } from "../ids";
import { names } from "../names";
import { apiSources } from "../sources";
import { tokens } from "../tokens";
import { accountPath, apiVersion } from "./storage";

const blobService = armKind({
    path: `${accountPath}/blobServices/{blobServicesName}`,
    apiVersion,
    name: names.default,
    defaults: { blobServicesName: "default" },
    changes: [
        updates(
            apiSources.blobs,
            ...["isVersioningEnabled", "deleteRetentionPolicy", "containerDeleteRetentionPolicy", "changeFeed", "cors"],
            ...[
                "restorePolicy",
                "lastAccessTimeTrackingPolicy",
                "defaultServiceVersion",
                "automaticSnapshotPolicyEnabled",
            ],
        ),
    ],
    check: restoreIssues,
});

/** @see https://learn.microsoft.com/azure/storage/blobs/point-in-time-restore-overview */
function restoreIssues(inputs: Subject["inputs"]): InputIssue[] {
    if (!isTrue(inputs, "restorePolicy.enabled")) return [];
    const days = numberAt(inputs, "restorePolicy.days") ?? 0;
    const kept = numberAt(inputs, "deleteRetentionPolicy.days") ?? 0;
    const ready = isTrue(inputs, "isVersioningEnabled") && isTrue(inputs, "changeFeed.enabled");
    return ready && kept > days
        ? []
        : [
              {
                  property: "restorePolicy",
                  reason: "needs versioning, the change feed and a longer deleteRetentionPolicy",
              },
          ];
}

const containerPath = `${accountPath}/blobServices/default/containers/{containerName}`;

const container = armKind({
    path: containerPath,
    apiVersion,
    name: names.container,
    changes: [updates(apiSources.blobs, "metadata", "publicAccess", "enableNfsV3AllSquash", "enableNfsV3RootSquash")],
    computed: ["hasImmutabilityPolicy", "hasLegalHold", "leaseState", "etag"],
    outputs: ({ unique }) => ({
        hasImmutabilityPolicy: false,
        hasLegalHold: false,
        leaseState: "Available",
        etag: `"0x${unique.slice(0, 15).toUpperCase()}"`,
    }),
    judge: versioningIssues,
});

/** @see https://learn.microsoft.com/azure/storage/blobs/immutable-policy-configure-version-scope */
function versioningIssues({ inputs, cloud }: Subject): InputIssue[] {
    if (!isTrue(inputs, "immutableStorageWithVersioning.enabled")) return [];
    const account = parentOf(parentOf(idAt(containerPath, inputs)));
    const service = cloud.all(tokens.blobService).find(({ id }) => isWithin(account, id));
    return isTrue(service?.outputs, "isVersioningEnabled")
        ? []
        : [
              {
                  property: "immutableStorageWithVersioning",
                  reason: "needs blob versioning, which the account has not turned on yet",
              },
          ];
}

const immutability = armKind({
    path: `${containerPath}/immutabilityPolicies/{immutabilityPolicyName}`,
    apiVersion,
    name: names.default,
    defaults: { immutabilityPolicyName: "default" },
    changes: [
        updates(
            apiSources.blobs,
            ...["immutabilityPeriodSinceCreationInDays", "allowProtectedAppendWrites", "allowProtectedAppendWritesAll"],
        ),
    ],
    computed: ["state", "etag"],
    outputs: ({ unique }) => ({ state: "Unlocked", etag: `"${guidFrom(unique)}"` }),
    // https://learn.microsoft.com/azure/storage/blobs/immutable-time-based-retention-policy-overview: 1 to 146,000 days
    check: (inputs) => {
        const days = numberAt(inputs, "immutabilityPeriodSinceCreationInDays") ?? 0;
        return days >= 1 && days <= 146000
            ? []
            : [{ property: "immutabilityPeriodSinceCreationInDays", reason: `must be 1-146000, got ${days}` }];
    },
});

const managementPolicy = armKind({
    path: `${accountPath}/managementPolicies/{managementPolicyName}`,
    apiVersion,
    name: names.default,
    required: ["policy"],
    defaults: { managementPolicyName: "default" },
    changes: [updates(apiSources.storage, "policy")],
    computed: ["lastModifiedTime"],
    outputs: () => ({ lastModifiedTime: new Date().toISOString() }),
    judge: ({ inputs, cloud }) => policyIssues(inputs, cloud),
});

/** Rules about versions need versions; rules about last access need its tracking. */
function policyIssues(inputs: Subject["inputs"], cloud: CloudView): InputIssue[] {
    const service = cloud
        .all(tokens.blobService)
        .find(({ id }) => sameId(parentOf(id), parentOf(idAt(`${accountPath}/x/y`, inputs))));
    const tracked = isTrue(service?.outputs, "lastAccessTimeTrackingPolicy.enable");
    const text = JSON.stringify(valuesAt(inputs, "policy"));
    return text.includes("daysAfterLastAccessTimeGreaterThan") && !tracked
        ? [{ property: "policy", reason: "has a rule by last access, which the account's blob service does not track" }]
        : [];
}

export const blobKinds: Readonly<Record<string, CloudKind>> = {
    [tokens.blobService]: blobService,
    [tokens.container]: container,
    [tokens.immutability]: immutability,
    [tokens.managementPolicy]: managementPolicy,
};
