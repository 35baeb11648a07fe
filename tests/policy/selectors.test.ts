import { undecided, Value } from "../../policy/reading/value";
import { bears, selects, selectsAll } from "../../policy/resources/selectors";
import { unknownText } from "./support";

const labels = { app: "web", tier: "front" };
const within = (key: string, ...values: string[]) => ({ matchExpressions: [{ key, operator: "In", values }] });
const outside = (key: string, ...values: string[]) => ({ matchExpressions: [{ key, operator: "NotIn", values }] });
const says = (key: string, operator: string) => ({ matchExpressions: [{ key, operator }] });

describe("a label selector", () => {
    test.each([
        [{}, true],
        [{ matchLabels: {}, matchExpressions: [] }, true],
        [{ matchLabels: { app: "web" } }, true],
        [{ matchLabels: { app: "web", tier: "back" } }, false],
        [{ matchLabels: { absent: "web" } }, false],
        [within("app", "api", "web"), true],
        [within("app", "api"), false],
        [within("absent", "api"), false],
        [outside("app", "api"), true],
        [outside("app", "web"), false],
        [outside("absent", "web"), true],
        [says("app", "Exists"), true],
        [says("absent", "Exists"), false],
        [says("absent", "DoesNotExist"), true],
        [says("app", "DoesNotExist"), false],
        [{ matchLabels: { app: "api" }, ...says("app", "Exists") }, false],
        [unknownText, undecided],
        [{ matchLabels: unknownText }, undecided],
        [{ matchLabels: { app: unknownText } }, undecided],
        // One label that is surely another settles it, whatever the unknown one is.
        [{ matchLabels: { app: unknownText, tier: "back" } }, false],
        [{ matchExpressions: unknownText }, undecided],
        [within("app", unknownText), undecided],
        [within("app", unknownText, "web"), true],
        [says("app", "Like"), undecided],
        // Controllers add these to the pods.
        [{ matchLabels: { "statefulset.kubernetes.io/pod-name": "web-0" } }, undecided],
        ["app=web", undecided],
    ])("%j selects app=web, tier=front: %p", (selector, answer) => {
        expect(selects(Value.unheard(selector), Value.unheard(labels))).toBe(answer);
    });

    test.each([
        [unknownText, { matchLabels: { app: "web" } }, undecided],
        [unknownText, {}, true],
        [unknownText, says("app", "Exists"), undecided],
        [{ app: unknownText }, says("app", "DoesNotExist"), undecided],
        [undefined, { matchLabels: { app: "web" } }, false],
    ])("with labels %j, %j: %p", (of, selector, answer) => {
        expect(selects(Value.unheard(selector), Value.unheard(of))).toBe(answer);
    });

    test("the selector of a Service is a plain mapping", () => {
        expect(bears(Value.unheard(labels), Value.unheard({ app: "web" }))).toBe(true);
        expect(bears(Value.unheard(labels), Value.unheard({ app: "api" }))).toBe(false);
        expect(bears(Value.unheard(labels), Value.unheard(unknownText))).toBe(undecided);
    });

    test.each([
        [{}, true],
        [{ matchLabels: {} }, true],
        [says("app", "Exists"), false],
        [{ matchLabels: unknownText }, undecided],
    ])("%j names nothing: %p", (selector, answer) => {
        expect(selectsAll(Value.unheard(selector))).toBe(answer);
    });
});
