import { BlockList } from "node:net";
import fc from "fast-check";
import { holdsAddress, isTooWide } from "../../policy/reading/addresses";
import { all, any, isSame } from "../../policy/reading/answers";
import { blockOf, contains, isEverywhere, isWiderThan, overlap } from "../../policy/reading/cidr";
import { absent, undecided } from "../../policy/reading/value";

const address = fc.ipV4();
const cidr = fc.tuple(address, fc.integer({ min: 0, max: 32 })).map(([ip, prefix]) => `${ip}/${prefix}`);
const noBlocks = [
    "",
    "10.0.0.0",
    "10.0.0.0/33",
    "256.0.0.0/8",
    "10.256.0.0/16",
    "10.0.0.256/32",
    "10.0.0/8",
    "fd00::/8",
];

const numberOf = (ip: string) => ip.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);

describe("blocks of IPv4", () => {
    test("have the addresses that Node says they have", () => {
        fc.assert(
            fc.property(cidr, address, (text, ip) => {
                const [first = "", prefix] = text.split("/");
                const list = new BlockList();
                list.addSubnet(first, Number(prefix), "ipv4");
                const block = blockOf(text);
                if (!block) throw new Error(`${text} is no block`);
                const one = { first: numberOf(ip), size: 1 };
                expect(contains(block, one)).toBe(list.check(ip));
                expect(overlap(block, one)).toBe(list.check(ip));
                expect(overlap(one, block)).toBe(list.check(ip));
                expect(holdsAddress(text, ip)).toBe(list.check(ip));
            }),
        );
    });

    test("begin where their prefix says, whatever bits are set behind it", () => {
        expect(blockOf("10.1.2.3/8")).toEqual({ first: 10 * 256 ** 3, size: 2 ** 24 });
        expect(blockOf("255.255.255.255/32")).toEqual({ first: 2 ** 32 - 1, size: 1 });
        expect(blockOf("0.0.0.0/0")).toEqual({ first: 0, size: 2 ** 32 });
    });

    test.each(noBlocks)("are not named by %j", (text) => expect(blockOf(text)).toBeUndefined());

    test("hold themselves and their halves; a half holds neither the whole nor the other half", () => {
        const [whole, low, high] = ["10.0.0.0/23", "10.0.0.0/24", "10.0.1.0/24"].map((text) => blockOf(text));
        if (!whole || !low || !high) throw new Error("no blocks");
        expect([whole, low, high].map((inner) => contains(whole, inner))).toEqual([true, true, true]);
        expect([whole, low, high].map((inner) => contains(low, inner))).toEqual([false, true, false]);
        expect([whole, low, high].map((inner) => contains(high, inner))).toEqual([false, false, true]);
        expect([whole, low, high].map((inner) => overlap(low, inner))).toEqual([true, true, false]);
        expect([whole, low, high].map((inner) => overlap(high, inner))).toEqual([true, false, true]);
    });
});

describe("ranges", () => {
    test.each([
        ["10.0.0.0/24", 24, false],
        ["10.0.0.0/23", 24, true],
        ["10.0.0.1", 32, false],
        ["fd00::/120", 24, false],
        ["fd00::/119", 24, true],
        ["fd00::1", 32, false],
        ["FD00::/120", 24, false],
        ["10.0.0.0/33", 32, true],
        ["fd00::/129", 32, true],
        ["fd00::/128", 32, false],
        ["x10.0.0.0/24", 0, true],
        ["10.0.0.0/24x", 0, true],
        ["10.0.0.0/", 0, true],
        ["2001:db8::/64", 24, true],
        ["anywhere", 0, true],
        ["", 0, true],
    ])("%s is wider than a /%i: %s", (text, prefix, wider) => expect(isWiderThan(text, prefix)).toBe(wider));

    test.each([
        ["0.0.0.0/0", true],
        ["0.0.0.0/7", true],
        ["128.0.0.0/1", true],
        ["10.0.0.0", false],
        ["10.0.0.0/8", false],
        ["::/0", true],
        ["2000::/3", true],
        ["2000::/15", true],
        ["2001::/16", false],
        ["10.0.0.0/33", true],
        ["*", true],
    ])("%s is everywhere: %s", (text, everywhere) => expect(isEverywhere(text)).toBe(everywhere));
});

describe("addresses in blocks", () => {
    test.each([
        ["10.0.0.0/8", "10.255.255.255", true],
        ["10.0.0.0/8", "11.0.0.0", false],
        ["fd00::/8", "fd12::1", true],
        ["fd00::/8", "fe12::1", false],
        ["::/0", "10.0.0.1", false],
        ["0.0.0.0/0", "fd00::1", false],
        ["10.0.0.0/8", "no address", false],
        ["10.0.0.0/33", "10.0.0.1", false],
        ["10.0.0.0", "10.0.0.0", false],
        ["10.0.0.0/8/8", "10.0.0.1", false],
        ["10.0.0.0/-1", "10.0.0.1", false],
        ["10.0.0.0/8x", "10.0.0.1", false],
        ["fd00::/129", "fd00::1", false],
        ["fd00::1/128", "fd00::1", true],
        ["10.0.0.1/32", "10.0.0.1", true],
    ])("%s holds %s: %s", (block, ip, holds) => expect(holdsAddress(block, ip)).toBe(holds));

    test("a block wider than any network of one's own is too wide, and what is no block is not", () => {
        const texts = ["0.0.0.0/0", "10.0.0.0/7", "10.0.0.0/8", "::/0", "fd00::/48", "10.0.0.0/99", "no block"];
        expect(texts.map(isTooWide)).toEqual([true, true, false, true, false, false, false]);
    });
});

describe("answers", () => {
    const reads = [true, false, undecided, absent] as const;

    test("together", () => {
        expect(reads.map((read) => all([true, read]))).toEqual([true, false, undecided, undecided]);
        expect(reads.map((read) => all([false, read]))).toEqual([false, false, false, false]);
        expect(reads.map((read) => any([false, read]))).toEqual([true, false, undecided, undecided]);
        expect(reads.map((read) => any([true, read]))).toEqual([true, true, true, true]);
        expect([all([]), any([])]).toEqual([true, false]);
    });

    test("about texts: one that is not set is the same as no other", () => {
        const texts = ["a", "b", absent, undecided] as const;
        expect(texts.map((text) => isSame("a", text))).toEqual([true, false, false, undecided]);
        expect(texts.map((text) => isSame(absent, text))).toEqual([false, false, false, undecided]);
        expect(texts.map((text) => isSame(undecided, text))).toEqual([undecided, undecided, undecided, undecided]);
    });
});
