import { Value } from "../reading/value";
import type { Resource, SettingSchema } from "../rule";

/**
 * What the pack takes from one version of somebody else's chart: a file a chart, reviewed with each new version. It excepts single
 * objects of the chart from single rules.
 */
export interface VendorFile {
    /** File name, for messages. */
    readonly file: string;
    readonly chart: string;
    /** The exact version that was reviewed; objects of another are not excepted. */
    readonly version: string;
    readonly exceptions: readonly VendorException[];
}

export interface VendorException {
    readonly rule: string;
    readonly kind: string;
    /** `metadata.name` of the object. */
    readonly name: string;
    readonly reason: string;
}

export const vendorSchema: SettingSchema = {
    type: "object",
    properties: {
        chart: { type: "string", minLength: 1 },
        version: {
            type: "string",
            pattern: "^v?\\d+\\.\\d+\\.\\d+([-+][\\w.+-]+)?$",
            description: "the chart's exact version, such as 1.2.3",
        },
        exceptions: {
            type: "array",
            items: {
                type: "object",
                properties: {
                    rule: { type: "string", minLength: 1 },
                    kind: { type: "string", minLength: 1 },
                    name: { type: "string", minLength: 1 },
                    reason: { type: "string", minLength: 10 },
                },
                required: ["rule", "kind", "name", "reason"],
            },
        },
    },
    required: ["chart", "version", "exceptions"],
};

/** Kinds of Pulumi's charts, as they stand in the URNs of what they hold. */
const chartInUrn = /\$kubernetes:helm\.sh\/v[34]:Chart\$/;

/**
 * Helm's own label for chart and version (https://helm.sh/docs/chart_best_practices/labels/), where `+` of a version is written `_`; or the one that Helm 2
 * had for it, which some charts still write.
 */
export function chartLabelOf({ inputs }: Pick<Resource, "inputs">) {
    const labels = Value.unheard(inputs).get("metadata", "labels");
    const label = labels.get("helm.sh/chart");
    return (label.isSet ? label : labels.get("chart")).text();
}

/** Whether an object comes from the reviewed version of a chart: a child of a Chart that bears the label. */
export function isOfChart(resource: Resource, { chart, version }: VendorFile): boolean {
    return chartInUrn.test(resource.urn) && chartLabelOf(resource) === `${chart}-${version.replaceAll("+", "_")}`;
}
