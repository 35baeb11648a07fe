import { controls } from "../../controls";
import { groupAndKind } from "../../resources/kind";
import { everyPodTemplate } from "../../resources/podTemplates";
import type { Stack } from "../../resources/stack";
import { nameOf, namespaceOf, type Subject } from "../../resources/subject";
import type { Resource, Settings, StackReport, StackRule } from "../../rule";
import { compliantDeployment, merge, sampleOf } from "../../samples";
import { entriesOf, listSetting, someText } from "../listSetting";
import { isEnrolled, meshSigns, signOfMesh } from "./presence";
import { meshWith, namespaceOfMesh } from "./samples";

/** Namespaces of the platform whose pods stay outside, with why; a pack configuration that gives a list replaces them. */
const own = [
    {
        namespace: "istio-system",
        reason: "the mesh's own control plane, which every proxy asks before it can join",
    },
    { namespace: "istio-nodes", reason: "the mesh's own agents on nodes carry the mesh and cannot pass through it" },
    {
        namespace: "cluster-autoscaler",
        reason: "it adds the nodes that the mesh itself may be waiting for; it calls the API server and its cloud, and nobody calls it",
    },
    { namespace: "kube-system", reason: "the cluster's own agents must work before and without the mesh" },
    {
        namespace: "gpu-resources",
        reason: "the device plugin talks to the kubelet of its own node only, through a socket",
    },
    { namespace: "image-pull", reason: "its pods sleep; they call nobody and nobody calls them" },
    {
        namespace: "external-secrets",
        reason: "the API server, which is in no mesh, calls its webhook; it calls that and its cloud, and nobody else calls it",
    },
    {
        namespace: "load-balancers",
        reason: "the API server, which is in no mesh, calls its webhook, and the gateway of the mesh waits for its load balancer",
    },
    {
        namespace: "cert-manager",
        reason: "the API server, which is in no mesh, calls its webhook, and certificates must come before the mesh does",
    },
    {
        namespace: "backup",
        reason: "it calls the API server and its cloud, and nobody calls it",
    },
    {
        namespace: "external-dns",
        reason: "it calls the API server and its cloud, and nobody calls it",
    },
    {
        namespace: "kyverno",
        reason: "the API server, which is in no mesh, asks it before the mesh's own pods may start",
    },
    {
        namespace: "kafka",
        reason: "every call to Kafka and within it is TLS of its own, with which both sides prove who they are, and brokers are called one by one by name",
    },
    {
        namespace: "elasticsearch",
        reason: "every call to Elasticsearch and within it is TLS of its own, and its operator calls its nodes one by one by name",
    },
    {
        namespace: "clickhouse",
        reason: "every call to ClickHouse and within it is TLS of its own, Keeper asks for certificates, and servers and Keepers are called one by one by name",
    },
    {
        namespace: "object-store",
        reason: "every call to SeaweedFS and within it is TLS of its own, its parts ask for certificates, and its pods are called one by one by name",
    },
    {
        namespace: "nginx-gateway",
        reason: "it calls the API server, and NGINX's pods call it by TLS of their own, with which each proves the other who it is",
    },
    {
        namespace: "trivy-system",
        reason: "its pods call registries and the API server; what one of them asks another is how an image is vulnerable",
    },
    {
        namespace: "tetragon",
        reason: "its agents are on the network of their nodes, where no mesh reaches, and nobody calls them",
    },
] as const;

const outsideMesh = listSetting({
    description: "Namespaces whose pods stay outside the mesh; without it, those of the platform",
    entry: { namespace: someText },
    reason: "Why they cannot be in it",
});

const shop = namespaceOfMesh("shop");

