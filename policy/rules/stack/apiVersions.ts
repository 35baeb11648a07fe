import { controls } from "../../controls";
import { Value } from "../../reading/value";
import { everyResource } from "../../resources/dispatch";
import { isKubernetes } from "../../resources/kind";
import type { Subject } from "../../resources/subject";
import type { Context, Report, ResourceRule, SettingSchema } from "../../rule";
import { cloudResource, kubernetesResource, sampleOf } from "../../samples";
import { agingApis } from "./agingApis";

/** The version that the platform's clusters have (components/cloud/*\/settings.ts). */
const platformVersion = "1.36";

const kubernetesVersion: SettingSchema = {
    type: "string",
    pattern: "^1\\.\\d+$",
    description: `the minor version of the clusters, such as 1.36; without it, ${platformVersion}`,
};

const preview = cloudResource("azure-native:containerservice/v20240902preview:ManagedCluster", {});
const manifest = (apiVersion: string, kind: string) =>
    sampleOf(kubernetesResource(apiVersion, kind, { apiVersion, kind }));

export const apiVersions: ResourceRule = {
    id: "STK-04",
    title: "Objects are of API versions that the cluster serves and will go on serving",
    severity: "high",
    level: "mandatory",
    scope: "resource",
    kinds: [everyResource],
    controls: controls({ soc2: ["CC8.1"], iso27001: ["8.8"] }),
    why: "A removed version makes the update fail on the day of the upgrade, and a cloud changes or ends a preview as it likes.",
    fix: "write the object in the version that the deprecation guide names, or the cloud's stable version",
    link: "https://kubernetes.io/docs/reference/using-api/deprecation-guide/",
    samples: {
        passing: [
            manifest("policy/v1", "PodDisruptionBudget"),
            manifest("apps/v1", "Deployment"),
            sampleOf(kubernetesResource("discovery.k8s.io/v1", "EndpointSlice", {})),
            { ...sampleOf(preview), ...{ environment: "dev" } },
            sampleOf(cloudResource("azure-native:containerservice/v20250901:ManagedCluster", {})),
        ],
        failing: [
            { sample: manifest("policy/v1beta1", "PodDisruptionBudget"), problem: "is removed since Kubernetes 1.25" },
            { sample: manifest("extensions/v1beta1", "Ingress"), problem: "is removed since Kubernetes 1.22" },
            {
                sample: manifest("autoscaling/v2beta2", "HorizontalPodAutoscaler"),
                problem: "is removed since Kubernetes 1.26",
            },
            {
                sample: sampleOf(kubernetesResource("core/v1", "Endpoints", {})),
                problem: "is deprecated since Kubernetes 1.33",
            },
            {
                sample: sampleOf(
                    kubernetesResource("core/v1", "List", {
                        items: [{ apiVersion: "batch/v1beta1", kind: "CronJob" }],
                    }),
                ),
                problem: "is removed since Kubernetes 1.25",
            },
            { sample: sampleOf(preview), problem: "is a preview of the cloud" },
        ],
    },
    settings: { kubernetesVersion },
    check: (subject, report, context) => {
        if (isKubernetes(subject.kind)) checkObject(subject, report, context);
        else if (context.environment === "production") checkPreview(subject, report);
    },
};

function checkObject(subject: Subject, report: Report, { settings }: Context): void {
    const stated = Value.unheard(settings).get("kubernetesVersion").text();
    const target = minorOf(typeof stated === "string" ? stated : platformVersion);
    const value = subject.object.get("apiVersion");
    const own = value.text();
    if (typeof own === "symbol" && value.isSet) return;
    const apiVersion = typeof own === "string" ? own : moduleOf(subject);
    const aging = agingApis.find(
        (each) => each.apiVersion === apiVersion.replace(/^core\//, "") && isOf(each.kinds, subject),
    );
    if (!aging || minorOf(aging.since) > target) return;
    report({ path: "apiVersion", problem: `is ${aging.state} since Kubernetes ${aging.since}` });
}

function isOf(kinds: readonly string[] | undefined, { kind }: Subject): boolean {
    return kinds === undefined || kinds.includes(kind.kind);
}

function minorOf(version: string): number {
    return Number(version.split(".")[1]);
}

/** `extensions/v1beta1` of `kubernetes:extensions/v1beta1:Ingress`. */
function moduleOf({ resource }: Subject): string {
    return resource.type.split(":")[1] ?? "";
}

/** A version in the token is the program's choice; which versions the SDK takes by itself is in docs/azure-api-versions.md. */
function checkPreview(subject: Subject, report: Report): void {
    if (/\/v\d+preview$/.test(moduleOf(subject))) report({ path: "", problem: "is a preview of the cloud" });
}
