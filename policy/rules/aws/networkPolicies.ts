import { controls } from "../../controls";
import { undecided, type Value } from "../../reading/value";
import type { Stack } from "../../resources/stack";
import { nameOf, type Subject } from "../../resources/subject";
import type { StackReport, StackRule } from "../../rule";
import { cloudResource, kubernetesResource, sampleOf } from "../../samples";
import { cluster, clusterKinds, component, isOfComponent } from "./clusters";
import { companionsOf } from "./companions";
import { flag } from "./policyDocument";

const networking = (configuration: object | undefined, clusterName = "sample") =>
    cloudResource("aws:eks/addon:Addon", {
        addonName: "vpc-cni",
        clusterName,
        configurationValues: configuration && JSON.stringify(configuration),
    });
const enforcing = networking({ enableNetworkPolicy: "true" });
const cilium = kubernetesResource("apps/v1", "DaemonSet", { metadata: { name: "cilium", namespace: "kube-system" } });

export const networkPolicies: StackRule = {
    id: "AWS-08",
    title: "Something in every EKS cluster enforces network policies",
    severity: "high",
    level: "mandatory",
    scope: "stack",
    kinds: [...clusterKinds, "aws:eks/Addon", "apps/DaemonSet", "helm.sh/Release"],
    controls: controls({ soc2: ["CC6.6"], iso27001: ["8.22"], cisEks: ["4.3.1", "5.4.4"] }),
    why: "Without an engine every NetworkPolicy of the cluster is a text that nobody reads.",
    fix: "give the vpc-cni add-on enableNetworkPolicy in its configuration, or run Cilium",
    link: "https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html",
    samples: {
        passing: [
            sampleOf(component({ name: "sample" }), enforcing),
            sampleOf(cluster({ name: "sample" }), networking({ enableNetworkPolicy: true })),
            sampleOf(cluster({ name: "sample" }), networking(undefined), cilium),
            sampleOf(component({ name: "sample", vpcCniOptions: { enableNetworkPolicy: true } })),
        ],
        failing: [
            { sample: sampleOf(component({ name: "sample" })), problem: "has neither the vpc-cni add-on nor Cilium" },
            {
                sample: sampleOf(cluster({ name: "sample" }), networking({ enableNetworkPolicy: "true" }, "other")),
                problem: "has neither the vpc-cni add-on nor Cilium",
            },
            {
                sample: sampleOf(cluster({ name: "sample" }), networking(undefined)),
                problem: "configurationValues does not set enableNetworkPolicy",
            },
            {
                sample: sampleOf(cluster({ name: "sample" }), networking({ enableNetworkPolicy: "false" })),
                problem: "configurationValues does not set enableNetworkPolicy",
            },
            {
                sample: sampleOf(component({ name: "sample", vpcCniOptions: { enableNetworkPolicy: false } })),
                problem: "vpcCniOptions.enableNetworkPolicy is not true",
            },
        ],
    },
    check: (stack, report) => {
        const clusters = stack.of(...clusterKinds);
        const hasCilium = runsCilium(stack);
        for (const each of clusters.filter((one) => !isOfComponent(one))) {
            if (!hasCilium) checkCluster(each, { stack, clusters }, report);
        }
    },
};

interface Place {
    readonly stack: Stack;
    readonly clusters: readonly Subject[];
}

function checkCluster(subject: Subject, { stack, clusters }: Place, report: StackReport): void {
    const option = subject.object.get("vpcCniOptions", "enableNetworkPolicy");
    if (option.isSet) reportUnset(subject, option, report);
    // In the engine an add-on may name the resource that the component made.
    const made = clusters.filter((one) => stack.parentOf(one)?.resource === subject.resource);
    const to = [subject, ...made];
    const addons = companionsOf(stack, { kinds: ["aws:eks/Addon"], property: "clusterName", to, id: "name" });
    if (option.isSet || addons === undecided) return;
    const names = addons.map(({ object }) => object.get("addonName").text());
    if (!names.includes("vpc-cni") && !names.includes(undecided)) {
        report(subject, { path: "name", problem: "has neither the vpc-cni add-on nor Cilium" });
    }
    for (const addon of addons.filter((_, index) => names[index] === "vpc-cni")) checkAddon(addon, report);
}

function checkAddon(addon: Subject, report: StackReport): void {
    const configuration = addon.object.get("configurationValues");
    if (flag(configuration.json().get("enableNetworkPolicy")) !== false) return;
    report(addon, { path: configuration.path, problem: "does not set enableNetworkPolicy" });
}

function reportUnset(subject: Subject, option: Value, report: StackReport): void {
    const read = option.boolean();
    if (read !== true && read !== undecided) report(subject, { path: option.path, problem: "is not true" });
}

/** Whether Cilium's agent is among the objects, or its chart among the releases. */
function runsCilium(stack: Stack): boolean {
    const isAgent = (subject: Subject) => nameOf({ ...subject, object: subject.object.quietly }) === "cilium";
    const isChart = ({ object }: Subject) => object.quietly.get("chart").text() === "cilium";
    return stack.of("apps/DaemonSet").some(isAgent) || stack.of("helm.sh/Release").some(isChart);
}
