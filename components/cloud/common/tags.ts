import { type Labels, type Ownership, platformLabels } from "../../foundation/labels";

/**
 * Tags of everything in a cloud that takes some: the platform's labels, without the domain before a key. Azure allows no `/` in the name
 * of a tag.
 *
 * @see https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations
 */
export function platformTags(ownership: Ownership): Labels {
    const labels = Object.entries(platformLabels(ownership));
    return Object.fromEntries(labels.map(([key, value]) => [key.replace(/^.*\//, ""), value]));
}
