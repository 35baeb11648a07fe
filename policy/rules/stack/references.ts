import { type Answer, all, any, isSame } from "../../reading/answers";
import { absent, type Read, undecided } from "../../reading/value";
import { isSameNamespace } from "../../resources/namespaces";
import type { Stack } from "../../resources/stack";
import { nameOf, namespaceOf, type Subject } from "../../resources/subject";

/** What an object names another by. */
export interface Reference {
    /** `group/Kind` */
    readonly key: string;
    readonly name: Read<string>;
    /** Undefined for kinds without one. */
    readonly namespace?: Read<string>;
}

/** Whether a stack has what is named. What names of its objects are not known before the update may be it. */
export function resolves(stack: Stack, { key, name, namespace }: Reference): Answer {
    return any(
        stack.of(key).map((subject) => {
            const quiet = { ...subject, object: subject.object.quietly };
            const own = nameOf(quiet);
            // An object without a name gets one from the engine.
            const named = own === absent ? undecided : isSame(own, name);
            return namespace === undefined ? named : all([named, isSameNamespace(namespaceOf(quiet), namespace)]);
        }),
    );
}

/** Whether all objects of a namespace are in the stack, because the namespace itself is. */
export function isDeclared(stack: Stack, namespace: Read<string>): boolean {
    return resolves(stack, { key: "core/Namespace", name: namespace }) === true;
}

/** Why a missing object is not certainly missing: files may be given without it. */
export function mayBeElsewhere({ resource }: Subject): boolean {
    return resource.origin === "manifest";
}
