import { controls } from "../../controls";
import { type Read, undecided, type Value } from "../../reading/value";
import { keyOf } from "../../resources/kind";
import type { Report, ResourceRule } from "../../rule";
import { cloudResource, kubernetesResource, sampleOf } from "../../samples";
import { meshConfigKinds, meshConfigOf } from "./meshConfig";
import { objectOf } from "./samples";

const networking = "networking.istio.io/v1";
const hosts = (kind: string, names: readonly string[]) =>
    sampleOf(objectOf([networking, kind], "one", "shop", { hosts: names }));
const meshConfig = (mesh: string) =>
    sampleOf(
        kubernetesResource("core/v1", "ConfigMap", {
            metadata: { name: "istio", namespace: "istio-system" },
            data: { mesh },
        }),
    );
const chart = (meshConfigValues: Readonly<Record<string, unknown>>) =>
    sampleOf(
        cloudResource("kubernetes:helm.sh/v4:Chart", { chart: "istiod", values: { meshConfig: meshConfigValues } }),
    );

export const openHosts: ResourceRule = {
    id: "NET-08",
    title: "What leaves the mesh goes to hosts that are named",
    severity: "medium",
    level: "mandatory",
    scope: "resource",
    kinds: [
        "networking.istio.io/VirtualService",
        "networking.istio.io/ServiceEntry",
        "networking.istio.io/Sidecar",
        ...meshConfigKinds,
    ],
    controls: controls({ soc2: ["CC6.6"], iso27001: ["8.23"] }),
    why: "A mesh that lets every host through, or one name that stands for all, takes stolen data wherever it is sent.",
    fix: "name each host, one ServiceEntry for what is outside, and set outboundTrafficPolicy.mode REGISTRY_ONLY",
    link: "https://istio.io/latest/docs/tasks/traffic-management/egress/egress-control/",
    samples: {
        passing: [
            hosts("VirtualService", ["reviews.shop.svc.cluster.local"]),
            hosts("ServiceEntry", ["api.example.com"]),
            sampleOf(
                objectOf([networking, "Sidecar"], "one", "shop", { outboundTrafficPolicy: { mode: "REGISTRY_ONLY" } }),
            ),
            sampleOf(objectOf([networking, "Sidecar"], "one", "shop", {})),
            meshConfig("outboundTrafficPolicy:\n  mode: REGISTRY_ONLY\n"),
            chart({ outboundTrafficPolicy: { mode: "REGISTRY_ONLY" } }),
            sampleOf(kubernetesResource("core/v1", "ConfigMap", { metadata: { name: "app" }, data: { mesh: "{}" } })),
        ],
        failing: [
            { sample: hosts("VirtualService", ["*"]), problem: "stands for more than one host" },
            { sample: hosts("ServiceEntry", ["*.example.com"]), problem: "stands for more than one host" },
            {
                sample: sampleOf(objectOf([networking, "Sidecar"], "one", "shop", { outboundTrafficPolicy: {} })),
                problem: "lets traffic out to any host",
            },
            { sample: meshConfig("accessLogFile: /dev/stdout\n"), problem: "lets traffic out to any host" },
            {
                sample: meshConfig("outboundTrafficPolicy:\n  mode: ALLOW_ANY\n"),
                problem: "lets traffic out to any host",
            },
            { sample: meshConfig("[not: yaml"), problem: "lets traffic out to any host" },
            { sample: chart({}), problem: "lets traffic out to any host" },
        ],
    },
    check: (subject, report) => {
        const key = keyOf(subject.kind);
        const spec = subject.object.get("spec");
        if (key.startsWith("networking.istio.io/")) {
            if (key.endsWith("/Sidecar")) checkSidecar(spec.get("outboundTrafficPolicy"), report);
            else checkHosts(spec.get("hosts"), report);
            return;
        }
        const mesh = meshConfigOf(subject);
        if (mesh) checkMode(mesh.text("outboundTrafficPolicy", "mode"), mesh.path, report);
    },
};

/** A name that is made in the same update, such as that of a cloud's server, is one host's; the update judges it. */
function checkHosts(hosts: Value, report: Report): void {
    for (const host of hosts.items()) {
        if (host.isUnknown) continue;
        const name = host.text();
        if (typeof name === "string" && name.includes("*")) {
            report({ path: host.path, problem: "stands for more than one host" });
        }
    }
}

/** A Sidecar that says nothing of it goes by the mesh; one that names no mode means ALLOW_ANY. */
function checkSidecar(policy: Value, report: Report): void {
    if (policy.mapping() === true) checkMode(policy.get("mode").text(), policy.get("mode").path, report);
}

/** ALLOW_ANY is the default. @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/ (OutboundTrafficPolicy) */
function checkMode(mode: Read<string>, path: string, report: Report): void {
    if (mode === "REGISTRY_ONLY" || mode === undecided) return;
    report({ path, problem: "lets traffic out to any host" });
}
