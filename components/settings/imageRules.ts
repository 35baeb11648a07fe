import type { Issues } from "../foundation/issues";
import type { Settings } from "./schema";

/** Refuses an image of the stack's own that comes from elsewhere than the stack says its images come from. */
export function checkImages({ tarsRag, admission }: Pick<Settings, "tarsRag" | "admission">, issues: Issues): void {
    const { registries } = admission;
    if (registries === undefined) return;
    const { registry, repository } = tarsRag.image;
    const image = `${registry}/${repository}`;
    if (registries.some((listed) => registry === listed || registry.startsWith(`${listed}/`))) return;
    issues.add(
        "tarsRag.image.registry",
        `${image} comes from "${registry}", which is not in admission.registries (${registries.join(", ")})`,
        "push the image to one of these registries, or add its registry to admission.registries",
    );
}
