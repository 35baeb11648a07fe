import type * as pulumi from "@pulumi/pulumi";
import type { EnvironmentRules } from "../common/rules";

/** What a stack that keeps its data does with one kind of resource. */
interface Keeping {
    /** The engine refuses to delete or replace it until somebody takes the protection away. */
    readonly protect: boolean;
    /** When it leaves the stack after all, it stays in Azure. */
    readonly retainOnDelete: boolean;
}

const kept = { protect: true, retainOnDelete: true } as const satisfies Keeping;
const guarded = { protect: true, retainOnDelete: false } as const satisfies Keeping;
const left = { protect: false, retainOnDelete: true } as const satisfies Keeping;

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
    container: kept,
    blobService: left,
    immutability: left,
    lifecycle: left,
    encryptionIdentity: left,
    encryptionRight: left,
    /** Disks of volumes that are kept are encrypted by way of it. */
    diskEncryption: left,
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
} as const satisfies Readonly<Record<string, Keeping>>;

export type KeptKind = keyof typeof keeping;

/** Options that keep a resource of this kind, as its stack's rules say. */
export function keep(
    kind: KeptKind,
    { protection, keepsData }: Pick<EnvironmentRules, "protection" | "keepsData">,
): pulumi.CustomResourceOptions {
    const { protect, retainOnDelete } = keeping[kind];
    return { protect: protect && protection === "guarded", retainOnDelete: retainOnDelete && keepsData };
}
