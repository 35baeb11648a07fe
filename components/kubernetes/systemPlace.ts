import type { ClusterHandle } from "../cloud/contract";
import type { Copies } from "../foundation/copies";
import type { ImageSources } from "../foundation/imageSources";
import type { Ownership } from "../foundation/labels";
import type { ChartSources } from "./chart";

/** What every part of the platform that serves the others is put with: into which cluster, whose it is, where its charts come from. */
export interface SystemPlace {
    readonly cluster: ClusterHandle;
    readonly ownership: Ownership;
    /** Where images come from, and what they are locked to. */
    readonly imageSources: ImageSources;
    readonly charts: ChartSources;
    readonly copies: Copies;
}
