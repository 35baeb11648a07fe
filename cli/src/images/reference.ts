/** An image as a registry knows it. */
export interface ImageReference {
    /** Host, with its port where it has one. */
    readonly registry: string;
    readonly repository: string;
    readonly tag: string;
}

/** Docker Hub is called `docker.io` by people and answers elsewhere (https://github.com/distribution/reference, normalize.go). */
const hub = { name: "docker.io", host: "registry-1.docker.io" } as const;

/**
 * Takes `repository:tag` apart as container runtimes do: what comes before the first slash is a registry where it looks like a host, and
 * everything else is on Docker Hub.
 *
 * @returns undefined for an image without an exact tag
 */
export function readReference(image: string): ImageReference | undefined {
    const [, name = "", tag = ""] = /^([^@\s]+):([\w][\w.-]{0,127})$/.exec(image) ?? [];
    if (name === "" || tag === "latest") return undefined;
    const [first = "", ...rest] = name.split("/");
    const isHost = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
    if (isHost && first !== hub.name) return { registry: first, repository: rest.join("/"), tag };
    const repository = isHost ? rest.join("/") : name;
    return { registry: hub.host, repository: repository.includes("/") ? repository : `library/${repository}`, tag };
}

/** Names under which Docker's own settings know a registry. */
export function loginNames(registry: string): readonly string[] {
    const own = [registry, `https://${registry}`];
    return registry === hub.host ? ["https://index.docker.io/v1/", hub.name, ...own] : own;
}
