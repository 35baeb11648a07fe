/** The parts of an image reference, with the registry and path that a container runtime takes for a short name. */
export interface ImageReference {
    /** `docker.io/library/redis` */
    readonly repository: string;
    readonly tag: string | undefined;
    readonly digest: string | undefined;
}

/** A digest of the forms that registries take: https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests */
const digestForm = /^(?:sha256:[\da-f]{64}|sha384:[\da-f]{96}|sha512:[\da-f]{128})$/;

/**
 * Take a reference apart as github.com/distribution/reference does (`normalize.go`): the first part is a registry where it has a dot or a port, or
 * is localhost; everything else is on Docker Hub, below `library` where it has one part only.
 */
export function parseImage(reference: string): ImageReference {
    const [tagged = "", ...rest] = reference.trim().split("@");
    const [digest] = rest;
    const colon = tagged.indexOf(":", tagged.lastIndexOf("/") + 1);
    const [name, tag] = colon < 0 ? [tagged, undefined] : [tagged.slice(0, colon), tagged.slice(colon + 1)];
    return {
        repository: normalised(name),
        tag,
        digest: digest !== undefined && digestForm.test(digest) ? digest : undefined,
    };
}

function normalised(name: string): string {
    const [first = "", ...others] = name.split("/");
    const isRegistry =
        others.length > 0 && (/[.:]/.test(first) || first === "localhost" || first !== first.toLowerCase());
    if (!isRegistry) return others.length === 0 ? `docker.io/library/${name}` : `docker.io/${name}`;
    const host = first === "index.docker.io" ? "docker.io" : first.toLowerCase();
    return host === "docker.io" && others.length === 1 ? `docker.io/library/${others[0]}` : [host, ...others].join("/");
}
