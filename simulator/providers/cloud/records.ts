import type { Bag, Properties } from "../properties";
import { type InputIssue, nameOf, typeOf } from "../protocol";
import type { CloudKind, CloudRecord, CloudView } from "./kind";

export interface RecordParts {
    readonly urn: string;
    readonly id: string;
    readonly inputs: Bag;
    readonly outputs: Properties;
    readonly kind: CloudKind;
    readonly ready: boolean;
}

export function toRecord({ urn, id, inputs, outputs, kind, ready }: RecordParts): CloudRecord {
    const secrets = new Set([...inputs.secrets, ...(kind.secrets ?? [])]);
    const open = (properties: Properties) =>
        Object.fromEntries(Object.entries(properties).filter(([name]) => !secrets.has(name)));
    return { type: typeOf(urn), id, urn, inputs: open(inputs.values), outputs: open(outputs), ready };
}

export function refuse(urn: string, issues: readonly InputIssue[]): void {
    if (issues.length === 0) return;
    const reasons = issues.map(({ property, reason }) => `${property} ${reason}`);
    throw new Error(`${typeOf(urn)} ${nameOf(urn)}: ${reasons.join("; ")}`);
}

/** What an interrupted run of this very resource left half made is no hindrance. */
export function refuseSecond(cloud: CloudView, { type, id, urn }: CloudRecord): void {
    const there = cloud.get(type, id);
    if (there && (there.ready || there.urn !== urn)) throw new Error(`${type} ${id} exists already`);
}

/** The SDK sends a provider's nested settings as JSON text. */
export function decodeConfig(args: Properties): Properties {
    const decoded = Object.entries(args).map(([name, value]) => [
        name,
        typeof value === "string" && /^[[{]/.test(value) ? JSON.parse(value) : value,
    ]);
    return Object.fromEntries(decoded);
}
