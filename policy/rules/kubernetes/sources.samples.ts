import type { FailingSample, Sample } from "../../rule";
import { cloudResource, kubernetesResource, sampleOf } from "../../samples";

type Mapping = Readonly<Record<string, unknown>>;

/** A resource of the Kubernetes provider that makes others. */
export function made(module: string, kind: string, inputs: Mapping): Sample {
    return sampleOf(cloudResource(`kubernetes:${module}:${kind}`, inputs));
}

/** A chart of a repository, in an exact version. */
export function chart(change: Mapping = {}, module = "helm.sh/v4"): Sample {
    const repositoryOpts = { repo: "https://charts.example.com" };
    return made(module, "Chart", { chart: "redis", version: "1.2.3", repositoryOpts, ...change });
}

/** An object of Argo CD or Flux. */
export function delivered(module: string, kind: string, spec: Mapping): Sample {
    return sampleOf(kubernetesResource(module, kind, { metadata: { name: "app", namespace: "delivery" }, spec }));
}

export function application(source: Mapping): Sample {
    const repository = { repoURL: "https://git.example.com/app.git", ...source };
    return delivered("argoproj.io/v1alpha1", "Application", { source: repository });
}

const commit = "47182b000281746209f8b2ecb63b69dd4e02876b";
const flux = "source.toolkit.fluxcd.io/v1";

export const passingSources: readonly Sample[] = [
    chart(),
    chart({ chart: "oci://registry.example.com/charts/redis", version: "v1.2.3-rc.1", repositoryOpts: {} }),
    chart({ chart: "oci://registry.example.com/charts/redis:1.2.3", version: undefined, repositoryOpts: {} }),
    chart({ chart: "./charts/redis", version: undefined, repositoryOpts: {} }),
    made("yaml/v2", "ConfigFile", { file: "manifests/crds.yaml" }),
    made("yaml/v2", "ConfigFile", { file: "https://git.example.com/team/app/releases/download/v1.2.3/crds.yaml" }),
    made("yaml/v2", "ConfigGroup", { files: [`https://raw.example.com/team/app/${commit}/crds.yaml`] }),
    made("kustomize/v2", "Directory", { directory: "./overlays/dev" }),
    made("kustomize/v2", "Directory", { directory: `https://git.example.com/app//base?ref=${commit}` }),
    application({ targetRevision: commit }),
    application({ targetRevision: "app-1.2.3" }),
    application({ chart: "redis", targetRevision: "1.2.3" }),
    delivered(flux, "GitRepository", { url: "https://git.example.com/a.git", ref: { branch: "main", commit } }),
    delivered(flux, "OCIRepository", { url: "oci://registry.example.com/a", ref: { tag: "1.2.3" } }),
    delivered("helm.toolkit.fluxcd.io/v2", "HelmRelease", { chartRef: { kind: "OCIRepository", name: "a" } }),
];

const floating = "is no exact version";
const moving = "is a ref that moves";
const insecure = "loads over http";
const remote = "is loaded from an address";
const unversioned = "is loaded from an address that names no version";
const https = "https://git.example.com/a.git";

export const failingSources: readonly FailingSample[] = [
    { sample: chart({ version: undefined }), problem: "version is not set, which means the latest" },
    { sample: chart({ version: "1.2" }), problem: floating },
    { sample: chart({ version: "^1.2.3" }), problem: floating },
    { sample: chart({ version: "1.x.x" }, "helm.sh/v3"), problem: floating },
    { sample: made("helm.sh/v3", "Release", { chart: "bitnami/redis" }), problem: "which means the latest" },
    { sample: chart({ devel: true }), problem: "takes development versions" },
    { sample: chart({ plainHttp: true }), problem: "plainHttp loads over http" },
    { sample: chart({ repositoryOpts: { repo: "http://charts.example.com" } }), problem: "repo loads over http" },
    { sample: chart({ chart: "https://charts.example.com/redis.tgz" }), problem: remote },
    {
        sample: chart({ chart: "oci://registry.example.com/redis:latest", version: undefined }),
        problem: "which means the latest",
    },
    { sample: made("yaml/v2", "ConfigFile", { file: "https://example.com/crds.yaml" }), problem: unversioned },
    { sample: made("yaml/v2", "ConfigFile", { file: "https://example.com/main/a.yaml?v1.2.3" }), problem: unversioned },
    { sample: made("yaml", "ConfigFile", { file: "http://example.com/crds.yaml" }), problem: insecure },
    { sample: made("yaml/v2", "ConfigGroup", { files: ["https://example.com/a.yaml"] }), problem: unversioned },
    {
        sample: made("kustomize/v2", "Directory", { directory: "https://git.example.com/app//base?ref=main" }),
        problem: "is a repository at a ref that moves",
    },
    {
        sample: made("kustomize", "Directory", { directory: "github.com/team/app//base" }),
        problem: "is a repository at a ref that moves",
    },
    { sample: application({ targetRevision: "HEAD" }), problem: moving },
    { sample: application({ targetRevision: "47182b0" }), problem: moving },
    { sample: application({}), problem: "targetRevision is not set, which means a branch" },
    { sample: application({ chart: "redis", targetRevision: "1.*" }), problem: floating },
    { sample: application({ repoURL: "http://git.example.com/a.git", targetRevision: commit }), problem: insecure },
    {
        sample: delivered("argoproj.io/v1alpha1", "Application", {
            sources: [{ repoURL: https, targetRevision: "main" }],
        }),
        problem: "sources[0].targetRevision is a ref that moves",
    },
    {
        sample: delivered("argoproj.io/v1alpha1", "ApplicationSet", {
            generators: [{ matrix: { generators: [{ git: { repoURL: https, revision: "main" } }] } }],
        }),
        problem: "git.revision is a ref that moves",
    },
    {
        sample: delivered(flux, "GitRepository", { url: https, ref: { branch: "main" } }),
        problem: "which means a branch",
    },
    { sample: delivered(flux, "GitRepository", { url: https, ref: { semver: ">=1.0.0" } }), problem: floating },
    { sample: delivered(flux, "GitRepository", { url: https, ref: { name: "refs/heads/main" } }), problem: moving },
    { sample: delivered(flux, "OCIRepository", { url: "oci://example.com/a" }), problem: "which means the latest" },
    { sample: delivered(flux, "HelmChart", { chart: "redis", version: "*" }), problem: floating },
    { sample: delivered(flux, "HelmRepository", { url: "http://charts.example.com" }), problem: insecure },
    { sample: delivered(flux, "Bucket", { bucketName: "a", insecure: true }), problem: insecure },
    {
        sample: delivered("helm.toolkit.fluxcd.io/v2", "HelmRelease", { chart: { spec: { chart: "redis" } } }),
        problem: "which means the latest",
    },
];
