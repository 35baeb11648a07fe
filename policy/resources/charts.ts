import type { Read } from "../reading/value";
import { isSameNamespace } from "./namespaces";
import type { Stack } from "./stack";

/**
 * Whether a chart may put objects into a namespace that the stack does not show yet: the first preview of a new cluster has the chart and
 * nothing that it holds, because the chart is read when its cluster is there. The engine shows no pack what a chart is asked for with, its
 * namespace included.
 */
export function holdsUnreadChart(stack: Stack, namespace: Read<string>): boolean {
    const unread = stack.of("helm.sh/Chart").filter((chart) => !stack.hasChildren(chart));
    return unread.some(({ object }) => {
        const inputs = object.quietly;
        return !inputs.get("chart").isSet || isSameNamespace(inputs.get("namespace").text(), namespace) !== false;
    });
}
