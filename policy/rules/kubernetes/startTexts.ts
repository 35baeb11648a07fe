import type { Value } from "../../reading/value";

/** A piece of what a container is started with: a variable of its environment, or a word of its command and arguments. */
export interface StartText {
    /** Where it stands. */
    readonly path: string;
    /** The variable or flag that it is the value of, without dashes; empty where it stands by itself. */
    readonly name: string;
    readonly text: string;
    readonly from: "environment" | "words";
}

/** Variables with a literal value. What comes by reference (`valueFrom`) is no literal. */
export function environmentOf(container: Value): readonly StartText[] {
    return container
        .get("env")
        .items()
        .flatMap((variable) => {
            const [name, value] = [variable.get("name").text(), variable.get("value")];
            const text = value.text();
            if (typeof text !== "string") return [];
            return [
                { path: value.path, name: typeof name === "string" ? name : "", text, from: "environment" } as const,
            ];
        });
}

/** Whole elements of `command` and `args`. */
export function elementsOf(container: Value): readonly Pick<StartText, "path" | "text">[] {
    return [...container.get("command").items(), ...container.get("args").items()].flatMap((element) => {
        const text = element.text();
        return typeof text === "string" ? [{ path: element.path, text }] : [];
    });
}

/**
 * The words of `command` and `args`, those of scripts among them too, each with the flag that it belongs to:
 * `--name=text`, `--name text` and `NAME=text` alike.
 */
export function wordsOf(container: Value): readonly StartText[] {
    const words = elementsOf(container).flatMap(({ path, text }) => split(text).map((word) => ({ path, word })));
    return words.map(({ path, word }, index) => {
        const assignment = /^-{0,2}([A-Za-z_][\w.-]*)=(.*)/s.exec(word);
        if (assignment) return { path, name: assignment[1] ?? "", text: unquoted(assignment[2] ?? ""), from: "words" };
        const flag = /^--?([A-Za-z][\w.-]*)$/.exec(words[index - 1]?.word ?? "");
        return { path, name: word.startsWith("-") ? "" : (flag?.[1] ?? ""), text: unquoted(word), from: "words" };
    });
}

function split(text: string): readonly string[] {
    return text.match(/[^\s;]+/g) ?? [];
}

function unquoted(word: string): string {
    return word.replace(/^["']+|["']+$/g, "");
}
