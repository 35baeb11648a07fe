import { Value } from "../../policy/reading/value";
import { environmentOf, wordsOf } from "../../policy/rules/kubernetes/startTexts";

/** `x` by itself, or `key: x` where it is the value of a flag or variable. */
const wordsIn = (container: object) =>
    wordsOf(Value.unheard(container)).map(({ name, text }) => (name === "" ? text : `${name}: ${text}`));

describe("the words that a container is started with", () => {
    test.each([
        ["a flag with its value", ["--api-key=x"], ["api-key: x"]],
        ["a short flag with its value", ["-p=x"], ["p: x"]],
        ["a variable with its value", ["API_KEY=x"], ["API_KEY: x"]],
        ["a value with an equals sign", ["--label=app=web"], ["label: app=web"]],
        ["a flag without a value", ["--api-key="], ["api-key: "]],
        ["an address with an equals sign", ["https://example.com/?key=x"], ["https://example.com/?key=x"]],
        ["a flag before its value", ["--api-key", "x"], ["--api-key", "api-key: x"]],
        ["a short flag before its value", ["-p", "x"], ["-p", "p: x"]],
        ["a flag after a flag", ["--quiet", "--force"], ["--quiet", "--force"]],
        ["a value that ends in a dash", ["--from", "a-"], ["--from", "from: a-"]],
        ["a word that is no flag", ["one--two", "x"], ["one--two", "x"]],
        ["a script", [" app --key x; ls\n"], ["app", "--key", "key: x", "ls"]],
        ["nothing between words", [" ", "x"], ["x"]],
        ["a text in quotes", [`"'x'"`, `--a='"x"'`], ["x", "a: x"]],
        ["a quote within", [`it's"so"fine`], [`it's"so"fine`]],
    ])("%s", (_, args, words) => expect(wordsIn({ args })).toEqual(words));

    test("go on from the command to its arguments", () => {
        expect(wordsIn({ command: ["app", "--key"], args: ["x"] })).toEqual(["app", "--key", "key: x"]);
    });
});

test("the variables that a container is started with are those with a literal value", () => {
    const env = [{ name: "A", value: "x" }, { value: "y" }, { name: "B", valueFrom: { secretKeyRef: { name: "b" } } }];
    expect(environmentOf(Value.unheard({ env }))).toEqual([
        { path: "env[0].value", name: "A", text: "x", from: "environment" },
        { path: "env[1].value", name: "", text: "y", from: "environment" },
    ]);
});
