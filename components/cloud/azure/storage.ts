import {
    BlobContainer,
    BlobContainerImmutabilityPolicy,
    BlobServiceProperties,
    ManagementPolicy,
    type StorageAccount,
} from "@pulumi/azure-native/storage";
import * as pulumi from "@pulumi/pulumi";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import type { BackupStore, StorePurpose } from "../contract";
import { createEndpoint, type EndpointPlace } from "./endpoints";
import { type Logs, sendLogs } from "./logs";
import { createNetworkLogs } from "./networkLogs";
import { keep } from "./protection";
import { reachOf, type Secrets } from "./secrets";
import type { AzureSettings } from "./settings";
import type { Site } from "./site";
import { createAccount } from "./storageAccount";

export interface StoresArgs extends EndpointPlace {
    readonly logs: Logs;
    readonly secrets: Secrets;
    /** Days that nobody can change or delete a backup for. */
    readonly backupDays: number;
    /** Days that records of what flowed in the network are kept. */
    readonly retentionDays: number;
}

/** The object stores, which only the network reaches and only by identity, and an account for the logs of the network. */
export class Stores extends TarsComponent {
    readonly account: StorageAccount;
    readonly containers: Readonly<Record<StorePurpose, BlobContainer>>;
    readonly networkLogs: StorageAccount;

    constructor(
        name: string,
        args: StoresArgs,
        opts: pulumi.ComponentResourceOptions & Pick<ChildOptions, "provider">,
    ) {
        super("cloud", "Stores", name, opts);
        const child = { parent: this, provider: opts.provider };
        const { site, secrets, logs } = args;
        this.account = createAccount(name, { site, secrets, purpose: "data" }, child);
        const service = keepVersions(name, site, this.account, child);
        this.containers = createContainers(name, args, { account: this.account, service }, child);
        createEndpoint(`${name}-endpoint`, args, { service: "blob", id: this.account.id }, child);
        sendLogs(name, logs, { id: blobsOf(this.account), logs: [{ categoryGroup: "audit" }] }, child);
        this.networkLogs = createNetworkLogs(`${name}-network-logs`, args, child);
        this.registerOutputs({ account: this.account.id });
    }
}

/** Blobs are told about by the service within the account, not by the account. */
function blobsOf(account: StorageAccount): pulumi.Output<string> {
    return account.id.apply((id) => `${id}/blobServices/default`);
}

interface Account {
    readonly account: StorageAccount;
    readonly service: BlobServiceProperties;
}

function keepVersions(name: string, { group, rules }: Site, account: StorageAccount, child: ChildOptions) {
    return new BlobServiceProperties(
        `${name}-versions`,
        {
            resourceGroupName: group.name,
            accountName: account.name,
            blobServicesName: "default",
            isVersioningEnabled: true,
            changeFeed: { enabled: true, retentionInDays: 30 },
            deleteRetentionPolicy: { enabled: true, days: 30 },
            containerDeleteRetentionPolicy: { enabled: true, days: 30 },
        },
        { ...child, ...keep("blobService", rules) },
    );
}

function createContainers(
    name: string,
    { site, backupDays }: StoresArgs,
    { account, service }: Account,
    child: ChildOptions,
): Readonly<Record<StorePurpose, BlobContainer>> {
    const { group, rules } = site;
    const place = { resourceGroupName: group.name, accountName: account.name };
    const create = (purpose: StorePurpose, isLocked: boolean) =>
        new BlobContainer(
            `${name}-${purpose}`,
            { ...place, containerName: purpose, publicAccess: "None", ...(isLocked ? lockedByVersion : {}) },
            { ...child, ...keep("container", rules), dependsOn: [service] },
        );
    const containers = { data: create("data", false), backups: create("backups", true) };
    new BlobContainerImmutabilityPolicy(
        `${name}-backups-immutable`,
        {
            ...place,
            containerName: containers.backups.name,
            immutabilityPolicyName: "default",
            immutabilityPeriodSinceCreationInDays: backupDays,
            allowProtectedAppendWrites: false,
        },
        { ...child, ...keep("immutability", rules) },
    );
    createLifecycle(name, site, { place, service, backupDays }, child);
    return containers;
}

/**
 * Each version is locked, and a blob may have another: whoever makes backups writes what he says of one again when it is done. Where the container as a
 * whole is locked, no backup ever is.
 *
 * @see https://velero.io/docs/v1.18/backup-reference/ (Cannot support backup data immutability)
 * @see https://learn.microsoft.com/azure/storage/blobs/immutable-version-level-worm-policies
 */
const lockedByVersion = { immutableStorageWithVersioning: { enabled: true } } as const;

/** The container of backups as the operator in the cluster must know it: by its account's own host, so that nobody asks Azure for it. */
export function backupStoreOf({ network }: AzureSettings, { account, containers }: Stores): BackupStore {
    const storageAccountURI = account.primaryEndpoints.apply(({ blob }) => blob);
    return {
        provider: "azure",
        bucket: containers.backups.name,
        // Azure writes the slash at the end of the first.
        url: pulumi.interpolate`${storageAccountURI}${containers.backups.name}`,
        login: { azureCredentials: { useDefaultAzureCredentials: true } },
        s3: undefined,
        config: { storageAccount: account.name, storageAccountURI, useAAD: "true" },
        reach: reachOf(network),
    };
}

/**
 * What nobody changes gets cheaper with time: of data alone. Backups stay as fast to read as they were, since a cold one costs to restore. Old versions
 * go of both: of backups, which go by whoever makes them, once no lock holds them.
 */
function createLifecycle(
    name: string,
    { rules }: Site,
    {
        place,
        service,
        backupDays,
    }: Pick<StoresArgs, "backupDays"> & {
        readonly place: { resourceGroupName: pulumi.Input<string>; accountName: pulumi.Input<string> };
    } & Pick<Account, "service">,
    child: ChildOptions,
): void {
    const after = (days: number) => ({ daysAfterModificationGreaterThan: days });
    const forget = (rule: string, container: string, days: number) => ({
        name: rule,
        type: "Lifecycle",
        enabled: true,
        definition: {
            filters: { blobTypes: ["blockBlob"], prefixMatch: [`${container}/`] },
            actions: { version: { delete: { daysAfterCreationGreaterThan: days } } },
        },
    });
    new ManagementPolicy(
        `${name}-lifecycle`,
        {
            ...place,
            managementPolicyName: "default",
            policy: {
                rules: [
                    {
                        name: "tiers",
                        type: "Lifecycle",
                        enabled: true,
                        definition: {
                            filters: { blobTypes: ["blockBlob"], prefixMatch: ["data/"] },
                            actions: { baseBlob: { tierToCool: after(30), tierToCold: after(90) } },
                        },
                    },
                    forget("versions", "data", 90),
                    forget("backup-versions", "backups", backupDays),
                ],
            },
        },
        { ...child, ...keep("lifecycle", rules), dependsOn: [service] },
    );
}
