import { controls } from "../../controls";
import { type Answer, all, any } from "../../reading/answers";
import { undecided } from "../../reading/value";
import { isSameNamespace } from "../../resources/namespaces";
import type { Stack } from "../../resources/stack";
import { nameOf, namespaceOf, type Subject } from "../../resources/subject";
import type { Resource, StackReport, StackRule } from "../../rule";
import { kubernetesResource, sampleOf } from "../../samples";
import { shop, shopNamespace } from "./stackSamples";

/** GPUs, whole or in slices, as a quota counts them. */
const gpus = /^requests\.(nvidia\.com\/(gpu(\.shared)?|mig-.+)|amd\.com\/gpu)$/;

const inShop = { name: "limits", namespace: shop } as const;

function quota(hard: Readonly<Record<string, string>>): Resource {
    return kubernetesResource("core/v1", "ResourceQuota", { metadata: inShop, spec: { hard } });
}

function limitRange(limits: readonly unknown[]): Resource {
    return kubernetesResource("core/v1", "LimitRange", { metadata: inShop, spec: { limits } });
}

const ceilings = quota({ "requests.cpu": "4", "requests.nvidia.com/gpu": "0" });
const defaults = limitRange([{ type: "Container", default: { memory: "256Mi" } }]);

export const namespaceCeilings: StackRule = {
    id: "NS-06",
    title: "Namespaces have ceilings, for GPUs too",
    severity: "medium",
    level: "mandatory",
    scope: "stack",
    kinds: ["core/Namespace", "core/ResourceQuota", "core/LimitRange"],
    controls: controls({ soc2: ["A1.1"], iso27001: ["8.6"], cisKubernetes: ["5.7.1"] }),
    why: "One team's loop takes the nodes, and the GPUs, of all; a pod that says nothing takes what it likes.",
    fix: "add a ResourceQuota, with requests.nvidia.com/gpu (0 where none is needed), and a LimitRange to the namespace",
    link: "https://kubernetes.io/docs/concepts/policy/resource-quotas/",
    samples: {
        passing: [
            sampleOf(shopNamespace, ceilings, defaults),
            // Quotas add up.
            sampleOf(shopNamespace, quota({ pods: "4" }), quota({ "requests.nvidia.com/mig-1g.10gb": "1" }), defaults),
        ],
        failing: [
            { sample: sampleOf(shopNamespace, defaults), problem: "has no ResourceQuota" },
            { sample: sampleOf(shopNamespace, quota({}), defaults), problem: "has no ResourceQuota" },
            {
                sample: sampleOf(shopNamespace, quota({ pods: "4" }), defaults),
                problem: "has no ResourceQuota for GPUs",
            },
            { sample: sampleOf(shopNamespace, ceilings), problem: "has no LimitRange" },
            { sample: sampleOf(shopNamespace, ceilings, limitRange([])), problem: "has no LimitRange" },
        ],
    },
    check: (stack, report) => {
        // A Patch is about a namespace that somebody else made.
        for (const namespace of stack.of("core/Namespace").filter(({ kind }) => kind.twin !== "patch")) {
            checkNamespace(stack, namespace, report);
        }
    },
};

/** An object that may be of the namespace. */
interface Own {
    readonly subject: Subject;
    readonly isIn: Answer;
}

function checkNamespace(stack: Stack, namespace: Subject, report: StackReport): void {
    const name = nameOf(namespace);
    const own = (kind: string): readonly Own[] =>
        stack.of(kind).map((subject) => ({ subject, isIn: isSameNamespace(namespaceOf(subject), name) }));
    const quotas = own("core/ResourceQuota");
    const limited = any(quotas.map(({ subject, isIn }) => all([isIn, counts(subject, /./)])));
    const needs: readonly { readonly what: string; readonly met: Answer }[] = [
        { what: "ResourceQuota", met: limited },
        {
            what: "ResourceQuota for GPUs",
            met: limited === false || any(quotas.map(({ subject, isIn }) => all([isIn, counts(subject, gpus)]))),
        },
        {
            what: "LimitRange",
            met: any(own("core/LimitRange").map(({ subject, isIn }) => all([isIn, limits(subject)]))),
        },
    ];
    for (const { what, met } of needs.filter((need) => need.met !== true)) {
        const unsure = met === undecided;
        report(namespace, {
            path: "metadata.name",
            problem: `${unsure ? "may have" : "has"} no ${what}`,
            undecided: unsure,
        });
    }
}

function counts({ object }: Subject, resource: RegExp): Answer {
    const hard = object.get("spec", "hard");
    if (hard.mapping() === undecided) return undecided;
    return hard.keys().some((key) => resource.test(key));
}

function limits({ object }: Subject): Answer {
    const list = object.get("spec", "limits");
    const count = list.items().length;
    return list.isSet && !list.isList ? undecided : count > 0;
}
