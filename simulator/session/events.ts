import * as path from "node:path";
import { field, textField } from "../system/files";
import { projectRoot } from "./paths";

/** How far the engine has come. */
export interface EngineProgress {
    /** Resources the engine is done with. */
    readonly done: number;
    /** Resources it has begun with, done or not. */
    readonly begun: number;
    /** The last resource it began with and has not finished, `type name`; empty when there is none. */
    readonly current: string;
}

/** A rule of the policy pack that a resource breaks. */
export interface PolicyViolation {
    readonly policy: string;
    readonly urn: string;
    readonly message: string;
    readonly mandatory: boolean;
}

/** What an engine's run came to. */
export interface EngineOutcome {
    /** Resources by what was (or in a preview, would be) done to them: `create`, `update`, `same` ... */
    readonly changes: Readonly<Record<string, number>>;
    /** URNs of everything that the program registered. */
    readonly registered: ReadonlySet<string>;
    /** The engine's own error messages, each once, without stack traces. */
    readonly errors: readonly string[];
    readonly violations: readonly PolicyViolation[];
    /** Policy packs that watched the run, `name version`. */
    readonly policyPacks: readonly string[];
    /** What stood in for what the run cannot reach or run, as the kubernetes plugin tells it (host/standins/place.go): `chart istiod 1.30.3`. */
    readonly standins: readonly string[];
    /** Whether the engine came to its end by itself. */
    readonly finished: boolean;
}

/** Reads the engine's event log, line by line as it grows (pulumi/sdk apitype.EngineEvent). */
export class EventReader {
    readonly #running = new Map<string, string>();
    readonly #begun = new Set<string>();
    readonly #done = new Set<string>();
    readonly #errors: string[] = [];
    readonly #violations = new Map<string, PolicyViolation>();
    readonly #standins = new Set<string>();
    #changes: Readonly<Record<string, number>> = {};
    #policyPacks: readonly string[] = [];
    #finished = false;

    /** Takes in one line; a line that is no event is left out. */
    read(line: string): void {
        const event = parsed(line);
        this.#resource(event);
        this.#diagnostic(field(event, "diagnosticEvent"));
        this.#policy(field(event, "policyEvent"));
        this.#summary(field(event, "summaryEvent"));
    }

    get progress(): EngineProgress {
        return { done: this.#done.size, begun: this.#begun.size, current: [...this.#running.values()].at(-1) ?? "" };
    }

    get outcome(): EngineOutcome {
        return {
            changes: this.#changes,
            registered: new Set(this.#begun),
            errors: [...new Set(this.#errors)],
            violations: [...this.#violations.values()],
            policyPacks: this.#policyPacks,
            standins: [...this.#standins].sort(),
            finished: this.#finished,
        };
    }

    #resource(event: unknown): void {
        const begun = textField(field(field(event, "resourcePreEvent"), "metadata"), "urn");
        if (begun !== undefined) {
            this.#begun.add(begun);
            this.#running.set(begun, shortName(begun));
        }
        const ended = field(event, "resOutputsEvent") ?? field(event, "resOpFailedEvent");
        const done = textField(field(ended, "metadata"), "urn");
        if (done === undefined) return;
        this.#running.delete(done);
        this.#done.add(done);
    }

    #diagnostic(event: unknown): void {
        const standin = /^stand-in: (.+) in place of /.exec(withoutStackTrace(textField(event, "message") ?? ""))?.[1];
        if (standin !== undefined) this.#standins.add(standin);
        if (textField(event, "severity") !== "error" || field(event, "ephemeral") === true) return;
        const message = withoutStackTrace(textField(event, "message") ?? "");
        const urn = textField(event, "urn");
        if (message !== "")
            this.#errors.push(
                urn && !urn.includes("::pulumi:pulumi:Stack::") ? `${shortName(urn)}: ${message}` : message,
            );
    }

    #policy(event: unknown): void {
        const policy = textField(event, "policyName");
        if (policy === undefined) return;
        const urn = textField(event, "resourceUrn") ?? "";
        const message = withoutStackTrace(textField(event, "message") ?? "");
        const mandatory = textField(event, "enforcementLevel") === "mandatory";
        this.#violations.set(`${policy} ${urn} ${message}`, { policy, urn, message, mandatory });
    }

    #summary(event: unknown): void {
        if (event === undefined) return;
        this.#finished = true;
        const changes = Object.entries(Object(field(event, "resourceChanges")));
        this.#changes = Object.fromEntries(
            changes.flatMap(([op, count]) => (typeof count === "number" ? [[op, count]] : [])),
        );
        // The engine names a local pack by its place; where the project lies is nobody's business.
        this.#policyPacks = Object.entries(Object(field(event, "PolicyPacks"))).map(([name, version]) =>
            `${name.replace(projectRoot + path.sep, "")} ${String(version)}`.trim(),
        );
    }
}

/** `type name` of a URN, the type without its module path. */
export function shortName(urn: string): string {
    const [, , types = "", name = ""] = urn.split("::");
    const type = types.split("$").at(-1)?.split(":").at(-1) ?? "";
    return `${type} ${name}`.trim();
}

/** How many resources would change. */
export function changeCount(changes: Readonly<Record<string, number>>): number {
    const kept = new Set(["same", "read", "refresh"]);
    return Object.entries(changes).reduce((sum, [op, count]) => (kept.has(op) ? sum : sum + count), 0);
}

/** How many resources the stack has afterwards: without those that are only read, and those taken away. */
export function resourceCount(changes: Readonly<Record<string, number>>): number {
    const gone = new Set([
        "read",
        "read-replacement",
        "refresh",
        "delete",
        "delete-replaced",
        "discard",
        "discard-replaced",
    ]);
    return Object.entries(changes).reduce((sum, [op, count]) => (gone.has(op) ? sum : sum + count), 0);
}

function withoutStackTrace(message: string): string {
    const plain = message.replace(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m|<\\{%[^%]*%\\}>`, "g"), "");
    return plain
        .split("\n")
        .filter((line) => !/^\s+at .+/.test(line))
        .join("\n")
        .trim();
}

function parsed(line: string): unknown {
    try {
        return JSON.parse(line);
    } catch {
        return undefined;
    }
}

/** Whether an outcome names anything that a person can read. */
export function hasDiagnosis(outcome: EngineOutcome): boolean {
    return outcome.errors.length > 0 || outcome.violations.some((violation) => violation.mandatory);
}
