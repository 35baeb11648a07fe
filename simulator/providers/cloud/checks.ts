import type { Properties } from "../properties";
import type { InputIssue } from "../protocol";
import type { CloudKind, CloudRecord, CloudView, Reference, Subject } from "./kind";
import { knownOf, textsAt } from "./values";

/** Everything wrong with inputs by themselves; what is not known yet is let through. */
export function checkAlone(kind: CloudKind, inputs: Properties, config: Properties): readonly InputIssue[] {
    const missing = (kind.required ?? []).filter((property) => inputs[property] === undefined);
    const known = knownOf(inputs);
    return [
        ...missing.map((property) => ({ property, reason: "is required" })),
        ...Object.entries(kind.rules ?? {}).flatMap(([path, { form, says }]) =>
            textsAt(inputs, path)
                .filter((text) => !form.test(text))
                .map((text) => ({ property: path, reason: `must be ${says}, got "${text}"` })),
        ),
        ...(missing.length > 0 ? [] : (kind.check?.({ ...kind.defaults, ...known }, config) ?? [])),
    ];
}

/** Everything wrong with inputs given what else exists. */
export function checkInCloud(kind: CloudKind, subject: Subject): readonly InputIssue[] {
    const broken = (kind.references ?? []).flatMap((reference) => checkReference(reference, subject));
    // What a kind says of the things that it refers to makes sense only when they are there.
    return broken.length > 0 ? broken : (kind.judge?.(subject) ?? []);
}

function checkReference(reference: Reference, { inputs, cloud }: Subject): InputIssue[] {
    const { path, given } = reference;
    const values = textsAt(inputs, path).filter((value) => !given?.test(value));
    return values.flatMap((value) => {
        const found = namedBy(reference, value, cloud);
        if (found?.ready) return [];
        const reason = found ? "is not ready" : `does not exist: no ${targets(reference).join(", no ")} is called so`;
        return [{ property: path, reason: `"${value}" ${reason}` }];
    });
}

const targets = ({ to, or = [] }: Reference) => [...new Set([...to, ...or.flatMap(({ to }) => to)])];

function namedBy({ to, by = "id", or = [] }: Reference, value: string, cloud: CloudView): CloudRecord | undefined {
    return [{ to, by }, ...or].map((way) => cloud.find(way.to, way.by, value)).find((found) => found !== undefined);
}

/** Why something cannot be deleted; undefined when it can. */
export function reasonToKeep(
    kinds: Readonly<Record<string, CloudKind>>,
    record: CloudRecord,
    cloud: CloudView,
): string | undefined {
    const own = kinds[record.type]?.keep?.(record, cloud);
    if (own !== undefined) return own;
    const users = Object.entries(kinds).flatMap(([type, kind]) => {
        const holding = (kind.references ?? []).filter(
            (reference) => (reference.holds ?? true) && targets(reference).includes(record.type),
        );
        return holding.length === 0
            ? []
            : cloud.all(type).filter((user) => user !== record && refersTo(user, holding, record, cloud));
    });
    if (users.length === 0) return undefined;
    return `still in use by ${users.map(({ type, id }) => `${type} ${id}`).join(", ")}`;
}

function refersTo(user: CloudRecord, references: readonly Reference[], record: CloudRecord, cloud: CloudView): boolean {
    return references.some((reference) =>
        textsAt(user.inputs, reference.path).some((value) => {
            const named = namedBy(reference, value, cloud);
            return named?.type === record.type && named.id === record.id;
        }),
    );
}
