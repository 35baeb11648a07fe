import { controls } from "../../controls";
import { everyObject } from "../../resources/dispatch";
import { mayHoldPods, podTemplatesOf } from "../../resources/podTemplates";
import { namespaceOf } from "../../resources/subject";
import type { ResourceRule } from "../../rule";
import { compliantDeployment, kubernetesResource, sampleOf } from "../../samples";

const reserved: ReadonlySet<unknown> = new Set(["default", "kube-system", "kube-public"]);

const withoutNamespace = kubernetesResource("apps/v1", "StatefulSet", {
    metadata: { name: "app" },
    spec: { template: { spec: { containers: [] } } },
});

export const reservedNamespaces: ResourceRule = {
    id: "NS-02",
    title: "Workloads stay out of default, kube-system and kube-public",
    severity: "medium",
    level: "mandatory",
    scope: "resource",
    kinds: [everyObject],
    // The number of the AKS benchmark is Kubescape's; kube-bench counts its general policies as 4.6.
    controls: controls({
        soc2: ["CC6.1"],
        iso27001: ["8.22"],
        cisKubernetes: ["5.7.4"],
        cisAks: ["4.7.3"],
        cisEks: ["4.5.2"],
    }),
    why: "Nobody owns these namespaces: no quota, no default-deny and no Pod Security of the platform holds in them.",
    fix: "give the workload a namespace of its own",
    link: "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#initial-namespaces",
    samples: {
        passing: [
            sampleOf(compliantDeployment("shop")),
            sampleOf(kubernetesResource("core/v1", "ConfigMap", { metadata: { name: "c", namespace: "kube-public" } })),
            sampleOf(
                kubernetesResource("argoproj.io/v1alpha1", "Application", {
                    metadata: { name: "app", namespace: "default" },
                    spec: { project: "shop" },
                }),
            ),
        ],
        failing: [
            ...["default", "kube-system", "kube-public"].map((namespace) => ({
                sample: sampleOf(compliantDeployment(namespace)),
                problem: `metadata.namespace puts pods into ${namespace}`,
            })),
            { sample: sampleOf(withoutNamespace), problem: "metadata.namespace puts pods into default" },
        ],
    },
    check: (subject, report) => {
        if (!mayHoldPods(subject.kind) || podTemplatesOf(subject).length === 0) return;
        const namespace = namespaceOf(subject);
        if (typeof namespace === "string" && reserved.has(namespace)) {
            report({ path: "metadata.namespace", problem: `puts pods into ${namespace}` });
        }
    },
};
