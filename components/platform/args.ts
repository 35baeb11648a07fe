import type * as pulumi from "@pulumi/pulumi";
import type {
    ClusterHandle,
    CreateCache,
    CreateHubs,
    CreatePostgres,
    CreateStreaming,
    Ground,
} from "../cloud/contract";
import type { ImageDigests, ImageSources } from "../foundation/imageSources";
import type { SystemPlace } from "../kubernetes/systemPlace";
import type { Settings } from "../settings/schema";

export interface PlatformArgs {
    readonly settings: Settings;
    readonly digests: ImageDigests;
    readonly cluster: ClusterHandle;
    readonly ground: Ground | undefined;
    readonly createPostgres: CreatePostgres | undefined;
    readonly createCache: CreateCache | undefined;
    readonly createStreaming: CreateStreaming | undefined;
    readonly createHubs: CreateHubs | undefined;
}

/** Options of a stage of the platform: whose it is, and what must be there before it. */
export type Stage = pulumi.ComponentResourceOptions;

/** What every part of the platform that serves the others is put with. */
export function systemPlace(args: PlatformArgs): SystemPlace {
    const { ownership, charts, copies } = args.settings;
    return { cluster: args.cluster, imageSources: imageSourcesOf(args), ownership, charts, copies };
}

export function imageSourcesOf({ settings, digests }: PlatformArgs): ImageSources {
    return { mirrors: settings.supplyChain.mirrors, digests };
}
