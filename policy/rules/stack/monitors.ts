import { absent, type Read, undecided, type Value } from "../../reading/value";
import { keyOf } from "../../resources/kind";
import type { Stack } from "../../resources/stack";
import { namespaceOf, type Subject } from "../../resources/subject";

const serviceMonitor = "monitoring.coreos.com/ServiceMonitor";
const podMonitor = "monitoring.coreos.com/PodMonitor";

export const monitorKinds = [serviceMonitor, podMonitor] as const;

/** Whether a monitor selects a service: its labels, or for a PodMonitor the labels by which it selects its pods. */
export function isMonitored(service: Subject, stack: Stack): boolean {
    const namespace = namespaceOf(service);
    return stack.of(...monitorKinds).some((monitor) => {
        const labels =
            keyOf(monitor.kind) === podMonitor
                ? service.object.get("spec", "selector")
                : service.object.get("metadata", "labels");
        return isInReach(monitor, namespace) && selects(monitor.object.get("spec", "selector"), labels);
    });
}

/** Without a namespace selector a monitor looks into its own namespace only. */
function isInReach(monitor: Subject, namespace: Read<string>): boolean {
    const selector = monitor.object.get("spec", "namespaceSelector");
    if (selector.get("any").boolean() === true) return true;
    const names = selector.get("matchNames");
    const read = names.items().map((name) => name.text());
    const own = namespaceOf(monitor);
    if (read.length === 0) return own === namespace || own === undecided || (names.isSet && !names.isList);
    return read.includes(namespace) || read.includes(undecided);
}

/** An empty selector selects everything. What cannot be read of one is noted, and is taken to fit. */
function selects(selector: Value, labels: Value): boolean {
    const wanted = selector.get("matchLabels");
    const isMatched = wanted.keys().every((key) => fits(wanted.get(key).text(), labels.get(key).text()));
    wanted.mapping(); // notes labels that cannot be read
    const expressions = selector.get("matchExpressions").items();
    return isMatched && expressions.every((expression) => holds(expression, labels));
}

function fits(wanted: Read<string>, found: Read<string>): boolean {
    return wanted === undecided || found === undecided || wanted === found;
}

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#resources-that-support-set-based-requirements */
function holds(expression: Value, labels: Value): boolean {
    const key = expression.get("key").text();
    const operator = expression.get("operator").text();
    if (typeof key !== "string" || operator === undecided) return key === undecided || operator === undecided;
    const found = labels.get(key).text();
    const values = expression.get("values").texts();
    const isIn = found === undecided || (found !== absent && values.includes(found));
    if (operator === "In") return isIn;
    if (operator === "NotIn") return found === undecided || !isIn;
    return operator === "Exists" ? found !== absent : found === absent || found === undecided;
}
