import { admissionLabel } from "../../policy/admission/bindings";
import type { Labels } from "../foundation/labels";

/** Labels of an object that is in no namespace, so that the API server holds it to the pack's rules as it does what is in the platform's namespaces. */
export function clusterWide(labels: Labels): Labels {
    return { ...labels, ...admissionLabel };
}
