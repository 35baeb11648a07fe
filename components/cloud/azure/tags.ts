import { type Ownership, platformLabels } from "../../foundation/labels";

export type Tags = Readonly<Record<string, string>>;

/**
 * Tags of every Azure resource that takes some: the platform's labels, without the domain before a key. Azure allows no `/` in the name
 * of a tag.
 *
 * @see https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations
 */
export function tagsOf(ownership: Ownership): Tags {
    const labels = Object.entries(platformLabels(ownership));
    return Object.fromEntries(labels.map(([key, value]) => [key.replace(/^.*\//, ""), value]));
}
