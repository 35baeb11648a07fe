import { controls } from "../../controls";
import { keyOf } from "../../resources/kind";
import { containersOf, podTemplatesOf } from "../../resources/podTemplates";
import type { Subject } from "../../resources/subject";
import type { Report, ResourceRule } from "../../rule";
import { cloudResource, kubernetesResource, sampleOf } from "../../samples";

const controller = (image: string) => {
    const spec = { template: { spec: { containers: [{ name: "controller", image }] } } };
    return sampleOf(kubernetesResource("apps/v1", "Deployment", { metadata: { name: "ingress" }, spec }));
};
const ingress = (annotations: Readonly<Record<string, unknown>>) =>
    sampleOf(kubernetesResource("networking.k8s.io/v1", "Ingress", { metadata: { name: "shop", annotations } }));
const ingressClass = (name: string) =>
    sampleOf(
        kubernetesResource("networking.k8s.io/v1", "IngressClass", {
            metadata: { name: "nginx" },
            spec: { controller: name },
        }),
    );
const chart = (name: string) => sampleOf(cloudResource("kubernetes:helm.sh/v4:Chart", { chart: name }));
const configuration = (value: string) =>
    sampleOf(kubernetesResource("core/v1", "ConfigMap", { data: { "allow-snippet-annotations": value } }));

const retired = "is ingress-nginx, which gets no security fixes any more";
const snippet = "puts configuration of its own into the controller";

export const endOfLifeIngress: ResourceRule = {
    id: "NET-11",
    title: "No retired ingress controller and no snippets",
    severity: "high",
    level: "mandatory",
    scope: "resource",
    kinds: [
        "networking.k8s.io/Ingress",
        "networking.k8s.io/IngressClass",
        "apps/Deployment",
        "apps/DaemonSet",
        "core/ConfigMap",
        "helm.sh/Chart",
    ],
    controls: controls({ soc2: ["CC7.1"], iso27001: ["8.8"], nsa: ["C-0292", "C-0059"] }),
    why: "ingress-nginx was retired in March 2026, and a snippet lets whoever may write an Ingress read every secret of the controller.",
    fix: "use a Gateway of the mesh or a maintained controller, and express in its own fields what the snippet does",
    link: "https://kubernetes.io/blog/2025/11/11/ingress-nginx-retirement/",
    samples: {
        passing: [
            ingress({ "nginx.ingress.kubernetes.io/proxy-body-size": "1m" }),
            ingressClass("nginx.org/ingress-controller"),
            controller("registry.example/nginx-ingress:5.5.4"),
            chart("oci://registry.example/charts/nginx-gateway-fabric"),
            configuration("false"),
        ],
        failing: [
            { sample: controller("registry.example/ingress-nginx/controller:v1.15.1"), problem: retired },
            { sample: ingressClass("k8s.io/ingress-nginx"), problem: retired },
            { sample: chart("ingress-nginx"), problem: retired },
            {
                sample: ingress({ "nginx.ingress.kubernetes.io/configuration-snippet": "return 200;" }),
                problem: snippet,
            },
            { sample: ingress({ "nginx.org/server-snippets": "return 200;" }), problem: snippet },
            {
                sample: configuration("true"),
                problem: "lets every Ingress put configuration of its own into the controller",
            },
        ],
    },
    check: (subject, report) => checks[keyOf(subject.kind)]?.(subject, report),
};

const checks: Readonly<Record<string, (subject: Subject, report: Report) => void>> = {
    "networking.k8s.io/Ingress": checkSnippets,
    "networking.k8s.io/IngressClass": ({ object }, report) => {
        const named = object.get("spec", "controller");
        if (named.text() === "k8s.io/ingress-nginx") report({ path: named.path, problem: retired });
    },
    "apps/Deployment": checkImages,
    "apps/DaemonSet": checkImages,
    "core/ConfigMap": ({ object }, report) => {
        const allowed = object.get("data", "allow-snippet-annotations");
        if (allowed.text() !== "true") return;
        report({ path: allowed.path, problem: "lets every Ingress put configuration of its own into the controller" });
    },
    "helm.sh/Chart": ({ object }, report) => {
        const chartName = object.get("chart");
        if (/(^|\/)ingress-nginx$/.test(String(chartName.text()))) report({ path: chartName.path, problem: retired });
    },
};

/** @see https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/ */
function checkSnippets({ object }: Subject, report: Report): void {
    const annotations = object.get("metadata", "annotations");
    annotations.mapping(); // notes annotations that cannot be read
    for (const key of annotations
        .keys()
        .filter((name) => /^nginx\.(ingress\.kubernetes\.io|org)\/.*-snippets?$/.test(name))) {
        report({ path: annotations.get(key).path, problem: snippet });
    }
}

/** The project publishes its controller, and its image without root, under this path of every registry and mirror. */
function checkImages(subject: Subject, report: Report): void {
    const images = podTemplatesOf(subject)
        .flatMap(containersOf)
        .map(({ value }) => value.get("image"));
    for (const image of images) {
        if (/(^|\/)ingress-nginx\/controller(-chroot)?[:@]/.test(String(image.text())))
            report({ path: image.path, problem: retired });
    }
}
