/** What a read gives when the property is not set. */
export const absent: unique symbol = Symbol("absent");
/** What a read gives when nothing can be said: the value is unknown, or of a wrong type. The reader has already noted why. */
export const undecided: unique symbol = Symbol("undecided");

export type Read<T> = T | typeof absent | typeof undecided;

/** Receives what a rule could not read, so that the rule itself goes on with the next property. */
export interface Notes {
    unknown(path: string): void;
    wrongType(path: string, expected: string, found: string): void;
}

/** For a look at values whose unknowns are nobody's concern. */
export const unheard: Notes = { unknown: () => undefined, wrongType: () => undefined };

/** How a tree of properties is read. */
export interface Reading {
    readonly notes: Notes;
    /** True where the engine's stand-ins for unknown values may occur; false for a file, where the same text is a plain string. */
    readonly unknownsOccur: boolean;
}

type State =
    | { readonly kind: "present"; readonly raw: unknown }
    | { readonly kind: "absent" }
    | { readonly kind: "unknown"; readonly at: string }
    | { readonly kind: "wrong"; readonly at: string; readonly expected: string; readonly found: string };

// The engine sends these strings for values not known yet (@pulumi/policy 1.21.0 proxy.ts, sdk/nodejs/runtime/rpc.ts),
// and `[secret]` for secrets that it cannot decrypt (`pulumi policy analyze` over a state file).
const unknownStandIns: ReadonlySet<unknown> = new Set([
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    "[secret]",
]);

// The mark of a wrapped value on the wire, and of a secret among them (sdk/nodejs/runtime/rpc.ts).
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/**
 * One place in a resource's properties. Reading never throws: what is unknown or of a wrong type is noted once, by path, and the
 * read gives `undecided`; a property below an unknown one is unknown too.
 */
export class Value {
    private constructor(
        readonly path: string,
        private readonly state: State,
        private readonly reading: Reading,
        private readonly quiet = false,
    ) {}

    /** The properties of a resource; `path` is put before every path below it. */
    static of(raw: unknown, reading: Reading, path = ""): Value {
        return new Value(
            path,
            settle(() => raw, path, reading),
            reading,
        );
    }

    /** A value that nobody hears the notes of: settings, and what is read only to find one's way. */
    static unheard(raw: unknown): Value {
        return Value.of(raw, { notes: unheard, unknownsOccur: true });
    }

    /** The property at `keys` below this one. */
    get(...keys: readonly string[]): Value {
        return keys.reduce<Value>((value, key) => value.property(key), this);
    }

    /** Every element of a list; none where the list is absent, unknown (noted) or of a wrong type (noted). */
    items(): readonly Value[] {
        const raw = this.typed("list", Array.isArray);
        if (raw === absent || raw === undecided) return [];
        return Array.from({ length: raw.length }, (_, index) => this.below(() => raw[index], `${this.path}[${index}]`));
    }

    /** The property names of a mapping; none where there is no mapping. Nothing is noted. */
    keys(): readonly string[] {
        return this.state.kind === "present" && isMapping(this.state.raw) ? Object.keys(this.state.raw) : [];
    }

    boolean(): Read<boolean> {
        return this.typed("boolean", (raw): raw is boolean => typeof raw === "boolean");
    }

    number(): Read<number> {
        return this.typed("number", (raw): raw is number => typeof raw === "number");
    }

    text(): Read<string> {
        return this.typed("string", (raw): raw is string => typeof raw === "string");
    }

    /** The texts of a list that are known; what is not is noted. */
    texts(): readonly string[] {
        return this.items().flatMap((item) => {
            const text = item.text();
            return typeof text === "string" ? [text] : [];
        });
    }

    /** The content of a text that holds JSON, such as a policy document; text that is no JSON is of a wrong type. */
    json(): Value {
        const { state } = this;
        if (state.kind !== "present" || typeof state.raw !== "string") return this;
        try {
            return this.below(() => JSON.parse(String(state.raw)), this.path);
        } catch {
            const wrong = { kind: "wrong", at: this.path, expected: "JSON text", found: "string" } as const;
            return new Value(this.path, wrong, this.reading, this.quiet);
        }
    }

