import type { Labels, Ownership } from "../../foundation/labels";
import { platformTags } from "../common/tags";

/**
 * Tags of a resource: its name, as the console shows it, and whose it is. AWS has no provider-wide tags here, because a plan must show them.
 *
 * @see https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html
 */
export function tagsOf(name: string, ownership: Ownership): Labels {
    return { Name: name, ...platformTags(ownership) };
}
