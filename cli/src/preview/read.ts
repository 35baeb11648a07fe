import { field, listField, numberField, textField } from "../../../simulator/system/files";

/** What the engine would do to one resource. */
export interface Change {
    readonly op: Operation;
    readonly urn: string;
    readonly type: string;
    readonly name: string;
    /** Paths that differ, for a replacement those that force it; never a value. */
    readonly paths: readonly string[];
    /** Whether the object outlives its resource: `retainOnDelete`. */
    readonly retained: boolean;
}

export interface PolicyFinding {
    readonly rule: string;
    readonly mandatory: boolean;
    readonly severity: string;
    readonly urn: string;
    readonly message: string;
}

export interface Preview {
    readonly changes: readonly Change[];
    /** Resources that stay as they are. */
    readonly unchanged: number;
    readonly errors: readonly string[];
    readonly warnings: readonly string[];
    /** Undefined where the format leaves them out. */
    readonly findings: readonly PolicyFinding[] | undefined;
    /** Whether the engine came to its end and found nothing that stops an update. */
    readonly succeeded: boolean;
}

/** In the order in which a reviewer must see them; every other operation of the engine is a part of one of these, or changes nothing. */
export const operations = ["delete", "replace", "update", "create", "import"] as const;
export type Operation = (typeof operations)[number];

/**
 * Reads what `pulumi preview --json` printed: its digest, or, with PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true, its events
 * (pulumi/sdk apitype.EngineEvent), one a line. Only events have policy findings. Debug messages hold secrets in the clear and are not
 * read; nor is a line that is no event, for it may be half of such a message.
 */
export function readPreview(text: string): Preview {
    const digest = parsed(text);
    return Array.isArray(field(digest, "steps")) || field(digest, "changeSummary") !== undefined
        ? readDigest(digest)
        : readEvents(text.split("\n").filter((line) => line.trim() !== ""));
}

function readDigest(digest: unknown): Preview {
    const changes = listField(digest, "steps").flatMap((step) => readChange(step, field(step, "oldState")));
    const said = (severity: string) => messages(listField(digest, "diagnostics"), severity);
    return {
        changes: once(changes),
        unchanged: numberField(field(digest, "changeSummary"), "same") ?? 0,
        errors: said("error"),
        warnings: said("warning"),
        findings: undefined,
        succeeded: field(digest, "changeSummary") !== undefined && said("error").length === 0,
    };
}

function readEvents(lines: readonly string[]): Preview {
    const events = lines.map(parsed);
    const all = (kind: string) => events.flatMap((event) => field(event, kind) ?? []);
    const steps = all("resourcePreEvent").map((event) => field(event, "metadata"));
    const changes = steps.flatMap((step) => readChange(step, field(step, "old")));
    const findings = all("policyEvent").map(readFinding);
    const summary = all("summaryEvent").at(-1);
    const errors = [...messages(all("diagnosticEvent"), "error"), ...internalErrors(all("errorEvent"))];
    const succeeded = textField(summary, "result") === "succeeded" && errors.length === 0;
    return {
        changes: once(changes),
        unchanged: numberField(field(summary, "resourceChanges"), "same") ?? 0,
        errors,
        warnings: messages(all("diagnosticEvent"), "warning"),
        findings: [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()],
        succeeded: succeeded && !findings.some(({ mandatory }) => mandatory),
    };
}

function readChange(step: unknown, old: unknown): readonly Change[] {
    const op = operations.find((known) => known === textField(step, "op"));
    const urn = textField(step, "urn");
    if (op === undefined || urn === undefined) return [];
    const [, , types = "", ...name] = urn.split("::");
    const forcing = [...texts(listField(step, "keys")), ...texts(listField(step, "replaceReasons"))];
    const changed = [
        ...Object.keys(Object(field(step, "detailedDiff"))),
        ...texts(listField(step, "diffs")),
        ...texts(listField(step, "diffReasons")),
    ];
    return [
        {
            op,
            urn,
            type: types.split("$").at(-1) ?? "",
            name: name.join("::"),
            paths: [...new Set(op === "replace" && forcing.length > 0 ? forcing : changed)].sort(),
            retained: field(old, "retainOnDelete") === true,
        },
    ];
}

/** Each resource once, in the order of urns: the engine works in parallel, and its order differs from run to run. */
function once(changes: readonly Change[]): readonly Change[] {
    const distinct = new Map(changes.map((change) => [`${change.op} ${change.urn}`, change]));
    return [...distinct.values()].sort((a, b) => (a.urn < b.urn ? -1 : a.urn > b.urn ? 1 : 0));
}

function readFinding(event: unknown): PolicyFinding {
    return {
        rule: textField(event, "policyName") ?? "",
        mandatory: textField(event, "enforcementLevel") === "mandatory",
        severity: textField(event, "severity") ?? "",
        urn: textField(event, "resourceUrn") ?? "",
        message: textField(event, "message") ?? "",
    };
}

function messages(diagnostics: readonly unknown[], severity: string): readonly string[] {
    const said = diagnostics.filter((each) => textField(each, "severity") === severity && !field(each, "ephemeral"));
    // The digest has the severity in the message, too.
    const plain = texts(said.map((each) => field(each, "message"))).map((text) =>
        text.startsWith(`${severity}: `) ? text.slice(severity.length + 2) : text,
    );
    return [...new Set(plain)];
}

function internalErrors(events: readonly unknown[]): readonly string[] {
    return texts(events.map((event) => field(event, "error")));
}

function texts(values: readonly unknown[]): readonly string[] {
    return values.flatMap((value) => (typeof value === "string" ? [value] : []));
}

function parsed(text: string): unknown {
    try {
        const value: unknown = JSON.parse(text);
        return typeof value === "object" && value !== null ? value : undefined;
    } catch {
        return undefined;
    }
}
