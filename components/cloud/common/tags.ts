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

/**
 * Tags of what operators in the cluster make in the cloud for the stack. External Secrets marks with `managed-by` what is its own, and takes that from
 * nobody else.
 *
 * @see https://github.com/external-secrets/external-secrets/blob/v2.9.0/providers/v1/aws/secretsmanager/secretsmanager.go (constructMetadataWithDefaults)
 */
export function ownerTags(ownership: Ownership): Labels {
    const { "managed-by": _, ...tags } = platformTags(ownership);
    return tags;
}
