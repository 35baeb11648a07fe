import type * as pulumi from "@pulumi/pulumi";
import type { ClusterHandle, Ground } from "../cloud/contract";
import type { ImageDigests } from "../foundation/imageDigests";
import type { SystemPlace } from "../kubernetes/systemPlace";
import type { Settings } from "../settings/schema";

export interface PlatformArgs {
    readonly settings: Settings;
    readonly digests: ImageDigests;
    readonly cluster: ClusterHandle;
    readonly ground: Ground | undefined;
}

/** Options of a stage of the platform: whose it is, and what must be there before it. */
export type Stage = pulumi.ComponentResourceOptions;

/** What every part of the platform that serves the others is put with. */
export function systemPlace({ cluster, digests, settings }: PlatformArgs): SystemPlace {
    const { ownership, charts, copies } = settings;
    return { cluster, digests, ownership, charts, copies };
}
