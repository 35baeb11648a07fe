import { type Answer, all, any, isSame } from "../reading/answers";
import { absent, type Read, undecided, type Value } from "../reading/value";

/**
 * Labels that controllers put on their pods beside those of the template, so that a selector may ask for them.
 *
 * @see https://kubernetes.io/docs/reference/labels-annotations-taints/
 */
const addedLater: ReadonlySet<string> = new Set([
    "apps.kubernetes.io/pod-index",
    "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-completion-index",
    "batch.kubernetes.io/job-name",
    "controller-revision-hash",
    "controller-uid",
    "job-name",
    "pod-template-hash",
    "statefulset.kubernetes.io/pod-name",
]);

/** A label of an object by its key. */
export type LabelOf = (key: string) => Read<string>;

/** Labels as they stand at a place. Absent is only what will be absent from the pods as well. */
export function labelsAt(labels: Value): LabelOf {
    return (key) => {
        const label = labels.get(key).text();
        return label === absent && addedLater.has(key) ? undecided : label;
    };
}

/** Whether a LabelSelector selects what bears these labels; one that names nothing selects everything. */
export function selects(selector: Value, labels: Value | LabelOf): Answer {
    const expressions = selector.get("matchExpressions");
    if (selector.mapping() === undecided) return undecided;
    if (expressions.isSet && !expressions.isList) return undecided;
    return all([
        bears(labels, selector.get("matchLabels")),
        ...expressions.items().map((expression) => meets(labels, expression)),
    ]);
}

/** Whether all of `wanted` is among the labels: the `matchLabels` of a LabelSelector, or the whole selector of a Service. */
export function bears(labels: Value | LabelOf, wanted: Value): Answer {
    if (wanted.mapping() === undecided) return undecided;
    return all(wanted.keys().map((key) => isSame(wanted.get(key).text(), asFunction(labels)(key))));
}

/** Whether a LabelSelector names nothing, and so selects everything. */
export function selectsAll(selector: Value): Answer {
    const [labels, expressions] = [selector.get("matchLabels"), selector.get("matchExpressions")];
    if (labels.mapping() === undecided || selector.mapping() === undecided) return undecided;
    if (expressions.isSet && !expressions.isList) return undecided;
    return labels.keys().length === 0 && expressions.items().length === 0;
}

function asFunction(labels: Value | LabelOf): LabelOf {
    return typeof labels === "function" ? labels : labelsAt(labels);
}

/** One of `matchExpressions`, by its four operators; any other is refused by the API and selects nobody knows what. */
function meets(labels: Value | LabelOf, expression: Value): Answer {
    const [key, operator] = [expression.get("key").text(), expression.get("operator").text()];
    if (typeof key !== "string" || typeof operator !== "string") return undecided;
    const label = asFunction(labels)(key);
    const isAmong = () =>
        any(
            expression
                .get("values")
                .items()
                .map((value) => isSame(value.text(), label)),
        );
    if (operator === "In") return isAmong();
    if (operator === "NotIn") return negated(isAmong());
    if (operator === "Exists") return label === undecided ? undecided : label !== absent;
    return operator === "DoesNotExist" && label !== undecided ? label === absent : undecided;
}

function negated(answer: Answer): Answer {
    return answer === undecided ? undecided : !answer;
}
