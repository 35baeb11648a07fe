import fc from "fast-check";
import {
    addressesIn,
    cidr,
    cidrOf,
    contains,
    endOf,
    formatCidr,
    overlap,
    prefixFor,
} from "../../components/foundation/cidr";
import { Issues } from "../../components/foundation/issues";
import { checkDisjoint, rangesBeside } from "../../components/foundation/ranges";
import { planSubnets, type SubnetPlan, type SubnetRequest } from "../../components/foundation/subnets";

const range = fc
    .record({ seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }), prefix: fc.integer({ min: 0, max: 32 }) })
    .map(({ seed, prefix }) => ({
        first: Math.floor(seed / addressesIn({ prefix })) * addressesIn({ prefix }),
        prefix,
    }));

describe("a CIDR range", () => {
    test("is read as it is written", () => {
        fc.assert(fc.property(range, (one) => expect(cidrOf(formatCidr(one))).toEqual(one)));
    });

    test.each(["10.0.0.0", "10.0.0.0/33", "10.0.0.256/24", "10.0.0.1/24", "10.0.0.0/16 ", "::/0", "010.0.0.0/8x", ""])(
        "is not %j",
        (text) => {
            expect(cidrOf(text)).toBeUndefined();
            expect(() => cidr(text)).toThrow("is not an IPv4 range such as 10.0.0.0/16");
        },
    );

    test("overlaps another exactly where one contains the other", () => {
        fc.assert(fc.property(range, range, (a, b) => expect(overlap(a, b)).toBe(contains(a, b) || contains(b, a))));
        expect(overlap(cidr("10.0.0.0/14"), cidr("10.4.0.0/14"))).toBe(false);
    });

    test("of the smallest fitting prefix holds the addresses, and half of it does not", () => {
        fc.assert(
            fc.property(fc.integer({ min: 1, max: 2 ** 32 }), (addresses) => {
                const prefix = prefixFor(addresses);
                expect(addressesIn({ prefix })).toBeGreaterThanOrEqual(addresses);
                if (addresses > 1) expect(addressesIn({ prefix: prefix + 1 })).toBeLessThan(addresses);
            }),
        );
    });
});

describe("a plan of subnets", () => {
    const rules = { kept: 5, longestPrefix: 28, zoneSlots: 4 };
    const request = fc.record({
        name: fc.uuid(),
        addresses: fc.integer({ min: 1, max: 2000 }),
        zonal: fc.boolean(),
    });
    const requests = fc.array(request, { minLength: 1, maxLength: 5 });
    const zones = fc.integer({ min: 1, max: 4 }).map((count) => ["a", "b", "c", "d"].slice(0, count));

    function planned(
        network: string,
        names: readonly string[],
        wanted: readonly SubnetRequest[],
    ): readonly SubnetPlan[] {
        const result = planSubnets(network, names, wanted, rules);
        if (!result.fits) throw new Error(`needs ${result.needed} of ${result.available}`);
        return result.subnets;
    }

    test("lies inside the network, with no address in two subnets and room for every request", () => {
        fc.assert(
            fc.property(requests, zones, (wanted, names) => {
                const subnets = planned("10.16.0.0/12", names, wanted);
                expect(subnets).toHaveLength(wanted.reduce((sum, { zonal }) => sum + (zonal ? names.length : 1), 0));
                const ranges = subnets.map((subnet) => cidr(subnet.cidr));
                ranges.forEach((one, index) => {
                    expect(contains(cidr("10.16.0.0/12"), one)).toBe(true);
                    expect(ranges.slice(0, index).some((other) => overlap(one, other))).toBe(false);
                });
                for (const { name, addresses } of wanted) {
                    const own = subnets.filter((subnet) => subnet.name === name);
                    for (const subnet of own)
                        expect(addressesIn(cidr(subnet.cidr)) - rules.kept).toBeGreaterThanOrEqual(addresses);
                }
            }),
        );
    });

    test("keeps every subnet where it is when a zone or a request is added", () => {
        fc.assert(
            fc.property(requests, request, zones, (wanted, added, names) => {
                const before = planned("10.16.0.0/12", names.slice(0, -1), wanted);
                expect(planned("10.16.0.0/12", names, [...wanted, added])).toEqual(expect.arrayContaining([...before]));
            }),
        );
    });

    test("never makes a subnet smaller than the cloud takes", () => {
        expect(planned("10.0.0.0/16", ["a"], [{ name: "small", addresses: 1, zonal: false }])[0]?.cidr).toBe(
            "10.0.0.0/28",
        );
    });

    test("that does not fit says how much it needs", () => {
        const wanted = [{ name: "nodes", addresses: 300, zonal: true }];
        expect(planSubnets("10.0.0.0/22", ["a"], wanted, rules)).toEqual({
            fits: false,
            needed: 2048,
            available: 1024,
        });
    });

    test("has no room for more zones than it keeps slots", () => {
        expect(() => planSubnets("10.0.0.0/16", ["a", "b", "c", "d", "e"], [], rules)).toThrow("5 zones in room for 4");
    });

    test("ends inside the address space", () => {
        expect(endOf(cidr("255.255.255.0/24"))).toBe(2 ** 32);
    });
});

describe("ranges", () => {
    const own = [
        { key: "network.range", cidr: "10.20.0.0/16", routed: true },
        { key: "network.pods", cidr: "10.0.0.0/14", routed: false },
        { key: "network.services", cidr: "10.4.0.0/14", routed: false },
    ];

    function problems(others: readonly { key: string; cidr: string; routed: boolean }[]) {
        const issues = new Issues();
        checkDisjoint(rangesBeside(own, others), issues);
        return issues.all;
    }

    test("of one stack that are disjoint pass, also beside another cluster's pods", () => {
        expect(problems([{ key: "peer.pods", cidr: "10.0.0.0/14", routed: false }])).toEqual([]);
    });

    test("that share an address with a peer are named with what they share", () => {
        expect(problems([{ key: "network.peers.0", cidr: "10.20.8.0/24", routed: true }])).toEqual([
            {
                key: "network.range",
                problem: "10.20.0.0/16 shares 10.20.8.0/24 with network.peers.0 (10.20.8.0/24)",
                fix: "choose a range of its own",
            },
        ]);
    });

    test("inside a cluster may not hide a routed one", () => {
        expect(problems([{ key: "network.onPremises", cidr: "10.4.0.0/16", routed: true }])).toMatchObject([
            { key: "network.services" },
        ]);
    });
});
