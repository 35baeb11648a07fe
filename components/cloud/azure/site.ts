import type { ResourceGroup } from "@pulumi/azure-native/resources";
import type { Labels } from "../../foundation/labels";
import type { Exposure } from "../../settings/edge";
import type { Naming } from "./names";
import type { AzureRules } from "./rules";

/** Where everything of one stack stands, and what it is called and marked with. */
export interface Site {
    readonly subscription: string;
    readonly tenant: string;
    readonly region: string;
    readonly zones: readonly string[];
    readonly exposure: Exposure;
    readonly group: ResourceGroup;
    readonly naming: Naming;
    /** Ends names that are shared with all of Azure. */
    readonly suffix: string;
    readonly tags: Labels;
    readonly rules: AzureRules;
}

/** What nearly every resource of a site is given. */
export function placeOf({ group, region, tags }: Site) {
    return { resourceGroupName: group.name, location: region, tags };
}
