import { type ImageSources, imageReference, repositoryIn } from "../foundation/imageSources";
import { istioVersion } from "../kubernetes/chartTable";

/**
 * Where a release's images are: `global.hub` of its charts. Distroless images have no shell and no package manager, and are what the charts'
 * own profile for ambient mode takes.
 *
 * @see https://github.com/istio/istio/blob/1.30.3/common/scripts/report_build_info.sh (hub of releases)
 * @see https://github.com/istio/istio/blob/1.30.3/manifests/helm-profiles/ambient.yaml (variant)
 */
const hub = "registry.istio.io/release";
const variant = "distroless";

/** What the charts put together where they are given no whole image: the tag also tells the node agent its version. */
export function releaseIn(sources: ImageSources) {
    return { hub: repositoryIn(sources, hub), tag: istioVersion, variant };
}

/** Images of Istio, by what runs in them. @see https://github.com/istio/istio/blob/1.30.3/tools/docker.yaml */
const names = { controlPlane: "pilot", cniAgent: "install-cni", ztunnel: "ztunnel", proxy: "proxyv2" } as const;

/** The image as its chart takes it: a value with a slash is the whole reference. */
export function istioImage(name: keyof typeof names, imageSources: ImageSources): string {
    return imageReference({ repository: `${hub}/${names[name]}`, tag: `${istioVersion}-${variant}` }, imageSources);
}