export const meshMembership: StackRule = {
    id: "NET-04",
    title: "Every workload is in the mesh",
    severity: "high",
    level: "mandatory",
    scope: "stack",
    kinds: [...meshSigns, everyPodTemplate],
    controls: controls({ soc2: ["CC6.7"], iso27001: ["8.22"] }),
    why: "A pod outside the mesh has no identity: nothing encrypts what it sends, and no rule of the mesh holds for it.",
    fix: "label the namespace istio.io/dataplane-mode=ambient and let no pod opt out",
    link: "https://istio.io/latest/docs/ambient/usage/add-workloads/",
    settings: { outsideMesh },
    samples: {
        passing: [
            meshWith(shop, compliantDeployment("shop")),
            meshWith(namespaceOfMesh("shop", { "istio-injection": "enabled" }), compliantDeployment("shop")),
            meshWith(namespaceOfMesh("shop", { "istio.io/rev": "stable" }), compliantDeployment("shop")),
            meshWith(namespaceOfMesh("empty", {})),
            meshWith(compliantDeployment("kube-system")),
            sampleOf(namespaceOfMesh("shop", {}), compliantDeployment("shop")),
        ],
        failing: [
            {
                sample: meshWith(namespaceOfMesh("shop", {}), compliantDeployment("shop")),
                problem: "do not bring the pods of the namespace into the mesh",
            },
            {
                sample: meshWith(
                    namespaceOfMesh("shop", { "istio.io/rev": "stable", "istio-injection": "disabled" }),
                    compliantDeployment("shop"),
                ),
                problem: "do not bring the pods of the namespace into the mesh",
            },
            {
                sample: meshWith(compliantDeployment("elsewhere")),
                problem: "names a namespace that nothing brings into the mesh",
            },
            {
                sample: meshWith(shop, optingOut({ labels: { "sidecar.istio.io/inject": "false" } })),
                problem: "takes the pods out of the mesh",
            },
            {
                sample: meshWith(shop, optingOut({ annotations: { "sidecar.istio.io/inject": "false" } })),
                problem: "takes the pods out of the mesh",
            },
            {
                sample: meshWith(shop, optingOut({ labels: { "istio.io/dataplane-mode": "none" } })),
                problem: "takes the pods out of the mesh",
            },
        ],
    },
    check: (stack, report, { settings }) => {
        if (!signOfMesh(stack)) return;
        const outside = outsideOf(settings);
        const namespaces = declaredNamespaces(stack);
        for (const workload of stack.workloads) {
            const namespace = namespaceOf(workload);
            if (typeof namespace === "symbol" || outside.has(namespace)) continue;
            const declared = namespaces.get(namespace);
            checkOptOut(workload, report);
            if (!declared) checkUndeclared(workload, report);
            else checkEnrolled(declared, report);
        }
    },
};

function outsideOf(settings: Settings): ReadonlySet<unknown> {
    return new Set(entriesOf(settings.outsideMesh ?? own).map((each) => each.get("namespace").text()));
}

function declaredNamespaces(stack: Stack): ReadonlyMap<unknown, Subject> {
    return new Map(
        stack.of("core/Namespace").map((subject) => [nameOf({ ...subject, object: subject.object.quietly }), subject]),
    );
}

function checkEnrolled(namespace: Subject, report: StackReport): void {
    const labels = namespace.object.get("metadata", "labels");
    if (isEnrolled(namespace.object) !== false) return;
    report(namespace, { path: labels.path, problem: "do not bring the pods of the namespace into the mesh" });
}

/** In files the namespace may be kept elsewhere. */
function checkUndeclared(workload: Subject, report: StackReport): void {
    if (workload.resource.origin === "manifest") return;
    const path = workload.object.get("metadata", "namespace").path;
    report(workload, { path, problem: "names a namespace that nothing brings into the mesh" });
}

/** Where each kind keeps the metadata of its pods; all others keep it as a Deployment does. */
const podMetadata: Readonly<Record<string, readonly string[]>> = {
    "core/Pod": ["metadata"],
    "core/PodTemplate": ["template", "metadata"],
    "batch/CronJob": ["spec", "jobTemplate", "spec", "template", "metadata"],
};

/** @see https://istio.io/latest/docs/reference/config/labels/ and https://istio.io/latest/docs/reference/config/annotations/ */
function checkOptOut(workload: Subject, report: StackReport): void {
    const path = podMetadata[groupAndKind(workload.kind)] ?? ["spec", "template", "metadata"];
    const metadata = workload.object.get(...path);
    const ways = [
        { place: metadata.get("labels", "sidecar.istio.io/inject"), value: "false" },
        { place: metadata.get("annotations", "sidecar.istio.io/inject"), value: "false" },
        { place: metadata.get("labels", "istio.io/dataplane-mode"), value: "none" },
    ];
    for (const { place, value } of ways) {
        if (place.text() === value) report(workload, { path: place.path, problem: "takes the pods out of the mesh" });
    }
}

/** The compliant Deployment, with something in the metadata of its pods. */
function optingOut(metadata: Readonly<Record<string, unknown>>): Resource {
    const deployment = compliantDeployment("shop");
    return { ...deployment, inputs: merge(Object(deployment.inputs), { spec: { template: { metadata } } }) };
}
