import type { SettingSchema } from "../rule";

/** A resource that may break a rule for a while: decided by people, written down, and over on a certain day. */
export interface Exemption {
    readonly rule: string;
    readonly stack: string;
    /** The resource as Pulumi shows it: `<type>::<name>`, exactly. */
    readonly resource: string;
    /** Only findings at this path or below it. @default every finding of the rule on the resource */
    readonly path?: string;
    readonly reason: string;
    readonly owner: string;
    readonly ticket: string;
    /** Last day on which it holds, `2026-11-21`, at most 90 days ahead. */
    readonly expires: string;
}

/** No exemption may reach further ahead, so that each is looked at once a quarter. */
export const longestDays = 90;

/** So long before its end an exemption is announced to end. */
export const warningDays = 14;

export const exemptionsSchema: SettingSchema = {
    type: "array",
    items: {
        type: "object",
        properties: {
            rule: { type: "string", minLength: 1 },
            stack: { type: "string", minLength: 1 },
            resource: {
                type: "string",
                pattern: "^[^:]+:[^:]*:[^:]+::.+$",
                description: "<type>::<name> of one resource",
            },
            path: { type: "string", minLength: 1 },
            reason: { type: "string", minLength: 10 },
            owner: { type: "string", minLength: 2 },
            ticket: { type: "string", minLength: 2 },
            expires: { type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}$", description: "a day as 2026-11-21" },
        },
        required: ["rule", "stack", "resource", "reason", "owner", "ticket", "expires"],
    },
};

/** What keeps an exemption from holding; undefined for one that holds. */
export function whyVoid({ stack, resource, expires }: Exemption, today: string): string | undefined {
    const ahead = daysBetween(today, expires);
    if (/[*?[\]{}]/.test(`${stack}${resource}`)) return "names its resource by a wildcard";
    if (Number.isNaN(ahead)) return "ends on no day of the calendar";
    if (ahead < 0) return `has expired on ${expires}`;
    if (ahead > longestDays) return `reaches more than ${longestDays} days ahead`;
    return undefined;
}

/** Whether an exemption is about to end. */
export function isEnding({ expires }: Exemption, today: string): boolean {
    const ahead = daysBetween(today, expires);
    return ahead >= 0 && ahead <= warningDays;
}

function daysBetween(from: string, to: string): number {
    return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000;
}
