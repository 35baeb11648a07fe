import { controls } from "../../controls";
import { isSame } from "../../reading/answers";
import { absent, undecided, type Value } from "../../reading/value";
import { type NodePool, nodePoolsOf, tolerates } from "../../resources/nodePools";
import { type PodSet, podSetsOf } from "../../resources/podSets";
import { containersOf, everyPodTemplate } from "../../resources/podTemplates";
import type { Settings, StackReport, StackRule } from "../../rule";
import { sampleOf } from "../../samples";
import { accountsIn, accountsSetting, isListed } from "../listedAccounts";
import { offeredBy } from "./devicePlugin";
import { asking, awsPool, azurePool, gpu, placed, pluginConfig, toleration } from "./gpus.samples";

/** GPUs as pods ask for them: whole, shared in time, or in slices. */
const gpuResource = /^(nvidia\.com\/(gpu(\.shared)?|mig-.+)|amd\.com\/gpu)$/;

const gpuTaints: ReadonlySet<string> = new Set([gpu, "amd.com/gpu", "sku"]);

/** Agents of the platform itself that look after GPUs without taking one; a pack configuration that gives a list replaces them. */
const ownAgents = [
    {
        namespace: "gpu-resources",
        serviceAccount: "nvidia-device-plugin",
        reason: "tells the kubelet of the GPUs that others then ask for",
    },
    {
        namespace: "image-pull",
        serviceAccount: "image-pull",
        reason: "holds the image that pods with GPUs then run, and sleeps",
    },
] as const;

const mixed = pluginConfig({ flags: { migStrategy: "mixed" } });
const slice = asking({ limits: { "nvidia.com/mig-1g.10gb": "1" } });
const renamed = pluginConfig({
    sharing: { timeSlicing: { renameByDefault: true, resources: [{ name: gpu, replicas: 4 }] } },
});
const shared = asking({ limits: { "nvidia.com/gpu.shared": "1" } });

export const gpus: StackRule = {
    id: "REL-09",
    title: "Pods that ask for GPUs find them, and others leave them alone",
    severity: "high",
    level: "mandatory",
    scope: "stack",
    kinds: [
        everyPodTemplate,
        "aws:eks/NodeGroup",
        "azure-native:containerservice/AgentPool",
        "karpenter.sh/NodePool",
        "core/ConfigMap",
    ],
    controls: controls({ soc2: ["A1.1", "CC5.2"], iso27001: ["8.6"] }),
    why: "A pod that no pool fits waits for ever, and one that needs no GPU keeps the dearest machines busy.",
    fix: "let limits and requests be the same, nodeSelector and tolerations fit a pool with GPUs, and the device plugin offer the name that is asked for",
    link: "https://kubernetes.io/docs/tasks/manage-gpus/scheduling-gpus/",
    settings: {
        gpuAgents: accountsSetting({
            description: "Pods that work on nodes with GPUs without asking for one; without it, those of the platform",
            reason: "What they do there",
        }),
    },
    samples: {
        passing: [
            sampleOf(placed, awsPool()),
            sampleOf(placed, azurePool()),
            // A cluster of somebody else has nodes that nobody sees.
            sampleOf(placed),
            sampleOf(asking({ pod: { tolerations: [{ key: "node-type", operator: "Exists" }] } }), awsPool()),
            sampleOf(
                asking({
                    namespace: "gpu-resources",
                    pod: { serviceAccountName: "nvidia-device-plugin", tolerations: [toleration] },
                }),
            ),
            sampleOf(slice, mixed),
            sampleOf(shared, renamed),
            sampleOf(asking({ limits: { [gpu]: 1 } }), pluginConfig({})),
        ],
        failing: [
            {
                sample: sampleOf(asking({ limits: { [gpu]: "2" }, requests: { [gpu]: "1" } })),
                problem: "is not the same as the limit",
            },
            { sample: sampleOf(asking({ requests: { [gpu]: "1" } })), problem: "is not the same as the limit" },
            {
                sample: sampleOf(placed, awsPool({ instanceTypes: ["m6i.xlarge"] })),
                problem: "fits no node pool with GPUs",
            },
            {
                sample: sampleOf(placed, azurePool({ vmSize: "Standard_D4ds_v6" })),
                problem: "fits no node pool with GPUs",
            },
            {
                sample: sampleOf(placed, awsPool({ labels: { "node-type": "other" } })),
                problem: "fits no node pool with GPUs",
            },
            {
                sample: sampleOf(placed, azurePool({ nodeTaints: ["dedicated=models:NoSchedule"] })),
                problem: "fits no node pool with GPUs",
            },
            {
                sample: sampleOf(asking({ limits: { [gpu]: "1" } }), awsPool()),
                problem: "fits no node pool with GPUs",
            },
            {
                sample: sampleOf(asking({ pod: { tolerations: [toleration] } })),
                problem: "tolerates the taint of GPUs without asking for one",
            },
            {
                sample: sampleOf(asking({ pod: { tolerations: [{ operator: "Exists" }] } })),
                problem: "tolerates the taint of GPUs without asking for one",
            },
            { sample: sampleOf(slice, pluginConfig({})), problem: "is no name that the device plugin offers" },
            { sample: sampleOf(shared, pluginConfig({})), problem: "is no name that the device plugin offers" },
            {
                sample: sampleOf(asking({ limits: { [gpu]: "1" } }), renamed),
                problem: "is no name that the device plugin offers",
            },
        ],
    },
    check: (stack, report, { settings }) => {
        const place = { pools: nodePoolsOf(stack), offered: offeredBy(stack) };
        for (const set of podSetsOf(stack)) {
            const asked = reportAsked(set, place.offered, report);
            if (asked) checkPools(set, place.pools, report);
            else checkTolerations(set, settings, report);
        }
    },
};

