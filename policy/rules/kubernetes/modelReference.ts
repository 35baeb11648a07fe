import { nameParts } from "../../reading/credential";
import { parseImage } from "./imageReference";
import type { StartText } from "./startTexts";
import { isCommit, isExactVersion } from "./versions";

/** Flags and variables that name a model, as vLLM, Text Generation Inference, KServe's Hugging Face server and transformers have them. */
const modelNames: ReadonlySet<string> = new Set([
    "model",
    "model id",
    "hf model id",
    "model name or path",
    "huggingface model id",
    "vllm model",
]);

const revisionNames: ReadonlySet<string> = new Set(["revision", "model revision", "hf revision"]);

/** `vllm serve org/model`, `hf download org/model`. */
const verbs = /^(?:serve|download)$/;

/** Whether a text, by its name, says which model to load from a public hub: `organisation/model`, no path and no address. */
export function isHubModel({ name, text }: StartText, before: StartText | undefined): boolean {
    const isNamed = modelNames.has(nameParts(name).join(" "));
    const isServed = name === "" && before !== undefined && verbs.test(before.text);
    return (isNamed || isServed) && /^[\w-][\w.-]*\/[\w.-]+$/.test(text);
}

/** Whether a text pins the model that another one names. */
export function isRevision({ name, text }: StartText): boolean {
    return revisionNames.has(nameParts(name).join(" ")) && isCommit(text);
}

/** A flag or variable that lets a model bring code of its own, and that is on. */
export function runsForeignCode({ name, text }: StartText): boolean {
    const parts = nameParts(name === "" && text.startsWith("-") ? text : name).join(" ");
    const isOn = name === "" || !/^(?:false|0|no|off|)$/i.test(text);
    return /(?:^| )trust remote code$/.test(parts) && isOn;
}

/** A flag or variable of a hub's token. */
export function isHubToken({ name, text, from }: StartText): boolean {
    const parts = nameParts(name).join(" ");
    const isNamed =
        /^(?:hf|hugging face hub|huggingface hub|huggingface|huggingfacehub api|hugging face hub api) token$/.test(
            parts,
        );
    const isReference = from === "words" ? /^[$`]/.test(text) : /^\$\([\w.-]+\)$/.test(text);
    return (isNamed && text !== "" && !isReference && !/^[./]/.test(text)) || /\bhf_[A-Za-z\d]{20,}/.test(text);
}

/** What is wrong with the address of a model; undefined for nothing. */
export function problemOfAddress(address: string): string | undefined {
    const [, scheme = "", rest = ""] = /^([a-z][a-z\d+.-]*):\/\/(.*)$/i.exec(address) ?? [];
    if (/:\/\/[^/@\s]*:[^/@\s]+@/.test(address) || /\bhf_[A-Za-z\d]{20,}/.test(address)) return "holds a token";
    switch (scheme.toLowerCase()) {
        // A volume of the cluster is under nobody else's control.
        case "pvc":
        case "":
            return undefined;
        case "hf":
            return isCommit(rest.split(":")[1] ?? "") ? undefined : "names no revision of the model";
        case "oci":
            return parseImage(rest).digest === undefined ? "names no digest of the model" : undefined;
        case "http":
            return "loads a model over http";
        default:
            return rest.split(/[/?=&]/).some(isVersionPart) ? undefined : "names no version of the model";
    }
}

/** A part of a path that says which version it is: `v3`, `1.2.0`, `20261121`, a commit or a digest. */
function isVersionPart(part: string): boolean {
    return (
        /^v?\d+(?:\.\d+){0,2}$/.test(part) ||
        isExactVersion(part) ||
        isCommit(part) ||
        /^(?:sha256[:-])?[\da-f]{64}$/.test(part)
    );
}
