import { absent, type Read, undecided } from "./value";

/** Yes, no, or not to be told. */
export type Answer = boolean | typeof undecided;

/** False as soon as one is false, else undecided as soon as one is. */
export function all(answers: readonly Read<boolean>[]): Answer {
    if (answers.includes(false)) return false;
    return answers.includes(undecided) || answers.includes(absent) ? undecided : true;
}

/** True as soon as one is true, else undecided as soon as one is. */
export function any(answers: readonly Read<boolean>[]): Answer {
    if (answers.includes(true)) return true;
    return answers.includes(undecided) || answers.includes(absent) ? undecided : false;
}

/** Whether two texts are the same; a text that is not set is the same as no other. */
export function isSame(a: Read<string>, b: Read<string>): Answer {
    if (a === undecided || b === undecided) return undecided;
    return a !== absent && a === b;
}
