/** Digests of images by `repository:tag`, as a stack's lock file has them (docs/images.md). */
export type ImageDigests = ReadonlyMap<string, string>;

/**
 * The image as a pod names it. With a digest the tag is only for people: the runtime takes exactly the content that was locked, whatever
 * its registry says the tag is by now (https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy).
 */
export function imageReference(
    image: { readonly repository: string; readonly tag: string },
    digests: ImageDigests,
): string {
    const reference = `${image.repository}:${image.tag}`;
    const digest = digests.get(reference);
    return digest === undefined ? reference : `${reference}@${digest}`;
}
