import { type Finding, judge, type Resource, today } from "tars-platform-policy/judge";
import { field, textField } from "../../../simulator/system/files";
import { judgedResources, statedPurpose } from "../judgedResources";
import { loadConfiguration, packTerms } from "../policy/terms";
import type { Registration } from "../registrations";

/** Objects that a chart renders, with the registration of the chart. */
export interface Contents {
    readonly chart: Registration;
    readonly objects: readonly unknown[];
}

/**
 * The mandatory findings on what charts render, by URN of the chart. Their objects are judged where an update would have them: in their stack, beside
 * the namespaces, quotas and rules for traffic that it makes for them.
 */
export function judgeContents(
    stack: string,
    registrations: readonly Registration[],
    contents: readonly Contents[],
): ReadonlyMap<string, readonly Finding[]> {
    const own = judgedResources(registrations);
    const children = contents.map(({ chart, objects }) => {
        const place = own.find(({ urn }) => urn === chart.urn);
        return { chart, resources: objects.map((object) => childOf(chart, object, place)) };
    });
    const purpose = statedPurpose(stack);
    const all = [...own, ...children.flatMap(({ resources }) => resources)];
    const { findings } = judge(all, loadConfiguration(undefined), packTerms(today())(purpose));
    const mandatory = findings.filter(({ level }) => level === "mandatory");
    return new Map(
        children.map(({ chart, resources }) => {
            const urns = new Set(resources.map(({ urn }) => urn));
            return [chart.urn, mandatory.filter(({ resource }) => urns.has(resource))];
        }),
    );
}

/** As the kubernetes provider registers what a chart renders. */
function childOf(chart: Registration, object: unknown, place: Resource | undefined): Resource {
    const [apiVersion, kind] = [textField(object, "apiVersion") ?? "", textField(object, "kind") ?? ""];
    const type = `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
    const metadata = field(object, "metadata");
    const [namespace, own] = [textField(metadata, "namespace"), textField(metadata, "name") ?? ""];
    const name = `${chart.name}:${namespace === undefined ? own : `${namespace}/${own}`}`;
    const outer = chart.urn.slice(0, chart.urn.lastIndexOf("::"));
    return {
        ...(place?.provider && { provider: place.provider }),
        urn: `${outer}$${type}::${name}`,
        type,
        name,
        inputs: object,
        parent: chart.urn,
    };
}
