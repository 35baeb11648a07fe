import { type Answer, isSame } from "../reading/answers";
import { absent, type Read } from "../reading/value";

/** Whether two objects are in one namespace; files that name none are applied to the same one. */
export function isSameNamespace(a: Read<string>, b: Read<string>): Answer {
    return a === absent && b === absent ? true : isSame(a, b);
}
