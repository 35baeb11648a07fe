import fc from "fast-check";
import type { Properties } from "../../simulator/providers/properties";
import { random } from "../../simulator/providers/random";
import { checkInputs, compare, type Made, type ResourceKind, withDefaults } from "../../simulator/providers/resource";

function kind(name: string): ResourceKind {
    const found = random.kinds[`random:index/random${name}:Random${name}`];
    if (!found) throw new Error(`no ${name}`);
    return found;
}

function make(name: string, inputs: Properties): Promise<Made> {
    expect(checkInputs(kind(name), inputs)).toEqual([]);
    return Promise.resolve(kind(name).create(withDefaults(kind(name), inputs)));
}

const characters = { upper: /[A-Z]/g, lower: /[a-z]/g, numeric: /[0-9]/g, special: /[^A-Za-z0-9]/g } as const;
const least = { upper: "minUpper", lower: "minLower", numeric: "minNumeric", special: "minSpecial" } as const;

describe("passwords and strings", () => {
    const uses = fc.record({ upper: fc.boolean(), lower: fc.boolean(), numeric: fc.boolean(), special: fc.boolean() });
    const counts = fc.record({
        minUpper: fc.nat(4),
        minLower: fc.nat(4),
        minNumeric: fc.nat(4),
        minSpecial: fc.nat(4),
    });

    test("have the length, at least the counts, and only the classes asked for", async () => {
        await fc.assert(
            fc.asyncProperty(uses, counts, fc.integer({ min: 16, max: 64 }), async (use, count, length) => {
                fc.pre(Object.values(use).some(Boolean));
                const { outputs } = await make("Password", { ...use, ...count, length });
                const result = String(outputs.result);
                expect(result).toHaveLength(length);
                for (const [name, pattern] of Object.entries(characters)) {
                    const found = result.match(pattern)?.length ?? 0;
                    const property = Object.entries(least).find(([of]) => of === name)?.[1];
                    const wanted = Object.entries(count).find(([of]) => of === property)?.[1] ?? 0;
                    expect(found).toBeGreaterThanOrEqual(wanted);
                    const used = Object.entries(use).find(([of]) => of === name)?.[1];
                    if (!used) expect(found).toBe(wanted);
                }
            }),
        );
    });

    test("every character is about as likely as every other, wherever it stands", async () => {
        const seen = new Map<string, number>();
        for (let round = 0; round < 1000; round += 1) {
            const { outputs } = await make("String", { length: 62, special: false });
            for (const character of String(outputs.result)) seen.set(character, (seen.get(character) ?? 0) + 1);
        }
        // 62,000 draws from 62: 1000 each, standard deviation 32. A modulo of a byte would give 8 characters a quarter more.
        const squares = [...seen.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
        expect(seen.size).toBe(62);
        // Chi squared with 61 degrees of freedom is above 137 once in ten million times.
        expect(squares).toBeLessThan(137);
    });

    test("overrideSpecial replaces the special characters", async () => {
        const { outputs } = await make("Password", {
            length: 40,
            upper: false,
            lower: false,
            numeric: false,
            overrideSpecial: "é_",
        });
        expect(String(outputs.result)).toMatch(/^[é_]{40}$/);
    });

    test("what cannot be is refused", () => {
        const reasons = (inputs: Properties) => checkInputs(kind("Password"), inputs).map(({ property }) => property);
        expect(reasons({ length: 3, minUpper: 2, minLower: 2 })).toEqual(["length"]);
        expect(reasons({ length: 0 })).toEqual(["length"]);
        expect(reasons({ length: 8, upper: false, lower: false, numeric: false, special: false })).toEqual(["special"]);
        expect(reasons({ length: 8, lenght: 9 })).toEqual(["lenght"]);
        expect(reasons({})).toEqual(["length"]);
        expect(reasons({ length: "8" })).toEqual(["length"]);
    });

    test("a password is imported by its value, which does not become the id", () => {
        const made = kind("Password").import?.("s3cret");
        expect(made).toMatchObject({ id: "none", inputs: { length: 6 }, outputs: { result: "s3cret" } });
    });
});

test("other keepers replace, the same ones do not", () => {
    const before = { length: 8, keepers: { generation: "1", other: "x" } };
    const same = { keepers: { other: "x", generation: "1" }, length: 8 };
    expect(compare(kind("Password"), before, same)).toEqual([]);
    const changes = compare(kind("Password"), before, { length: 8, keepers: { generation: "2" } });
    expect(changes).toEqual([{ property: "keepers", kind: "update", replace: true }]);
    expect(compare(kind("Password"), { length: 8 }, { length: 8, special: true })).toEqual([]);
});

test("bytes have the length asked for, the same in both forms, and an id that does not show them", async () => {
    const { id, outputs } = await make("Bytes", { length: 33 });
    expect(Buffer.from(String(outputs.base64), "base64")).toHaveLength(33);
    expect(Buffer.from(String(outputs.hex), "hex").toString("base64")).toBe(outputs.base64);
    expect(id).toBe("none");
    expect(kind("Bytes").secrets).toEqual(["base64", "hex"]);
    expect(() => kind("Bytes").import?.("no base64!")).toThrow("must be base64");
});

test("an id shows the same bytes in every form behind its prefix, and imports again", async () => {
    const { id, outputs } = await make("Id", { byteLength: 8, prefix: "tars-" });
    const bytes = Buffer.from(id, "base64url");
    expect(outputs).toEqual({
        b64Url: `tars-${id}`,
        b64Std: `tars-${bytes.toString("base64")}`,
        hex: `tars-${bytes.toString("hex")}`,
        dec: `tars-${BigInt(`0x${bytes.toString("hex")}`)}`,
    });
    expect(kind("Id").import?.(`tars-,${id}`)).toMatchObject({
        id,
        outputs,
        inputs: { byteLength: 8, prefix: "tars-" },
    });
});

test("whole numbers stay between min and max and reach both", async () => {
    const seen = new Set<unknown>();
    for (let round = 0; round < 200; round += 1) seen.add((await make("Integer", { min: -1, max: 1 })).outputs.result);
    expect([...seen].sort()).toEqual([-1, 0, 1]);
    expect(checkInputs(kind("Integer"), { min: 2, max: 1 })).toHaveLength(1);
    expect(kind("Integer").import?.("3,1,5,s")).toMatchObject({ id: "3", inputs: { min: 1, max: 5, seed: "s" } });
});

test("a seed gives the same result again, another one another", async () => {
    const shuffled = async (seed: string) =>
        (await make("Shuffle", { inputs: [..."abcdefghijkl"], seed })).outputs.results;
    expect(await shuffled("x")).toEqual(await shuffled("x"));
    expect(await shuffled("x")).not.toEqual(await shuffled("y"));
});

test("a shuffle goes round again when more results are asked for than there are inputs", async () => {
    const { outputs } = await make("Shuffle", { inputs: ["a", "b", "c"], resultCount: 7 });
    const results = Array.isArray(outputs.results) ? outputs.results.map(String) : [];
    expect(results).toHaveLength(7);
    expect(results.slice(0, 3).sort()).toEqual(["a", "b", "c"]);
    expect(results.slice(3, 6).sort()).toEqual(["a", "b", "c"]);
    expect((await make("Shuffle", { inputs: [] })).outputs.results).toEqual([]);
});

test("a UUID is one of version 4", async () => {
    const { id, outputs } = await make("Uuid", {});
    expect(outputs.result).toBe(id);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
