import type { Configuration, ConfiguredLevel } from "../configuration";
import type { StackIndex } from "../resources/stack";
import { quietStack } from "../resources/stack";
import type { Context, Rule } from "../rule";
import { type Enforcement, levelIn, strictEnforcement } from "./enforcement";
import { type Environment, strictest } from "./environment";
import type { Exceptions } from "./exceptions";
import type { Exemption } from "./exemptions";
import type { PendingRule } from "./pending";
import type { VendorFile } from "./vendor";

/** What the pack's reviewed files say, beside its rules. */
export interface PackFiles {
    readonly enforcement: Enforcement;
    readonly exemptions: readonly Exemption[];
    readonly vendors: readonly VendorFile[];
    readonly pending: readonly PendingRule[];
}

/** What one run of the pack goes by. */
export interface Terms extends PackFiles {
    readonly environment: Environment;
    /** Today as `2026-11-21`: exemptions end by it. */
    readonly today: string;
}

/** Every rule at its own level, nothing excepted, nothing pending. */
export const bareTerms: Terms = {
    enforcement: strictEnforcement,
    exemptions: [],
    vendors: [],
    pending: [],
    environment: strictest,
    today: today(),
};

/** Today's date in UTC, `2026-11-21`. */
export function today(): string {
    return new Date().toISOString().slice(0, "2026-11-21".length);
}

/** The level of a rule: the pack configuration's, else that of its severity in the environment. */
export function levelOf(rule: Rule, { enforcement, environment }: Terms, given: Configuration): ConfiguredLevel {
    return given.levelOf(rule) ?? levelIn(enforcement, rule, environment);
}

/** What a rule is run with: settings of the pack configuration overrule those of the pack's own file. */
export function contextOf(rule: Rule, exceptions: Exceptions, given: Context["settings"]): Context {
    const { enforcement, environment } = exceptions.terms;
    return { environment, settings: { ...enforcement.settings[rule.id], ...given }, exceptions };
}

/** Why a rule says nothing of a stack yet; undefined once the kind that it waits for is there. */
export function pendingReason(rule: Rule, terms: Terms, index: StackIndex): string | undefined {
    const entry = pendingEntry(rule, terms, index);
    return entry && pendingWords(entry);
}

export function pendingWords({ kind, part }: PendingRule): string {
    return `pending until a ${kind} appears (part ${part})`;
}

/** What a rule waits for before it says anything of this stack. */
export function pendingEntry(rule: Rule, { pending }: Terms, index: StackIndex): PendingRule | undefined {
    const entry = pending.find((each) => each.rule === rule.id);
    return entry && quietStack(index.resources).has(entry.kind) ? undefined : entry;
}