/** Whether the pods ask for a GPU, each of which is judged. */
function reportAsked(set: PodSet, offered: ReturnType<typeof offeredBy>, report: StackReport): boolean {
    const resources = containersOf(set).map(({ value }) => value.get("resources"));
    const asked = resources.flatMap((each) => {
        const [limits, requests] = [each.get("limits"), each.get("requests")];
        const names = new Set([...limits.keys(), ...requests.keys()].filter((name) => gpuResource.test(name)));
        return [...names].map((name) => ({ name, limit: limits.get(name), request: requests.get(name) }));
    });
    for (const { name, limit, request } of asked) {
        const [most, least] = [limit.quantity(), request.quantity()];
        // A limit stands in for the request.
        if (least !== absent && least !== undecided && most !== undecided && most !== least) {
            report(set.subject, { path: request.path, problem: "is not the same as the limit" });
        }
        if (offered && !offered(name)) {
            report(set.subject, { path: limit.path, problem: "is no name that the device plugin offers" });
        }
    }
    return asked.length > 0;
}

/** Where the stack makes no nodes, those of its cluster are unknown, and nothing is asked. */
function checkPools({ subject, spec }: PodSet, pools: readonly NodePool[], report: StackReport): void {
    if (pools.length === 0 || pools.some((pool) => mayTake(pool, spec))) return;
    report(subject, { path: spec.path, problem: "fits no node pool with GPUs" });
}

/** Labels that every node has by itself are left to the scheduler. */
function mayTake({ labels, taints, hasGpus }: NodePool, spec: Value): boolean {
    const selector = spec.get("nodeSelector");
    const wanted = selector
        .keys()
        .filter((key) => !/(^|\.)kubernetes\.(io|azure\.com)\/|^karpenter\.|amazonaws\.com\//.test(key));
    const fits = wanted.every((key) => isSame(selector.get(key).text(), labels.get(key).text()) !== false);
    const repelling = taints.filter(({ effect }) => effect !== "PreferNoSchedule");
    return hasGpus !== false && fits && repelling.every((taint) => tolerates(spec, taint));
}

/** A toleration of every taint is one of this taint too. */
function checkTolerations({ subject, spec }: PodSet, settings: Settings, report: StackReport): void {
    for (const each of spec.get("tolerations").items()) {
        const [key, operator] = [each.get("key").text(), each.get("operator").text()];
        const isForGpus = typeof key === "string" ? gpuTaints.has(key) : key === absent && operator === "Exists";
        if (!isForGpus || isAgent({ subject, spec }, settings)) continue;
        report(subject, { path: each.path, problem: "tolerates the taint of GPUs without asking for one" });
    }
}

function isAgent({ subject, spec }: Pick<PodSet, "subject" | "spec">, settings: Settings): boolean {
    return isListed(accountsIn(settings.gpuAgents ?? ownAgents), spec, subject);
}
