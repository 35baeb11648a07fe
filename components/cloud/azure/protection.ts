import { guarded, type Keeping, keepBy, kept, left } from "../common/protection";

/**
 * Kinds that hold data or that data depends on. What is not here is made again from the program, and goes with the stack.
 *
 * Deleting a resource group deletes whatever is in it, retained or not, so the group stays with what it holds. Blobs and disks are
 * unreadable without their key, the vault of the key, the identity that reads the key and its right to: those stay too.
 */
export const keeping = {
    resourceGroup: kept,
    vault: kept,
    key: kept,
    dataStorage: kept,
    /** Records of the network cannot be changed for their time, so Azure refuses to delete the account with them. */
    flowStorage: kept,
    container: kept,
    blobService: left,
    immutability: left,
    lifecycle: left,
    encryptionIdentity: left,
    encryptionRight: left,
    /** Azure takes no last snapshot of a server that is deleted; what is in it, and how it works, goes with it or stays with it. */
    database: kept,
    databaseContent: left,
    /** Event Hubs copies nothing elsewhere: what is in a topic goes with it, and every topic with its namespace. */
    eventNamespace: kept,
    eventHub: kept,
    /** Disks of volumes that are kept are encrypted by way of it. */
    diskEncryption: kept,
    /** Audit records outlive what they tell of. */
    workspace: kept,
    /** A zone that is made anew gets other name servers, and the domain's owner would have to delegate again. */
    dnsZone: kept,
    /** Images are pushed again from their sources; until then nothing starts. */
    registry: guarded,
    cluster: guarded,
    /** A destroy that is refused deletes what is not protected: without this provider the next one could not read the cluster any more. */
    clusterProvider: guarded,
    virtualNetwork: guarded,
    /** The way in: without it nobody comes to the platform. */
    applicationGateway: guarded,
    /** Names in zones of others may lead to it, and nobody gets the same one again. */
    callersAddress: guarded,
} as const satisfies Readonly<Record<string, Keeping>>;

export type KeptKind = keyof typeof keeping;

/** Options that keep a resource of this kind, as its stack's rules say. */
export const keep = keepBy(keeping);
