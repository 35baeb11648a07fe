import { controls } from "../../controls";
import type { Value } from "../../reading/value";
import { containersOf, everyPodTemplate, podTemplatesOf } from "../../resources/podTemplates";
import type { Report, ResourceRule, Sample } from "../../rule";
import { kubernetesResource, sampleOf } from "../../samples";
import { isHubModel, isHubToken, isRevision, problemOfAddress, runsForeignCode } from "./modelReference";
import { environmentOf, type StartText, wordsOf } from "./startTexts";

const commit = "47182b000281746209f8b2ecb63b69dd4e02876b";
const token = ["hf", "a1B2".repeat(8)].join("_");

/** Where KServe's objects may say what model they serve, at most so deep: `spec.predictor.model.storageUri`, and beside it args and env. */
const deepestModel = 8;

function served(predictor: unknown, kind = "InferenceService"): Sample {
    const metadata = { name: "app", namespace: "shop" };
    return sampleOf(kubernetesResource("serving.kserve.io/v1beta1", kind, { metadata, spec: { predictor } }));
}

const from = (storageUri: string) => served({ model: { modelFormat: { name: "huggingface" }, storageUri } });
const container = (set: Readonly<Record<string, unknown>>): Sample => ({ kind: "container", set });

export const models: ResourceRule = {
    id: "IMG-06",
    title: "Models are pinned, bring no code and are fetched with no token in sight",
    severity: "high",
    level: "mandatory",
    scope: "resource",
    kinds: [everyPodTemplate],
    controls: controls({ soc2: ["CC6.8", "CC8.1"], iso27001: ["5.21", "8.28"] }),
    why: "A model is a program of somebody else's: what its name stands for can be changed at any time, and with remote code it does what it likes in the pod.",
    fix: "name the commit of the model's revision, or a version in the path of a store of your own, leave trust-remote-code off, and refer to tokens by valueFrom",
    link: "https://huggingface.co/docs/hub/security",
    samples: {
        passing: [
            container({ args: ["--model", "org/model", "--revision", commit] }),
            container({ args: ["--model=/models/llama"], env: [{ name: "TRUST_REMOTE_CODE", value: "false" }] }),
            container({ env: [{ name: "HF_TOKEN", valueFrom: { secretKeyRef: { name: "hub", key: "token" } } }] }),
            container({
                env: [
                    { name: "MODEL_ID", value: "org/model" },
                    { name: "REVISION", value: commit },
                ],
            }),
            from(`hf://org/model:${commit}`),
            from("s3://models/llama/v3"),
            from("pvc://models/llama"),
            from(`oci://registry.example.com/models/llama@sha256:${"0".repeat(64)}`),
        ],
        failing: [
            { sample: container({ args: ["--model", "org/model"] }), problem: "names a model without a revision" },
            {
                sample: container({ args: ["--model=org/model", "--revision=main"] }),
                problem: "names a model without a revision",
            },
            {
                sample: container({ command: ["vllm", "serve", "org/model"] }),
                problem: "names a model without a revision",
            },
            {
                sample: container({ env: [{ name: "MODEL_ID", value: "org/model" }] }),
                problem: "names a model without a revision",
            },
            { sample: container({ args: ["--trust-remote-code"] }), problem: "lets the model bring its own code" },
            { sample: container({ args: ["--trust_remote_code=true"] }), problem: "lets the model bring its own code" },
            {
                sample: container({ env: [{ name: "VLLM_TRUST_REMOTE_CODE", value: "1" }] }),
                problem: "lets the model bring its own code",
            },
            { sample: container({ env: [{ name: "HF_TOKEN", value: "x" }] }), problem: "is a token of a hub" },
            { sample: container({ args: [`--download=${token}`] }), problem: "is a token of a hub" },
            { sample: from("hf://org/model"), problem: "names no revision of the model" },
            { sample: from("hf://org/model:main"), problem: "names no revision of the model" },
            { sample: from("oci://registry.example.com/models/llama:1.0.0"), problem: "names no digest of the model" },
            { sample: from("s3://models/llama"), problem: "names no version of the model" },
            { sample: from("http://models.example.com/v1/model"), problem: "loads a model over http" },
            { sample: from("https://user:word@models.example.com/v1"), problem: "holds a token" },
            {
                sample: served({ model: { args: ["--model_id=org/model"] } }),
                problem: "names a model without a revision",
            },
            {
                sample: served(
                    { containers: [{ name: "a", image: "a:1", args: ["--trust-remote-code"] }] },
                    "ClusterServingRuntime",
                ),
                problem: "lets the model bring its own code",
            },
        ],
    },
    check: (subject, report) => {
        for (const template of podTemplatesOf(subject)) {
            for (const { value } of containersOf(template)) checkStart(value, report);
        }
        if (subject.kind.group === "serving.kserve.io") checkServed(subject.object.get("spec"), deepestModel, report);
    },
};

function checkStart(container: Value, report: Report): void {
    const texts = [...environmentOf(container), ...wordsOf(container)];
    const isPinned = texts.some(isRevision);
    texts.forEach((text, index) => {
        for (const problem of problemsOf(text, texts[index - 1], isPinned)) report({ path: text.path, problem });
    });
}

function problemsOf(text: StartText, before: StartText | undefined, isPinned: boolean): readonly string[] {
    return [
        ...(isHubModel(text, before) && !isPinned ? ["names a model without a revision"] : []),
        ...(runsForeignCode(text) ? ["lets the model bring its own code"] : []),
        ...(isHubToken(text) ? ["is a token of a hub"] : []),
    ];
}

/** What KServe makes a container of without its being one: a model with its address, arguments and environment. */
function checkServed(value: Value, depth: number, report: Report): void {
    if (depth === 0) return;
    if (value.isList) {
        for (const item of value.items()) checkServed(item, depth - 1, report);
        return;
    }
    for (const key of value.keys()) {
        const inner = value.get(key);
        if (key === "storageUri" || (key === "uri" && value.path.endsWith(".model"))) checkAddress(inner, report);
        else if (key === "model") checkStart(inner, report);
        checkServed(inner, depth - 1, report);
    }
}

function checkAddress(address: Value, report: Report): void {
    const text = address.text();
    const problem = typeof text === "string" ? problemOfAddress(text) : undefined;
    if (problem !== undefined) report({ path: address.path, problem });
}
