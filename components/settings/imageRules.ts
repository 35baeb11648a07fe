import type { Issues } from "../foundation/issues";
import type { Settings } from "./schema";

/** Refuses an image of the stack's own that comes from elsewhere than the stack says its images come from. */
export function checkImages({ tarsRag, data, admission }: Asked, issues: Issues): void {
    checkImage("tarsRag", tarsRag.image, admission, issues);
    if (data.vectors.kind === "qdrant") checkImage("data.vectors.api", data.vectors.api.image, admission, issues);
}

type Asked = Pick<Settings, "tarsRag" | "admission"> & { readonly data: Pick<Settings["data"], "vectors"> };

function checkImage(
    of: string,
    { registry, repository }: Settings["tarsRag"]["image"],
    { registries }: Settings["admission"],
    issues: Issues,
): void {
    if (registries === undefined) return;
    const image = `${registry}/${repository}`;
    if (registries.some((listed) => registry === listed || registry.startsWith(`${listed}/`))) return;
    issues.add(
        `${of}.image.registry`,
        `${image} comes from "${registry}", which is not in admission.registries (${registries.join(", ")})`,
        "push the image to one of these registries, or add its registry to admission.registries",
    );
}
