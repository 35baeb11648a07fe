/** Digests of images by `repository:tag`, as a stack's lock file has them (docs/images.md). */
export type ImageDigests = ReadonlyMap<string, string>;

/** Where a stack has its images from, and what it knows of their content. */
export interface ImageSources {
    /** Registry, with a path where there is one, that stands for another: `quay.io` to `registry.example.com/quay`. */
    readonly mirrors: Readonly<Record<string, string>>;
    /** By the names that pods give the images: those in the mirror. */
    readonly digests: ImageDigests;
}

/** Registries that the platform's images are published on; a test holds them to what the policy pack trusts. */
export const publishers = [
    "docker.io",
    "ghcr.io",
    "mirror.gcr.io",
    "nvcr.io",
    "public.ecr.aws",
    "quay.io",
    "reg.kyverno.io",
    "registry.istio.io",
    "registry.k8s.io",
] as const;

/** An image as its publisher names it. */
export interface Image {
    /** With its registry. */
    readonly repository: string;
    readonly tag: string;
    /** What its publisher says that the tag stands for, where he does; a stack's lock file goes before it. */
    readonly digest?: string;
}

/** The repository from which the stack has an image, or whatever else is kept beside images in a registry. */
export function repositoryIn({ mirrors }: ImageSources, repository: string): string {
    const [registry = "", ...path] = repository.split("/");
    return [mirrors[registry] ?? registry, ...path].join("/");
}

/**
 * The image as a pod names it. With a digest the tag is only for people: the runtime takes exactly the content that was locked, whatever
 * its registry says the tag is by now (https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy).
 */
export function imageReference({ repository, tag, digest: published }: Image, sources: ImageSources): string {
    const reference = `${repositoryIn(sources, repository)}:${tag}`;
    const digest = sources.digests.get(reference) ?? published;
    return digest === undefined ? reference : `${reference}@${digest}`;
}
