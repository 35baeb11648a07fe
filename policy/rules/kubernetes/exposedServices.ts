import { controls } from "../../controls";
import { isTooWide } from "../../reading/addresses";
import { absent, type Read, undecided } from "../../reading/value";
import { nameOf, namespaceOf, type Subject } from "../../resources/subject";
import type { Report, ResourceRule, Sample, Settings } from "../../rule";
import { kubernetesResource, sampleOf } from "../../samples";
import { objectsSetting } from "../listedObjects";
import { entriesOf } from "../listSetting";

/** Annotations by which a Service asks its cloud for a load balancer without a public address, and how each says so. */
const internalMarks = {
    "service.beta.kubernetes.io/azure-load-balancer-internal": "true",
    "service.beta.kubernetes.io/aws-load-balancer-scheme": "internal",
    "service.beta.kubernetes.io/aws-load-balancer-internal": "true",
} as const;

const azure = "service.beta.kubernetes.io/azure-load-balancer-internal";
const aws = "service.beta.kubernetes.io/aws-load-balancer-scheme";

function service(spec: Readonly<Record<string, unknown>>, annotations: Readonly<Record<string, string>> = {}): Sample {
    const metadata = { name: "web", namespace: "shop", annotations };
    return sampleOf(kubernetesResource("core/v1", "Service", { metadata, spec }));
}

const balanced = { type: "LoadBalancer", loadBalancerSourceRanges: ["10.0.0.0/8"] } as const;

export const exposedServices: ResourceRule = {
    id: "NET-02",
    title: "Nothing but a gateway takes traffic from outside the cluster",
    severity: "high",
    level: "mandatory",
    scope: "resource",
    kinds: ["core/Service"],
    controls: controls({ soc2: ["CC6.6"], iso27001: ["8.20"], cisKubernetes: ["1.2.3"] }),
    why: "Every Service with an address of its own is a way past the gateway's TLS, authentication and rate limits.",
    fix: "make the Service a ClusterIP behind the gateway; a load balancer is internal and has loadBalancerSourceRanges, or the Service is listed under gateways in the pack configuration",
    link: "https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types",
    settings: {
        gateways: objectsSetting({
            description: "Services that are meant to take traffic from anywhere; without it none",
            reason: "Who comes in there, and what checks them",
        }),
    },
    samples: {
        passing: [
            service(balanced, { [azure]: "true" }),
            service(balanced, { [aws]: "internal" }),
            service({ type: "ClusterIP", externalIPs: [] }),
            service({}),
        ],
        failing: [
            { sample: service(balanced), problem: "is a load balancer with a public address" },
            { sample: service(balanced, { [azure]: "false" }), problem: "is a load balancer with a public address" },
            {
                sample: service(balanced, { [aws]: "internet-facing" }),
                problem: "is a load balancer with a public address",
            },
            {
                sample: service({ type: "LoadBalancer" }, { [azure]: "true" }),
                problem: "names nobody, which is everybody",
            },
            {
                sample: service({ type: "LoadBalancer", loadBalancerSourceRanges: [] }, { [azure]: "true" }),
                problem: "names nobody, which is everybody",
            },
            {
                sample: service({ ...balanced, loadBalancerSourceRanges: ["0.0.0.0/0"] }, { [azure]: "true" }),
                problem: "holds more addresses than any private network",
            },
            { sample: service({ type: "NodePort" }), problem: "opens a port of every node" },
            {
                sample: service({ type: "ClusterIP", externalIPs: ["192.0.2.1"] }),
                problem: "takes over addresses outside the cluster",
            },
        ],
    },
    check: (subject, report, { settings }) => {
        const spec = subject.object.get("spec");
        const [type, externalIPs] = [spec.get("type"), spec.get("externalIPs")];
        if (externalIPs.items().length > 0) {
            report({ path: externalIPs.path, problem: "takes over addresses outside the cluster" });
        }
        const stated = type.text(); // ClusterIP where it is absent
        if (stated === "NodePort") report({ path: type.path, problem: "opens a port of every node" });
        if (stated === "LoadBalancer" && !isGateway(subject, settings)) checkBalancer(subject, report);
    },
};

function checkBalancer({ object }: Subject, report: Report): void {
    const annotations = object.get("metadata", "annotations");
    const marks = Object.entries(internalMarks).map(([key, value]) => asBoolean(annotations.get(key).text(), value));
    if (!marks.includes(true) && !marks.includes(undecided)) {
        report({ path: "spec.type", problem: "is a load balancer with a public address" });
    }
    const ranges = object.get("spec", "loadBalancerSourceRanges");
    const blocks = ranges.items();
    if (blocks.length === 0 && (!ranges.isSet || ranges.isList)) {
        report({ path: ranges.path, problem: "names nobody, which is everybody" });
    }
    for (const range of blocks) {
        const text = range.text();
        if (typeof text === "string" && isTooWide(text)) {
            report({ path: range.path, problem: "holds more addresses than any private network" });
        }
    }
}

function asBoolean(read: Read<string>, wanted: string): Read<boolean> {
    return read === undecided || read === absent ? read : read === wanted;
}

/** Whether a Service is listed. One whose name is not known may be, which is noted while one of its namespace is listed. */
function isGateway(subject: Subject, settings: Settings): boolean {
    const listed = entriesOf(settings.gateways);
    if (listed.length === 0) return false;
    const [namespace, name] = [namespaceOf(subject), nameOf(subject)];
    return listed.some(
        (entry) =>
            [undecided, entry.get("namespace").text()].includes(namespace) &&
            [undecided, entry.get("name").text()].includes(name),
    );
}
