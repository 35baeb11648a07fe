import { all } from "../../reading/answers";
import { absent, type Read, undecided, type Value } from "../../reading/value";

/** A label of an object by its key. */
export type LabelOf = (key: string) => Read<string>;

/** Labels as they stand at a place. */
export function labelsAt(labels: Value): LabelOf {
    return (key) => labels.get(key).text();
}

/** Whether a label selector selects an object. An empty selector selects all, one that is not set is the caller's to decide. */
export function selects(selector: Value, labelOf: LabelOf): Read<boolean> {
    if (selector.mapping() === undecided) return undecided;
    const labels = selector.get("matchLabels");
    const expressions = selector.get("matchExpressions");
    return all([
        labels.mapping() === undecided ? undecided : true,
        expressions.isSet && !expressions.isList ? undecided : true,
        ...labels.keys().map((key) => isEqual(labels.get(key).text(), labelOf(key))),
        ...expressions.items().map((expression) => meets(expression, labelOf)),
    ]);
}

function meets(expression: Value, labelOf: LabelOf): Read<boolean> {
    const [key, operator] = [expression.get("key").text(), expression.get("operator").text()];
    if (typeof key !== "string" || typeof operator !== "string") return undecided;
    const label = labelOf(key);
    const values = expression
        .get("values")
        .items()
        .map((value) => value.text());
    const isIn = label === undecided ? undecided : values.includes(label) || (values.includes(undecided) && undecided);
    switch (operator) {
        case "In":
            return isIn;
        case "NotIn":
            return isIn === undecided ? undecided : !isIn;
        case "Exists":
            return label === undecided ? undecided : label !== absent;
        case "DoesNotExist":
            return label === undecided ? undecided : label === absent;
        default:
            return undecided;
    }
}

function isEqual(wanted: Read<string>, found: Read<string>): Read<boolean> {
    return wanted === undecided || found === undecided ? undecided : wanted === found;
}
