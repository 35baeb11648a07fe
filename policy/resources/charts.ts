import type { Read } from "../reading/value";
import { isSameNamespace } from "./namespaces";
import type { Stack } from "./stack";

/**
 * Whether a chart may put objects into a namespace that the stack does not show yet: the first preview of a new cluster has the chart and
 * nothing that it holds, because the chart is read when its cluster is there.
 */
export function holdsUnreadChart(stack: Stack, namespace: Read<string>): boolean {
    return stack
        .of("helm.sh/Chart")
        .some(
            (chart) =>
                !stack.hasChildren(chart) &&
                isSameNamespace(chart.object.quietly.get("namespace").text(), namespace) !== false,
        );
}
