import { parseDocument } from "yaml";
import { absent, type Read, undecided, Value } from "../../reading/value";
import { keyOf } from "../../resources/kind";
import { nameOf, type Subject } from "../../resources/subject";

/** Kinds that hold the configuration of a mesh: what istiod reads, and the chart that writes it. */
export const meshConfigKinds = ["core/ConfigMap", "helm.sh/Chart"] as const;

/** The configuration of a mesh, and where it stands. */
export interface MeshConfig {
    readonly path: string;
    /** The text at these keys; in a ConfigMap, which is a text itself, what is no text there is as good as nothing. */
    readonly text: (...keys: readonly string[]) => Read<string>;
}

/**
 * The MeshConfig that an object holds; undefined for any other object. Istiod reads the ConfigMap `istio`, or `istio-<revision>`, and
 * its chart writes `meshConfig` of its values there.
 *
 * @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/
 */
export function meshConfigOf(subject: Subject): MeshConfig | undefined {
    return keyOf(subject.kind) === "helm.sh/Chart" ? ofChart(subject) : ofConfigMap(subject);
}

function ofChart({ object }: Subject): MeshConfig | undefined {
    if (!/(^|\/)istiod$/.test(String(object.get("chart").text()))) return undefined;
    const content = object.get("values", "meshConfig");
    return { path: content.path, text: (...keys) => content.get(...keys).text() };
}

function ofConfigMap(subject: Subject): MeshConfig | undefined {
    if (!/^istio(-|$)/.test(String(nameOf({ ...subject, object: subject.object.quietly })))) return undefined;
    const mesh = subject.object.get("data", "mesh");
    const text = mesh.text();
    if (typeof text !== "string") return undefined;
    const content = Value.unheard(contentOf(text));
    return {
        path: mesh.path,
        text: (...keys) => {
            const read = content.get(...keys).text();
            return read === undecided ? absent : read;
        },
    };
}

function contentOf(text: string): unknown {
    const document = parseDocument(text);
    return document.errors.length > 0 ? {} : document.toJS();
}
