import {
    BlobContainer,
    BlobContainerImmutabilityPolicy,
    BlobServiceProperties,
    ManagementPolicy,
    type StorageAccount,
} from "@pulumi/azure-native/storage";
import type * as pulumi from "@pulumi/pulumi";
import type { ChildOptions } from "../../foundation/component";
import { createEndpoint, type EndpointPlace } from "./endpoints";
import { keep } from "./protection";
import type { Secrets } from "./secrets";
import type { Site } from "./site";
import { createAccount } from "./storageAccount";

export interface NetworkLogsArgs extends EndpointPlace {
    readonly secrets: Secrets;
    readonly retentionDays: number;
}

/**
 * What Azure writes flows to. It would make the container itself, but one in which whatever is written can be changed.
 *
 * @see https://learn.microsoft.com/azure/network-watcher/vnet-flow-logs-overview
 */
const containerName = "insights-logs-flowlogflowevent";

/** Azure's own cleaning of flow logs goes up to a year. */
export function flowLogDays(retentionDays: number): number {
    return Math.min(retentionDays, 365);
}

/** The account for records of what flowed in the network: what is written stays as it was, although Azure writes each hour's blob anew. */
export function createNetworkLogs(name: string, args: NetworkLogsArgs, child: ChildOptions): StorageAccount {
    const { site, secrets } = args;
    const account = createAccount(name, { site, secrets, purpose: "flows" }, child);
    const place = { resourceGroupName: site.group.name, accountName: account.name };
    createVersions(name, { site, place, days: flowLogDays(args.retentionDays) }, child);
    createEndpoint(`${name}-endpoint`, args, { service: "blob", id: account.id, words: ["flows"] }, child);
    return account;
}

interface Versions {
    readonly site: Site;
    readonly place: { readonly resourceGroupName: pulumi.Input<string>; readonly accountName: pulumi.Input<string> };
    readonly days: number;
}

function createVersions(name: string, { site, place, days }: Versions, { parent, provider }: ChildOptions): void {
    const child = { parent, provider };
    const kept = { enabled: true, days: 30 } as const;
    const service = new BlobServiceProperties(
        `${name}-versions`,
        {
            ...place,
            blobServicesName: "default",
            isVersioningEnabled: true,
            deleteRetentionPolicy: kept,
            containerDeleteRetentionPolicy: kept,
        },
        { ...child, ...keep("blobService", site.rules) },
    );
    const container = new BlobContainer(
        `${name}-flows`,
        { ...place, containerName, publicAccess: "None", immutableStorageWithVersioning: { enabled: true } },
        { ...child, ...keep("container", site.rules), dependsOn: [service] },
    );
    new BlobContainerImmutabilityPolicy(
        `${name}-flows-immutable`,
        {
            ...place,
            containerName: container.name,
            immutabilityPolicyName: "default",
            immutabilityPeriodSinceCreationInDays: days,
        },
        { ...child, ...keep("immutability", site.rules) },
    );
    createLifecycle(name, { site, place, days }, { ...child, ...keep("lifecycle", site.rules), dependsOn: [service] });
}

/** Azure deletes blobs of flows after their days; their versions go then as well. */
function createLifecycle(name: string, { place, days }: Versions, child: pulumi.CustomResourceOptions): void {
    const definition = {
        filters: { blobTypes: ["blockBlob"], prefixMatch: [`${containerName}/`] },
        actions: { version: { delete: { daysAfterCreationGreaterThan: days } } },
    };
    new ManagementPolicy(
        `${name}-lifecycle`,
        {
            ...place,
            managementPolicyName: "default",
            policy: { rules: [{ name: "versions", type: "Lifecycle", enabled: true, definition }] },
        },
        child,
    );
}
