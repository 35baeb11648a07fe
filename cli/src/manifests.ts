import { stringify } from "yaml";
import { field, textField } from "../../simulator/system/files";
import type { Registration } from "./registrations";

/** Keys in the order people expect them; all others follow in their own. */
const topOrder = ["apiVersion", "kind", "metadata", "spec"];
const metadataOrder = ["name", "namespace", "labels", "annotations"];

/** The Kubernetes objects among the registrations: YAML text by `<namespace or _cluster>/<kind>-<name>.yaml`. */
export function manifestsOf(registrations: readonly Registration[]): ReadonlyMap<string, string> {
    const files = new Map<string, string>();
    for (const registration of registrations) {
        const { inputs, type } = registration;
        if (!type.startsWith("kubernetes:") || textField(inputs, "kind") === undefined) continue;
        files.set(freeName(files, registration), manifestText(registration));
    }
    return files;
}

function manifestText({ inputs, name }: Registration): string {
    const metadata = ordered({ name, ...Object(field(inputs, "metadata")) }, metadataOrder);
    return stringify(ordered({ ...inputs, metadata }, topOrder), { lineWidth: 0, aliasDuplicateObjects: false });
}

function ordered(object: Readonly<Record<string, unknown>>, first: readonly string[]): Record<string, unknown> {
    const entries = Object.entries(object);
    const rank = (key: string): number => (first.includes(key) ? first.indexOf(key) : first.length);
    return Object.fromEntries(entries.sort(([a], [b]) => rank(a) - rank(b)));
}

/** Two kinds of one name in different API groups get the group into the name. */
function freeName(files: ReadonlyMap<string, string>, { inputs, name }: Registration): string {
    const metadata = field(inputs, "metadata");
    const folder = fileName(textField(metadata, "namespace") ?? "_cluster");
    const object = textField(metadata, "name") ?? name;
    const kind = textField(inputs, "kind") ?? "";
    const group = (textField(inputs, "apiVersion") ?? "").replace(/\/?[^/]*$/, "");
    const plain = `${folder}/${fileName(`${kind}-${object}`)}.yaml`;
    if (!files.has(plain)) return plain;
    const long = `${folder}/${fileName(`${kind}.${group}-${object}`)}`;
    let number = 1;
    while (files.has(`${long}${number === 1 ? "" : `-${number}`}.yaml`)) number++;
    return `${long}${number === 1 ? "" : `-${number}`}.yaml`;
}

function fileName(text: string): string {
    return text.toLowerCase().replace(/[^a-z0-9._-]/g, "_");
}
