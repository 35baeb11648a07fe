import { undecided, type Value } from "../../reading/value";
import { isJoined, type Stack } from "../../resources/stack";
import type { Subject } from "../../resources/subject";

export interface Companionship {
    /** Kinds of the companions, and their input that names the other resource. */
    readonly kinds: readonly string[];
    readonly property: string;
    /** Resources that stand for the other one: itself, and in the engine also what a component made of it. */
    readonly to: readonly Subject[];
    /** Where each of these states the name that it goes by. @default "id" */
    readonly id?: string;
}

/** The companions of a resource; `undecided`, and noted, where it seems to have none but one of them may still be its. */
export function companionsOf(stack: Stack, companionship: Companionship): readonly Subject[] | typeof undecided {
    const { kinds, property, to, id = "id" } = companionship;
    const all = stack.of(...kinds);
    const own = all.filter((from) =>
        to.some((one) => isJoined(stack, { from, property, to: one, id: one.object.get(id) })),
    );
    if (own.length > 0) return own;
    const unsure = all.filter(
        (from) => stack.sourcesOf(from, property).length === 0 && isUnknown(from.object.get(property)),
    );
    for (const from of unsure) from.object.get(property).text();
    return unsure.length > 0 ? undecided : own;
}

const isUnknown = (value: Value) => value.quietly.text() === undecided;
