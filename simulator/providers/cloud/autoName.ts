import { createHash } from "node:crypto";
import type { Properties } from "../properties";
import type { AutoName } from "./kind";

interface Naming {
    /** The resource's name in the program. */
    readonly name: string;
    readonly olds: Properties;
    readonly news: Properties;
    /** Random digits from the engine, the same in a preview and in the update that follows it. */
    readonly seed: string;
}

/** The inputs with a name where the program gives none: the one it has, or a new one. */
export function withAutoName(rule: AutoName | undefined, { name, olds, news, seed }: Naming): Properties {
    if (rule === undefined || news[rule.property] !== undefined) return news;
    const end = createHash("sha1").update(`${seed} ${name}`).digest("hex").slice(0, digitsOf(rule));
    return { ...news, [rule.property]: olds[rule.property] ?? `${beginning(rule, name)}-${end}` };
}

/** Whether a name can only have come from here. */
export function isAutoName(rule: AutoName, resource: string, name: string): boolean {
    const start = `${beginning(rule, resource)}-`;
    return (
        name.startsWith(start) &&
        /^[0-9a-f]+$/.test(name.slice(start.length)) &&
        name.length - start.length === digitsOf(rule)
    );
}

const digitsOf = ({ digits = 7 }: AutoName) => digits;

function beginning(rule: AutoName, resource: string): string {
    return resource.slice(0, (rule.longest ?? 63) - digitsOf(rule) - 1);
}
