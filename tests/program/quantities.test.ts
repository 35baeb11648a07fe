import fc from "fast-check";
import { bytes, formatBytes, formatMillicores, millicores, nanosOf } from "../../components/foundation/quantities";

/** The grammar of https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/, with what a suffix is worth. */
const suffixes: readonly [suffix: string, factor: bigint][] = [
    ["n", 1n],
    ["u", 10n ** 3n],
    ["m", 10n ** 6n],
    ["", 10n ** 9n],
    ["k", 10n ** 12n],
    ["M", 10n ** 15n],
    ["G", 10n ** 18n],
    ["T", 10n ** 21n],
    ["P", 10n ** 24n],
    ["E", 10n ** 27n],
    ["Ki", 10n ** 9n * 2n ** 10n],
    ["Mi", 10n ** 9n * 2n ** 20n],
    ["Gi", 10n ** 9n * 2n ** 30n],
    ["Ti", 10n ** 9n * 2n ** 40n],
    ["Pi", 10n ** 9n * 2n ** 50n],
    ["Ei", 10n ** 9n * 2n ** 60n],
];

const digits = fc.integer({ min: 0, max: 999_999 });
const signs = fc.constantFrom<[string, bigint]>(["", 1n], ["+", 1n], ["-", -1n]);

describe("a quantity", () => {
    test("of a sign, digits and any suffix is worth digits times suffix", () => {
        fc.assert(
            fc.property(signs, digits, fc.constantFrom(...suffixes), ([sign, factor], number, [suffix, worth]) => {
                expect(nanosOf(`${sign}${number}${suffix}`)).toBe(factor * BigInt(number) * worth);
            }),
        );
    });

    test("with a decimal exponent is worth digits times its power of ten", () => {
        fc.assert(
            fc.property(
                digits,
                fc.integer({ min: 0, max: 18 }),
                fc.constantFrom("e", "E", "e+"),
                (number, power, e) => {
                    expect(nanosOf(`${number}${e}${power}`)).toBe(BigInt(number) * 10n ** BigInt(power + 9));
                },
            ),
        );
    });

    test("with a fraction is rounded up to a whole nano", () => {
        fc.assert(
            fc.property(digits, digits, fc.constantFrom(...suffixes), (whole, fraction, [suffix, worth]) => {
                const exact = BigInt(`${whole}${fraction}`) * worth;
                const scale = 10n ** BigInt(`${fraction}`.length);
                expect(nanosOf(`${whole}.${fraction}${suffix}`)).toBe((exact + scale - 1n) / scale);
            }),
        );
    });

    test.each([
        ["0.1m", 100_000n],
        [".5", 500_000_000n],
        ["1.", 1_000_000_000n],
        ["0.1n", 1n],
        ["1e-3", 1_000_000n],
        ["-0.5n", -1n],
    ])("%s is %d nanos", (text, nanos) => {
        expect(nanosOf(text)).toBe(nanos);
    });

    test.each(["", ".", "+", "Gi", "4 Gi", "4gi", "4KB", "1e", "0x10", "1,5", "1_000", "Infinity", "1Gi "])(
        "is not %j",
        (text) => {
            expect(nanosOf(text)).toBeUndefined();
            expect(() => bytes(text)).toThrow(`"${text}" is not a Kubernetes quantity`);
        },
    );
});

describe("what is written", () => {
    test("reads back as the same cores", () => {
        fc.assert(
            fc.property(fc.integer({ min: 0, max: 10_000_000 }), (millis) => {
                expect(millicores(formatMillicores(millis))).toBe(millis);
            }),
        );
    });

    test("reads back as the same bytes, rounded up to a whole Ki, with the largest suffix that fits", () => {
        fc.assert(
            fc.property(fc.integer({ min: 1, max: 2 ** 50 }), (count) => {
                const text = formatBytes(count);
                expect(bytes(text)).toBe(Math.ceil(count / 1024) * 1024);
                expect(Number.parseInt(text, 10) % 1024 === 0 && !text.endsWith("Ti")).toBe(false);
            }),
        );
    });
});
