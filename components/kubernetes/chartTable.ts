import { altinityAddresses } from "./altinityAddresses";
import { barmanCloudAddresses, cloudNativePgAddresses } from "./postgresAddresses";
import { redisOperatorAddresses } from "./redisAddresses";
import { strimziAddresses } from "./strimziAddresses";
import { kyvernoAddresses, tetragonAddresses, trivyOperatorAddresses } from "./supplyChainAddresses";
import { veleroAddresses } from "./veleroAddresses";

/** Three numbers and perhaps a pre-release; never a range. A registry finds a chart by its tag alone, so a `v` is there where its maker writes one. */
export type ExactVersion = Numbers | `${Numbers}-${string}` | `v${Numbers}`;
type Numbers = `${number}.${number}.${number}`;

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
    /** helm/aws-load-balancer-controller/Chart.yaml and docs/deploy/installation.md of kubernetes-sigs/aws-load-balancer-controller at v3.5.0. */
    "aws-load-balancer-controller": {
        kind: "repository",
        url: "https://aws.github.io/eks-charts",
        chart: "aws-load-balancer-controller",
        version: "3.5.0",
    },
    /**
     * External Secrets Operator. Its chart is cut a day after the program, at the tag helm-chart-2.9.0; at v2.9.0 the same folder still calls
     * itself 2.8.0.
     *
     * @see https://github.com/external-secrets/external-secrets/blob/helm-chart-2.9.0/docs/introduction/getting-started.md
     */
    "external-secrets": {
        kind: "repository",
        url: "https://charts.external-secrets.io",
        chart: "external-secrets",
        version: "2.9.0",
    },
    /** deploy/charts/cert-manager and make/manifests.mk (which writes the version) of cert-manager/cert-manager at v1.21.1; docs/certificates.md. */
    "cert-manager": { kind: "oci", url: "oci://quay.io/jetstack/charts/cert-manager", version: "v1.21.1" },
    /**
     * What all of Istio stands on: who checks its objects. Its definitions are left out, see `manifests`.
     *
     * @see https://github.com/istio/istio/blob/1.30.3/manifests/charts/README.md (the repository)
     */
    "istio-base": { kind: "repository", url: istioCharts, chart: "base", version: istioVersion },
    istiod: { kind: "repository", url: istioCharts, chart: "istiod", version: istioVersion },
    "istio-cni": { kind: "repository", url: istioCharts, chart: "cni", version: istioVersion },
    ztunnel: { kind: "repository", url: istioCharts, chart: "ztunnel", version: istioVersion },
    /** Writes records of hosts. Repository: docs/tutorials/aws.md of kubernetes-sigs/external-dns at v0.21.0; charts/external-dns/Chart.yaml at external-dns-helm-chart-1.21.1. */
    "external-dns": {
        kind: "repository",
        url: "https://kubernetes-sigs.github.io/external-dns/",
        chart: "external-dns",
        version: "1.21.1",
    },
    /** Checks signatures of images. Repository: charts/kyverno/README.md of kyverno/kyverno at v1.19.0. */
    kyverno: { kind: "repository", url: "https://kyverno.github.io/kyverno", chart: "kyverno", version: "3.9.0" },
    /** Finds vulnerabilities in what runs. Repository: docs/getting-started/installation/helm.md of aquasecurity/trivy-operator at v0.32.0. */
    "trivy-operator": {
        kind: "repository",
        url: "https://aquasecurity.github.io/helm-charts",
        chart: "trivy-operator",
        version: "0.34.0",
    },
    /** Watches what containers do. Repository: docs/content/en/docs/installation/kubernetes.md of cilium/tetragon at v1.7.0. */
    tetragon: { kind: "repository", url: "https://helm.cilium.io", chart: "tetragon", version: "1.7.0" },
    /** Backs the cluster up. Repository: charts/velero/README.md of vmware-tanzu/helm-charts; version: its Chart.yaml of June 2026, for Velero 1.18.1. */
    velero: {
        kind: "repository",
        url: "https://vmware-tanzu.github.io/helm-charts",
        chart: "velero",
        version: "12.1.0",
    },
    /** Runs PostgreSQL. Repository and version: README.md and charts/cloudnative-pg/Chart.yaml of cloudnative-pg/charts at cloudnative-pg-v0.29.0. */
    "cloudnative-pg": {
        kind: "repository",
        url: "https://cloudnative-pg.github.io/charts",
        chart: "cloudnative-pg",
        version: "0.29.0",
    },
    /** Brings what that PostgreSQL writes to an object store. The same at plugin-barman-cloud-v0.7.0, charts/plugin-barman-cloud. */
    "plugin-barman-cloud": {
        kind: "repository",
        url: "https://cloudnative-pg.github.io/charts",
        chart: "plugin-barman-cloud",
        version: "0.7.0",
    },
    /**
     * Runs Redis. Repository: charts/redis-operator/README.md of OT-CONTAINER-KIT/redis-operator at v0.26.0; version: its Chart.yaml at 0bc34813 of August
     * 2026, which is for that program. At the tag v0.26.0 itself the chart still calls itself 0.25.0.
     */
    "redis-operator": {
        kind: "repository",
        url: "https://ot-container-kit.github.io/helm-charts/",
        chart: "redis-operator",
        version: "0.26.1",
    },
    /** Runs Kafka. Registry: packaging/helm-charts/helm3/strimzi-kafka-operator/README.md of strimzi/strimzi-kafka-operator at 1.2.0. */
    "strimzi-kafka-operator": {
        kind: "oci",
        url: "oci://quay.io/strimzi-helm/strimzi-kafka-operator",
        version: "1.2.0",
    },
    /** Runs Elasticsearch. Repository: deploy/eck-operator/README.md of elastic/cloud-on-k8s at v3.5.0; version: its Chart.yaml. */
    "eck-operator": {
        kind: "repository",
        url: "https://helm.elastic.co",
        chart: "eck-operator",
        version: "3.5.0",
    },
    /** Runs ClickHouse and Keeper. Repository: deploy/helm/clickhouse-operator/README.md of Altinity/clickhouse-operator at release-0.25.6. */
    "altinity-clickhouse-operator": {
        kind: "repository",
        url: "https://helm.altinity.com",
        chart: "altinity-clickhouse-operator",
        version: "0.25.6",
    },
    /** A gateway in Istio's place. Registry: charts/nginx-gateway-fabric/README.md of nginx/nginx-gateway-fabric at v2.6.7. */
    "nginx-gateway-fabric": {
        kind: "oci",
        url: "oci://ghcr.io/nginx/charts/nginx-gateway-fabric",
        version: "2.6.7",
    },
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
     * The kinds of the controller, as its chart has them; those for the Gateway API, which it does not serve here, are in a file of their own.
     *
     * @see https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/v3.5.0/docs/deploy/installation.md
     */
    "aws-load-balancer-controller": {
        version: "3.5.0",
        urls: [
            "https://raw.githubusercontent.com/kubernetes-sigs/aws-load-balancer-controller/v3.5.0/helm/aws-load-balancer-controller/crds/crds.yaml",
        ],
    },
    /**
     * The 25 kinds of External Secrets, as the guide has them installed apart from the chart.
     *
     * @see https://github.com/external-secrets/external-secrets/blob/v2.9.0/docs/introduction/getting-started.md
     */
    "external-secrets": {
        version: "2.9.0",
        urls: ["https://raw.githubusercontent.com/external-secrets/external-secrets/v2.9.0/deploy/crds/bundle.yaml"],
    },
    /** The six kinds of cert-manager, built from the chart with its defaults (`crds.keep`): make/manifests.mk of cert-manager/cert-manager at v1.21.1. */
    "cert-manager": {
        version: "1.21.1",
        asksToStay: true,
        urls: ["https://github.com/cert-manager/cert-manager/releases/download/v1.21.1/cert-manager.crds.yaml"],
    },
    /**
     * All kinds of Istio. Its base chart would make them from the same file, among its templates.
     *
     * @see https://github.com/istio/istio/blob/1.30.3/manifests/charts/base/templates/crds.yaml
     */
    istio: {
        version: istioVersion,
        asksToStay: true,
        urls: [
            `https://raw.githubusercontent.com/istio/istio/${istioVersion}/manifests/charts/base/files/crd-all.gen.yaml`,
        ],
    },
    kyverno: { version: "1.19.0", urls: kyvernoAddresses },
    "trivy-operator": { version: "0.32.0", urls: trivyOperatorAddresses },
    tetragon: { version: "1.7.0", urls: tetragonAddresses },
    velero: { version: "1.18.1", urls: veleroAddresses },
    "cloudnative-pg": { version: "1.30.0", urls: cloudNativePgAddresses },
    "plugin-barman-cloud": { version: "0.13.0", urls: barmanCloudAddresses },
    "redis-operator": { version: "0.26.0", urls: redisOperatorAddresses },
    "strimzi-kafka-operator": { version: "1.2.0", urls: strimziAddresses },
    /** All kinds of ECK, as the chart that goes with the operator's has them: the operator looks at each of them. @see https://github.com/elastic/cloud-on-k8s/tree/v3.5.0/config/crds/v1 */
    "eck-operator": {
        version: "3.5.0",
        urls: ["https://raw.githubusercontent.com/elastic/cloud-on-k8s/v3.5.0/config/crds/v1/all-crds.yaml"],
    },
    "altinity-clickhouse-operator": { version: "0.25.6", urls: altinityAddresses },
    /** All eleven kinds, which the chart has too. @see https://github.com/nginx/nginx-gateway-fabric/blob/v2.6.7/deploy/crds.yaml */
    "nginx-gateway-fabric": {
        version: "2.6.7",
        urls: ["https://raw.githubusercontent.com/nginx/nginx-gateway-fabric/v2.6.7/deploy/crds.yaml"],
    },
} as const satisfies Readonly<Record<string, Manifest>>;
export type ManifestName = keyof typeof manifests;

export interface Manifest {
    readonly version: ExactVersion;
    readonly urls: readonly `https://${string}`[];
    /** Whether its objects have the annotation `helm.sh/resource-policy: keep`. @default undefined - they have not */
    readonly asksToStay?: true;
}
