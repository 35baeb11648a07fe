import { createHash, randomBytes, randomInt, randomUUID } from "node:crypto";
import packageJson from "@pulumi/random/package.json";
import type { Value } from "../properties";
import type { InputRule, Made, ResourceKind } from "../resource";
import type { Provider } from "../server";
import { type Draw, shuffle, stringKind } from "./strings";

const keepers: InputRule = { type: "map" };
const number = (value: Value | undefined) => Number(value ?? 0);

const bytesOutputs = (bytes: Buffer) => ({ base64: bytes.toString("base64"), hex: bytes.toString("hex") });

const randomBytesKind: ResourceKind = {
    inputs: { keepers, length: { type: "integer", required: true, atLeast: 1 } },
    computed: ["base64", "hex"],
    secrets: ["base64", "hex"],
    // The official plugin's id is the bytes themselves, in plain text in the state.
    create: (inputs) => ({ id: "none", outputs: bytesOutputs(randomBytes(number(inputs.length))) }),
    import: (id) => {
        const bytes = Buffer.from(id, "base64");
        if (bytes.length === 0 || bytes.toString("base64") !== id) throw new Error("the id to import must be base64");
        return { id: "none", inputs: { length: bytes.length }, outputs: bytesOutputs(bytes) };
    },
};

function identify(bytes: Buffer, prefix: string): Made {
    const id = bytes.toString("base64url");
    const outputs = {
        b64Url: prefix + id,
        b64Std: prefix + bytes.toString("base64"),
        hex: prefix + bytes.toString("hex"),
        dec: prefix + BigInt(`0x${bytes.toString("hex")}`).toString(),
    };
    return { id, outputs };
}

const randomIdKind: ResourceKind = {
    inputs: { keepers, byteLength: { type: "integer", required: true, atLeast: 1 }, prefix: { type: "string" } },
    computed: ["b64Std", "b64Url", "dec", "hex"],
    secrets: [],
    create: (inputs) => identify(randomBytes(number(inputs.byteLength)), String(inputs.prefix ?? "")),
    import: (id) => {
        const comma = id.lastIndexOf(",");
        const prefix = comma < 0 ? "" : id.slice(0, comma);
        const bytes = Buffer.from(id.slice(comma + 1), "base64url");
        if (bytes.length === 0) throw new Error("the id to import must be [PREFIX,]BASE64URL");
        return { ...identify(bytes, prefix), inputs: { byteLength: bytes.length, ...(prefix ? { prefix } : {}) } };
    },
};

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const randomUuidKind: ResourceKind = {
    inputs: { keepers },
    computed: ["result"],
    secrets: [],
    create: () => {
        const result = randomUUID();
        return { id: result, outputs: { result } };
    },
    import: (id) => {
        if (!uuidForm.test(id)) throw new Error("the id to import must be a UUID");
        return { id: id.toLowerCase(), outputs: { result: id.toLowerCase() } };
    },
};

/** Draws that only the seed decides. They are not those of the official plugin, which takes Go's math/rand. */
function seeded(seed: string): Draw {
    let count = 0;
    return (limit) => {
        const largest = 2 ** 48 - (2 ** 48 % limit);
        for (;;) {
            const drawn = createHash("sha256").update(`${seed}\0${count++}`).digest().readUIntBE(0, 6);
            // What is above the largest multiple would make small results likelier.
            if (drawn < largest) return drawn % limit;
        }
    };
}

const drawFor = (seed: Value | undefined): Draw => (typeof seed === "string" && seed !== "" ? seeded(seed) : randomInt);

const randomIntegerKind: ResourceKind = {
    inputs: {
        keepers,
        min: { type: "integer", required: true },
        max: { type: "integer", required: true },
        seed: { type: "string" },
    },
    computed: ["result"],
    secrets: [],
    check: ({ min, max }) =>
        number(min) > number(max) ? [{ property: "min", reason: `must not be above max (${max}), got ${min}` }] : [],
    create: ({ min, max, seed }) => {
        const result = number(min) + drawFor(seed)(number(max) - number(min) + 1);
        return { id: String(result), outputs: { result } };
    },
    import: (id) => {
        const [result, min, max, seed] = id.split(",");
        const [value, low, high] = [Number(result), Number(min), Number(max)];
        if (![value, low, high].every(Number.isSafeInteger))
            throw new Error("the id to import must be RESULT,MIN,MAX[,SEED]");
        return {
            id: String(value),
            inputs: { min: low, max: high, ...(seed ? { seed } : {}) },
            outputs: { result: value },
        };
    },
};

const randomShuffleKind: ResourceKind = {
    inputs: {
        keepers,
        inputs: { type: "strings", required: true },
        resultCount: { type: "integer", atLeast: 0 },
        seed: { type: "string" },
    },
    computed: ["results"],
    secrets: [],
    create: ({ inputs, resultCount, seed }) => {
        const items = Array.isArray(inputs) ? inputs : [];
        const count = items.length === 0 ? 0 : number(resultCount ?? items.length);
        const draw = drawFor(seed);
        const results: Value[] = [];
        // More results than inputs: further rounds, each in a new order.
        while (results.length < count) results.push(...shuffle(items, draw));
        return { id: "-", outputs: { results: results.slice(0, count) } };
    },
};

const token = (name: string) => `random:index/random${name}:Random${name}`;

/** Real values from the system's random source, with the rules of the official plugin (README.md lists the differences). */
export const random: Provider = {
    name: "random",
    version: packageJson.version,
    kinds: {
        [token("Password")]: stringKind(true),
        [token("String")]: stringKind(false),
        [token("Bytes")]: randomBytesKind,
        [token("Id")]: randomIdKind,
        [token("Uuid")]: randomUuidKind,
        [token("Integer")]: randomIntegerKind,
        [token("Shuffle")]: randomShuffleKind,
    },
};
