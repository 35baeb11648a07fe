import { Struct } from "google-protobuf/google/protobuf/struct_pb";

export type Value = null | boolean | number | string | Value[] | { readonly [key: string]: Value };
export type Properties = Readonly<Record<string, Value>>;

/** Top-level properties of a resource as the engine sent them, without the wrappings of secrets. */
export interface Bag {
    readonly values: Properties;
    /** Names of the properties that are secret or hold a secret. */
    readonly secrets: ReadonlySet<string>;
}

/**
 * What stands on the wire for a value that is not known before the update.
 * @see https://github.com/pulumi/pulumi/blob/v3.253.0/sdk/nodejs/runtime/rpc.ts "unknownValue"
 */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Key and value that mark an object on the wire as something special, and the mark of a secret; same source as `unknownValue`. */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

export function decode(struct: Struct | undefined): Bag {
    const values: Record<string, Value> = {};
    const secrets = new Set<string>();
    for (const [key, wrapped] of Object.entries(struct?.toJavaScript() ?? {})) {
        const { value, secret } = unwrap(wrapped);
        if (secret) secrets.add(key);
        // The engine sends null for a property that was taken away.
        if (value !== null) values[key] = value;
    }
    return { values, secrets };
}

export function encode(values: Properties, secrets: Iterable<string> = []): Struct {
    const hidden = new Set(secrets);
    const wrapped = Object.entries(values).map(([key, value]) => [
        key,
        // An unknown secret stays an unknown: the engine knows from the inputs that what becomes of it is secret.
        hidden.has(key) && value !== unknownValue ? { [signatureKey]: secretSignature, value } : value,
    ]);
    return Struct.fromJavaScript(Object.fromEntries(wrapped));
}

/** Whether the value, or anything in it, is not known before the update. */
export function hasUnknown(value: Value): boolean {
    if (value === unknownValue) return true;
    if (typeof value !== "object" || value === null) return false;
    return Object.values(value).some(hasUnknown);
}

/** Equal as JSON, whatever the order of keys. */
export function isEqual(a: Value | undefined, b: Value | undefined): boolean {
    if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
    if (Array.isArray(a) !== Array.isArray(b)) return false;
    const left = new Map(Object.entries(a));
    const right = Object.entries(b);
    return left.size === right.length && right.every(([key, value]) => left.has(key) && isEqual(left.get(key), value));
}

function unwrap(wrapped: unknown): { value: Value; secret: boolean } {
    if (Array.isArray(wrapped)) {
        const items = wrapped.map(unwrap);
        return { value: items.map((item) => item.value), secret: items.some((item) => item.secret) };
    }
    if (typeof wrapped === "object" && wrapped !== null) return unwrapObject(wrapped);
    if (wrapped === null || wrapped === undefined) return { value: null, secret: false };
    if (typeof wrapped === "string" || typeof wrapped === "number" || typeof wrapped === "boolean") {
        return { value: wrapped, secret: false };
    }
    throw new Error(`cannot read a property value of type ${typeof wrapped}`);
}

function unwrapObject(wrapped: object): { value: Value; secret: boolean } {
    const fields = new Map<string, unknown>(Object.entries(wrapped));
    const signature = fields.get(signatureKey);
    if (signature === secretSignature) return { value: unwrap(fields.get("value")).value, secret: true };
    if (signature !== undefined)
        throw new Error("assets, archives and resource references are not inputs of this provider");
    const inner = [...fields].map(([key, value]) => ({ key, ...unwrap(value) }));
    return {
        value: Object.fromEntries(inner.map(({ key, value }) => [key, value])),
        secret: inner.some(({ secret }) => secret),
    };
}
