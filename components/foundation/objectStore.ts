import type { Consumer } from "./consumers";
import type { Amounts, Bytes } from "./quantities";

/** Name of the namespace, of the workload in it and of its Service. */
export const objectStore = "object-store";

/** The job that makes buckets, and its pods. */
export const bucketsJob = "object-store-buckets";

/** Most servers that there may be: their names stand in the certificate. */
export const mostObjectServers = 9;

/** Host by which pods of any namespace call it. */
export const objectHost = `${objectStore}.${objectStore}.svc.cluster.local`;

/** Keys of a user's Secret, by the names that the SDKs of AWS look for in their environment. */
export const objectKeys = { access: "AWS_ACCESS_KEY_ID", secret: "AWS_SECRET_ACCESS_KEY" } as const;

/** Secret of a user, in the store's namespace. */
export const objectLogin = (user: string): string => `user-${user}`;

/** What clients sign with: they must name a region, and SeaweedFS takes what they name. */
export const objectRegion = "us-east-1";

/** What is in a bucket, and how long. */
export interface Bucket {
    /** Days after which what was written is gone; undefined where it stays. */
    readonly expireDays: number | undefined;
}

/** Who may read from and write to buckets, and where its pods are. */
export interface ObjectUser extends Consumer {
    readonly reads: readonly string[];
    readonly writes: readonly string[];
}

/** SeaweedFS in the cluster. Each server is all that there is of it: a master, which votes, a server of volumes, one of names, and one that speaks S3. */
export interface ObjectServers {
    readonly kind: "seaweedfs";
    readonly servers: number;
    /** Servers that each piece of data is on. */
    readonly copies: number;
    /** Volume of each server. */
    readonly storage: Bytes;
    /** What each server requests, and gets. */
    readonly server: Amounts;
    readonly buckets: Readonly<Record<string, Bucket>>;
    readonly users: Readonly<Record<string, ObjectUser>>;
}

export type ObjectPlace = { readonly kind: "off" } | ObjectServers;