    /** A Kubernetes quantity as text; the API takes a number as well. */
    quantity(): Read<string> {
        const raw = this.typed("quantity", (value): value is string | number =>
            ["string", "number"].includes(typeof value),
        );
        return typeof raw === "number" ? String(raw) : raw;
    }

    /** Whether a mapping stands here; `undecided` (and noted) for an unknown or anything but a mapping. */
    mapping(): Read<true> {
        const raw = this.typed("mapping", isMapping);
        return raw === absent || raw === undecided ? raw : true;
    }

    /** Whether anything stands here, known or not. Nothing is noted. */
    get isSet(): boolean {
        return this.state.kind !== "absent";
    }

    /** Whether what stands here is not known before the update. Nothing is noted: for what is made in it and is judged then. */
    get isUnknown(): boolean {
        return this.state.kind === "unknown";
    }

    /** Whether a list stands here that can be looked into. Nothing is noted. */
    get isList(): boolean {
        return this.state.kind === "present" && Array.isArray(this.state.raw);
    }

    /** The same place, read without a note: for looking ahead before it is sure that the place matters. */
    get quietly(): Value {
        return new Value(this.path, this.state, this.reading, true);
    }

    /** The same place, read with notes again. */
    get aloud(): Value {
        return new Value(this.path, this.state, this.reading);
    }

    /**
     * Write `content` at `keys` below this mapping, making the mappings between; says whether it did. What is set already, known or
     * not, stays as it is.
     */
    put([key, ...rest]: readonly string[], content: unknown): boolean {
        if (key === undefined || this.state.kind !== "present" || !isMapping(this.state.raw)) return false;
        const child = this.property(key);
        if (child.isSet) return rest.length > 0 && child.put(rest, content);
        this.state.raw[key] = rest.reduceRight((inner, name) => ({ [name]: inner }), content);
        return true;
    }

    private property(key: string): Value {
        const path = this.path === "" ? key : `${this.path}.${key}`;
        if (this.state.kind !== "present") return new Value(path, this.state, this.reading, this.quiet);
        const { raw } = this.state;
        if (isMapping(raw)) return this.below(() => (Object.hasOwn(raw, key) ? raw[key] : undefined), path);
        const wrong = { kind: "wrong", at: this.path, expected: "mapping", found: nameOfKind(raw) } as const;
        return new Value(path, wrong, this.reading, this.quiet);
    }

    private below(read: () => unknown, path: string): Value {
        return new Value(path, settle(read, path, this.reading), this.reading, this.quiet);
    }

    private typed<T>(expected: string, is: (raw: unknown) => raw is T): Read<T> {
        const { state } = this;
        if (state.kind === "absent") return absent;
        if (state.kind === "present" && is(state.raw)) return state.raw;
        if (this.quiet) return undecided;
        if (state.kind === "unknown") this.reading.notes.unknown(state.at);
        else if (state.kind === "wrong") this.reading.notes.wrongType(state.at, state.expected, state.found);
        else this.reading.notes.wrongType(this.path, expected, nameOfKind(state.raw));
        return undecided;
    }
}

/** Find out what stands at a place: in the engine an unknown value throws when it is touched, in a captured graph it is a stand-in. */
function settle(read: () => unknown, path: string, reading: Reading): State {
    try {
        const raw = withoutSecretMark(read());
        if (raw === undefined || raw === null) return { kind: "absent" };
        if (reading.unknownsOccur && unknownStandIns.has(raw)) return { kind: "unknown", at: path };
        return { kind: "present", raw };
    } catch (error) {
        if (error instanceof Error && "unknownTypeSentinel" in error) return { kind: "unknown", at: path };
        throw error;
    }
}

function withoutSecretMark(raw: unknown): unknown {
    if (!isMapping(raw) || !Object.hasOwn(raw, signatureKey)) return raw;
    return raw[signatureKey] === secretSignature ? raw.value : raw;
}

export function isMapping(raw: unknown): raw is Record<string, unknown> {
    return typeof raw === "object" && raw !== null && !Array.isArray(raw);
}

/** The kind of a value in words for a message; never the value itself, which may be a secret. */
export function nameOfKind(raw: unknown): string {
    if (Array.isArray(raw)) return "list";
    return typeof raw === "object" ? "mapping" : typeof raw;
}
