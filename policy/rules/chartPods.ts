import { chartPods } from "../facts/charts";
import type { PodTemplate } from "../resources/podTemplates";
import type { Subject } from "../resources/subject";
import type { Report } from "../rule";
import { isListed } from "./listedAccounts";

/**
 * A report that drops what is found in pods of charts for which the rule does not hold. Whose pod it is, is asked only once something was found:
 * where that is not known, it is noted and nothing is refused.
 */
export function reportUnlessOfChart(
    rule: string,
    { template: { spec }, subject }: { readonly template: PodTemplate; readonly subject: Subject },
    report: Report,
): Report {
    const listed = chartPods.filter(({ rules }) => rules.includes(rule));
    return (finding) => {
        if (!isListed(listed, spec, subject)) report(finding);
    };
}
