import { z } from "zod";
import { cidrOf } from "../foundation/cidr";
import { nameRules } from "../foundation/names";
import { nanosOf } from "../foundation/quantities";

/**
 * Kinds of value that stack files are made of. Patterns also reach the JSON schema, so an editor checks them as one types.
 * Each says in words what it must be: the words become the middle of the message "tarsRag.image.tag: must be ..., got ...".
 */

export const dnsLabel = () => named(nameRules.dnsLabel);

export const hostName = () => named(nameRules.dnsSubdomain);

export const labelValue = () => named(nameRules.labelValue);

export const count = (least: number, most: number) => z.int().min(least).max(most);

const cpuWords = 'must be cores in quotes, such as "500m" or "2", and more than 0';
export const cpu = () =>
    z.templateLiteral([z.number(), z.enum(["", "m"])], { error: cpuWords }).refine(isPositive, { error: cpuWords });

const bytesWords = 'must be bytes with a binary suffix, such as "512Mi" or "4Gi", and more than 0';
export const bytes = () =>
    z
        .templateLiteral([z.int(), z.enum(["Ki", "Mi", "Gi", "Ti"])], { error: bytesWords })
        .refine(isPositive, { error: bytesWords });

/** An IPv4 range, such as 10.20.0.0/16. */
export const ipRange = () =>
    z.string().refine((text) => cidrOf(text) !== undefined, {
        error: "must be an IPv4 range with no bits beyond its prefix, such as 10.20.0.0/16",
    });

/** A list with no member twice. */
export const distinct = <Member extends z.ZodType>(member: Member) =>
    z.array(member).refine((list) => new Set(list).size === list.length, { error: "must not name anything twice" });

/** A service that a stack does without: what `kind: off` means for it, in words. */
export const switchedOff = (words: string) =>
    z.strictObject({ kind: z.literal("off").meta({ description: words, examples: ["off"] }) });

/** Whose pods a user of a data service is: foundation/consumers.ts. */
export const consumerFields = {
    namespace: dnsLabel().meta({ description: "namespace of its pods", examples: ["tars"] }),
    serviceAccount: dnsLabel().meta({
        description: "service account that they run under, and their label app.kubernetes.io/name",
        examples: ["tars-backend"],
    }),
};

function named(rule: { readonly longest: number; readonly form: RegExp; readonly words: string }) {
    return z
        .string()
        .max(rule.longest)
        .regex(rule.form, { error: `must be ${rule.words}` });
}

function isPositive(quantity: string): boolean {
    const nanos = nanosOf(quantity);
    return nanos !== undefined && nanos > 0n;
}
