/** Three numbers and perhaps a pre-release; never a range. */
export type ExactVersion = `${number}.${number}.${number}` | `${number}.${number}.${number}-${string}`;

/** Where a chart's maker publishes it. The version is exact, so that the same stack is the same tomorrow. */
export type Upstream =
    | { readonly kind: "oci"; readonly url: `oci://${string}`; readonly version: ExactVersion }
    | {
          readonly kind: "repository";
          readonly url: `https://${string}`;
          /** Name of the chart in the repository. */
          readonly chart: string;
          readonly version: ExactVersion;
      };

const istioCharts = "https://istio-release.storage.googleapis.com/charts";

/** All parts of Istio together: its images have it for their tag. */
export const istioVersion = "1.30.3";

/**
 * Every chart that the platform may use, by the name that it has here; a chart outside this table cannot be declared. Versions and
 * repositories are those that the makers' own installation pages name.
 */
export const charts = {
    /**
     * What all of Istio stands on: who checks its objects. Its definitions are left out, see `manifests`.
     *
     * @see https://github.com/istio/istio/blob/1.30.3/manifests/charts/README.md (the repository)
     */
    "istio-base": { kind: "repository", url: istioCharts, chart: "base", version: istioVersion },
    istiod: { kind: "repository", url: istioCharts, chart: "istiod", version: istioVersion },
    "istio-cni": { kind: "repository", url: istioCharts, chart: "cni", version: istioVersion },
    ztunnel: { kind: "repository", url: istioCharts, chart: "ztunnel", version: istioVersion },
} as const satisfies Readonly<Record<string, Upstream>>;
export type ChartName = keyof typeof charts;

/** Custom resource definitions as their makers publish them, each address at the tag of the version that the platform runs. */
export const manifests = {
    /**
     * The Gateway API's standard channel, in the version that Istio 1.30 is built against (go.mod of istio/istio at 1.30.3).
     *
     * @see https://gateway-api.sigs.k8s.io/guides/getting-started/introduction/
     */
    "gateway-api": {
        version: "1.5.1",
        urls: ["https://github.com/kubernetes-sigs/gateway-api/releases/download/v1.5.1/standard-install.yaml"],
    },
    /**
     * All kinds of Istio. Its base chart would make them from the same file, among its templates.
     *
     * @see https://github.com/istio/istio/blob/1.30.3/manifests/charts/base/templates/crds.yaml
     */
    istio: {
        version: istioVersion,
        urls: [
            `https://raw.githubusercontent.com/istio/istio/${istioVersion}/manifests/charts/base/files/crd-all.gen.yaml`,
        ],
    },
} as const satisfies Readonly<Record<string, Manifest>>;
export type ManifestName = keyof typeof manifests;

export interface Manifest {
    readonly version: ExactVersion;
    readonly urls: readonly `https://${string}`[];
}
