import { repositoryIn } from "../foundation/imageSources";
import { scanContainer, scanningSizes, scansAtOnce } from "../foundation/supplyChain";
import { charts } from "../kubernetes/chartTable";
import { type Identities, identityOf } from "../kubernetes/identities";
import { planToken, tokenMount } from "../kubernetes/pod";
import {
    containerResources,
    hardenedContainer,
    hardenedPod,
    splitImage,
    splitRepository,
    systemNodes,
    topologies,
} from "../kubernetes/podParts";
import { priorityClassName } from "../kubernetes/priorities";
import type { SystemPlace } from "../kubernetes/systemPlace";

/** Name of the release, and of the service account that everything of it runs as. */
export const release = "trivy-operator";
export const namespace = "trivy-system";

/** Labels of the operator's pods, as the chart has them. */
export const operatorLabels = { "app.kubernetes.io/name": release } as const;

/** Labels of the pods that hold the databases, as the chart has them. */
export const serverLabels = { "app.kubernetes.io/name": "trivy-server" } as const;

/** The server's port and the operator's for metrics: templates/trivy-server and templates/deployment.yaml of the chart. */
export const ports = { server: 4954, metrics: 8080 } as const;

const operator = { repository: "mirror.gcr.io/aquasec/trivy-operator", tag: "0.32.0" } as const;
/** The scanner that operator 0.32.0 was released with. */
const scanner = { repository: "mirror.gcr.io/aquasec/trivy", tag: "0.72.0" } as const;
/** Vulnerabilities of systems and languages, and those of Java's archives: kept in registries, as images are. */
const databases = { general: "mirror.gcr.io/aquasec/trivy-db", java: "mirror.gcr.io/aquasec/trivy-java-db" } as const;

/**
 * Values of the chart, for vulnerabilities and forgotten secrets in images. What else it could look for, the policy pack and the API server refuse
 * beforehand; its look at the nodes would need their disks. Keys and defaults: deploy/helm/values.yaml of aquasecurity/trivy-operator at v0.32.0.
 */
export function planTrivyValues(place: SystemPlace, identities: Identities) {
    const sizes = scanningSizes(place.copies);
    const identity = identityOf(identities, { namespace, serviceAccount: release });
    return {
        ...planOperatorPod(place),
        operator: { ...scans, replicas: sizes.operator.replicas.min, podLabels: identity?.podLabels ?? {} },
        image: splitImage(operator, place.imageSources),
        resources: containerResources(sizes.operator),
        serviceAccount: { annotations: identity?.annotations ?? {} },
        trivyOperator: planScanPods(place, identity?.podLabels ?? {}),
        trivy: {
            image: splitImage(scanner, place.imageSources),
            ...planDatabases(place),
            mode: "ClientServer",
            // Databases are fetched anew wherever the server starts: nothing is lost with a disk.
            storageClassEnabled: false,
            // Helm's own label, which the chart forgets on this object: by it the pack knows whose it is.
            labels: { "helm.sh/chart": `${release}-${charts[release].version}` },
            ignoreUnfixed: true,
            severity: "HIGH,CRITICAL",
            priorityClassName: priorityClassName("batch"),
            resources: planScanResources(),
            server: {
                replicas: sizes.server.replicas.min,
                resources: containerResources(sizes.server),
                podSecurityContext: hardenedPod(),
                securityContext: hardenedContainer,
            },
        },
        // Nothing of a node is looked at, so nothing of one is named.
        nodeCollector: { volumes: [], volumeMounts: [] },
        compliance: { specs: [] },
        serviceMonitor: { enabled: false },
    };
}

/** Without a look at every Secret of the cluster it reads private registries as who it is in the cloud, not with pull secrets of others. */
const scans = {
    builtInTrivyServer: true,
    accessGlobalSecretsAndServiceAccount: false,
    scanJobsConcurrentLimit: scansAtOnce,
    scanJobTTL: "10m",
    vulnerabilityScannerEnabled: true,
    exposedSecretScannerEnabled: true,
    // Lists of everything in an image are megabytes each, in etcd.
    sbomGenerationEnabled: false,
    configAuditScannerEnabled: false,
    rbacAssessmentScannerEnabled: false,
    infraAssessmentScannerEnabled: false,
    clusterComplianceEnabled: false,
    // A label for each vulnerability makes more series than anything else in a cluster.
    metricsVulnIdEnabled: false,
} as const;

function planOperatorPod({ cluster }: SystemPlace) {
    const nodes = systemNodes(cluster);
    return {
        excludeNamespaces: "kube-system",
        nodeSelector: nodes.labels,
        tolerations: nodes.tolerations,
        affinity: apart,
        priorityClassName: priorityClassName("system"),
        podSecurityContext: hardenedPod(),
        securityContext: hardenedContainer,
        // A token that it asks for, in place of the one that pods are given unasked.
        automountServiceAccountToken: false,
        volumes: [{ name: scratch, emptyDir: { sizeLimit: "128Mi" } }, planToken()],
        volumeMounts: [{ name: scratch, mountPath: "/tmp", readOnly: false }, tokenMount],
    };
}

/** Prefers zones, then nodes, without another pod of the operator. */
const apart = {
    podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
            [topologies.zone, 100] as const,
            [topologies.node, 50] as const,
        ].map(([topologyKey, weight]) => ({
            weight,
            podAffinityTerm: { topologyKey, labelSelector: { matchLabels: operatorLabels } },
        })),
    },
};

/** The chart's own name of the volume. */
const scratch = "cache-policies";

/** Pods that look through images. They can wait, and take nobody's place. */
function planScanPods({ cluster }: SystemPlace, podLabels: Readonly<Record<string, string>>) {
    const { general } = cluster.nodes;
    return {
        scanJobAutomountServiceAccountToken: false,
        scanJobNodeSelector: general.labels,
        scanJobTolerations: general.tolerations,
        scanJobPodPriorityClassName: priorityClassName("batch"),
        scanJobPodTemplatePodSecurityContext: hardenedPod(),
        scanJobPodTemplateContainerSecurityContext: hardenedContainer,
        scanJobPodTemplateLabels: Object.entries(podLabels)
            .map(([key, value]) => `${key}=${value}`)
            .join(","),
    };
}

/** The same resources in the chart's own words for pods that the operator makes. */
function planScanResources() {
    const { requests, limits } = containerResources(scanContainer);
    const words = ({ cpu, memory, "ephemeral-storage": ephemeralStorage }: typeof requests) => ({
        cpu,
        memory,
        ephemeralStorage,
    });
    return { requests: words(requests), limits: words(limits) };
}

function planDatabases({ imageSources }: SystemPlace) {
    const general = splitRepository(repositoryIn(imageSources, databases.general));
    const java = splitRepository(repositoryIn(imageSources, databases.java));
    return {
        dbRegistry: general.registry,
        dbRepository: general.repository,
        javaDbRegistry: java.registry,
        javaDbRepository: java.repository,
    };
}
