import { controls } from "../../controls";
import { namespaceLabels as demands } from "../../facts/namespaces";
import { absent, undecided } from "../../reading/value";
import type { ResourceRule, Sample } from "../../rule";
import { kubernetesResource, sampleOf } from "../../samples";

const complete = {
    owner: "platform-team",
    "cost-centre": "cc-1001",
    "data-class": "internal",
    environment: "dev",
    "app.kubernetes.io/part-of": "tars",
} as const;

function namespace(labels: Readonly<Record<string, string | undefined>>): Sample {
    const metadata = { name: "shop", labels: { ...complete, ...labels } };
    return sampleOf(kubernetesResource("core/v1", "Namespace", { metadata }));
}

export const namespaceLabels: ResourceRule = {
    id: "NS-07",
    title: "Namespaces say whose they are and how their data is treated",
    severity: "medium",
    // Not repaired: nobody but its owner can say whose a namespace is.
    level: "mandatory",
    scope: "resource",
    kinds: ["core/Namespace"],
    controls: controls({ soc2: ["CC2.1", "CC3.2"], iso27001: ["5.9", "5.12", "5.13"] }),
    why: "In an incident the labels say whom to call, what may have leaked, and who pays; without them somebody has to guess.",
    fix: "set the labels owner, cost-centre, data-class, environment and app.kubernetes.io/part-of",
    link: "https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/",
    samples: {
        passing: [namespace({}), namespace({ "data-class": "restricted", environment: "production" })],
        failing: [
            ...Object.entries(demands).map(([key, { words }]) => ({
                sample: namespace({ [key]: undefined }),
                problem: `metadata.labels.${key} is not set to ${words}`,
            })),
            { sample: namespace({ owner: "" }), problem: "metadata.labels.owner is not set to a team" },
            ...(["data-class", "environment"] as const).map((key) => ({
                sample: namespace({ [key]: "secret" }),
                problem: `metadata.labels.${key} is not set to ${demands[key].words}`,
            })),
        ],
    },
    check: ({ kind, object }, report) => {
        for (const [key, { form, words }] of Object.entries(demands)) {
            const label = object.get("metadata", "labels", key);
            const text = label.text();
            // What a Patch does not state, the namespace that it patches may.
            if (text === undecided || (text === absent && kind.twin === "patch")) continue;
            if (text === absent || !new RegExp(form).test(text)) {
                report({ path: label.path, problem: `is not set to ${words}` });
            }
        }
    },
};
