import { repositoryIn } from "../foundation/imageSources";
import { signatureSizes } from "../foundation/supplyChain";
import type { Size } from "../foundation/workloads";
import { type Identities, identityOf } from "../kubernetes/identities";
import {
    containerResources,
    hardenedContainer,
    hardenedPod,
    splitImage,
    splitRepository,
    spreadOf,
    systemNodes,
} from "../kubernetes/podParts";
import { priorityClassName } from "../kubernetes/priorities";
import type { SystemPlace } from "../kubernetes/systemPlace";

/** Name of the release and of its namespace, by which Kyverno leaves its own pods alone. */
export const release = "kyverno";

/** Labels by which the chart's own Services find the pods of its parts. */
export const partLabels = (part: Part) => ({
    "app.kubernetes.io/instance": release,
    "app.kubernetes.io/component": part,
});

type Part = "admission-controller" | "reports-controller";

/** Ports of all parts: `webhookServer.port` and `metering.port` of the chart's values.yaml. */
export const ports = { webhook: 9443, metrics: 8000 } as const;

/** Version of the program that chart 3.9.0 is for (`appVersion`). */
const tag = "v1.19.0";
const registry = "reg.kyverno.io";

/** Seconds in which a pod that is told to stop still answers, so that the API server's Service has forgotten it by then. */
const drainSeconds = 5;

/**
 * Values of the chart, of Kyverno that checks images and nothing else: what makes or cleans up objects is not run, and none of the rights for it is
 * given. Keys and defaults: charts/kyverno/values.yaml of kyverno/kyverno at v1.19.0.
 */
export function planKyvernoValues(place: SystemPlace, identities: Identities) {
    const sizes = signatureSizes(place.copies);
    return {
        ...everywhere(place),
        // Definitions are a step of their own; what Helm would do before and after an upgrade or a removal, nobody does here.
        crds: { install: false, migration: { enabled: false } },
        webhooksCleanup: { enabled: false },
        backgroundController: { enabled: false },
        cleanupController: { enabled: false },
        // Whoever edits a namespace shall not make policies there, least of all ones that verify images of their choice.
        rbac: { roles: { aggregate: { admin: false, view: false } } },
        // Kept when the chart goes, the configuration would belong to nobody.
        config: { preserve: false },
        features: {
            generateValidatingAdmissionPolicy: { enabled: false },
            validatingAdmissionPolicyReports: { enabled: false },
            policyExceptions: { enabled: false },
            logging: { format: "json" },
        },
        admissionController: {
            ...planPart("admission-controller", sizes.admission),
            rbac: planRights("admission-controller", identities),
            ...podLabels("admission-controller", identities),
            initContainer: {
                image: image("kyverno/kyvernopre", place),
                resources: containerResources(sizes.admission),
                securityContext: hardenedContainer,
            },
            container: {
                image: image("kyverno/kyverno", place),
                resources: containerResources(sizes.admission),
                securityContext: hardenedContainer,
                lifecycle: drain,
            },
        },
        reportsController: {
            ...planPart("reports-controller", sizes.reports),
            rbac: { ...planRights("reports-controller", identities), ...readsPods },
            ...podLabels("reports-controller", identities),
            image: image("kyverno/reports-controller", place),
            resources: containerResources(sizes.reports),
            securityContext: hardenedContainer,
            lifecycle: drain,
        },
    };
}

const drain = { preStop: { sleep: { seconds: drainSeconds } } } as const;

/**
 * It looks through pods; the chart would let it read nearly everything (`view`) in case other policies want it. A policy counts as ready only once it
 * may read each resource that the policy names: pkg/controllers/policystatus/controller.go of Kyverno at v1.19.0.
 */
const readsPods = {
    clusterRole: {
        extraResources: [
            { apiGroups: [""], resources: ["pods", "pods/ephemeralcontainers"], verbs: ["get", "list", "watch"] },
        ],
    },
} as const;

function everywhere({ cluster, imageSources }: SystemPlace) {
    const nodes = systemNodes(cluster);
    return {
        global: {
            image: { registry: splitRepository(repositoryIn(imageSources, registry)).registry },
            nodeSelector: nodes.labels,
            tolerations: nodes.tolerations,
            priorityClassName: priorityClassName("system"),
        },
    };
}

function image(repository: string, { imageSources }: SystemPlace) {
    return {
        ...splitImage({ repository: `${registry}/${repository}`, tag }, imageSources),
        pullPolicy: "IfNotPresent",
    };
}

function planPart(part: Part, { replicas }: Size) {
    return {
        replicas: replicas.min,
        podSecurityContext: hardenedPod(),
        topologySpreadConstraints: spreadOf(partLabels(part)),
        // It fetches the roots of trust of Sigstore into it.
        sigstoreVolume: { emptyDir: { sizeLimit: "64Mi" } },
        podDisruptionBudget: { enabled: replicas.min > 1, minAvailable: replicas.min - 1 },
    };
}

function planRights(part: Part, identities: Identities) {
    const annotations = accountOf(part, identities)?.annotations ?? {};
    return { createViewRoleBinding: false, serviceAccount: { annotations, automountServiceAccountToken: false } };
}

function podLabels(part: Part, identities: Identities) {
    return { podLabels: accountOf(part, identities)?.podLabels ?? {} };
}

function accountOf(part: Part, identities: Identities) {
    return identityOf(identities, { namespace: release, serviceAccount: `${release}-${part}` });
}
