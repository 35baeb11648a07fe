import fc from "fast-check";
import { type Descriptor, planActions, planLimits } from "../../components/edge/limits";
import { cidr, contains, formatCidr } from "../../components/foundation/cidr";
import { parsed, settingsOf } from "./stack";

/** What Envoy says of a caller: the block of each size that its address is in, and the address (RateLimit.Action in Envoy's API). */
function said(address: string, exempt: readonly string[]): readonly (readonly [key: string, value: string])[] {
    return planActions({ exempt }).map((action) =>
        "remote_address" in action
            ? (["remote_address", address] as const)
            : (["masked_remote_address", blockOf(address, action.masked_remote_address.v4_prefix_mask_len)] as const),
    );
}

function blockOf(address: string, prefix: number): string {
    const { first } = cidr(`${address}/32`);
    const size = 2 ** (32 - prefix);
    return formatCidr({ first: first - (first % size), prefix });
}

/** What the service answers: the step with the value, else the one without; a limit counts at the last word only (GetLimit in config_impl.go). */
function limitOf(words: ReturnType<typeof said>, descriptors: readonly Descriptor[]): number | undefined {
    const [word, ...further] = words;
    if (word === undefined) return undefined;
    const ofKey = descriptors.filter(({ key }) => key === word[0]);
    const step = ofKey.find(({ value }) => value === word[1]) ?? ofKey.find(({ value }) => value === undefined);
    if (further.length === 0) return step?.rate_limit?.requests_per_unit;
    return step?.descriptors === undefined ? undefined : limitOf(further, step.descriptors);
}

const octet = fc.integer({ min: 0, max: 255 });
const address = fc.tuple(octet, octet, octet, octet).map((octets) => octets.join("."));
const range = fc.tuple(address, fc.integer({ min: 16, max: 32 })).map(([of, prefix]) => blockOf(of, prefix));

describe("the limit of one address", () => {
    test("holds for every address that is in no exempt range, and for none that is in one", () => {
        fc.assert(
            fc.property(fc.uniqueArray(range, { maxLength: 8 }), address, (exempt, caller) => {
                const { descriptors } = planLimits({ requestsPerSecond: 100, exempt });
                const isExempt = exempt.some((each) => contains(cidr(each), cidr(`${caller}/32`)));
                expect(limitOf(said(caller, exempt), descriptors)).toBe(isExempt ? undefined : 100);
            }),
        );
    });

    test("does not hold for addresses of a range that is exempt, wherever in it", () => {
        fc.assert(
            fc.property(range, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (exempt, share) => {
                const { first, prefix } = cidr(exempt);
                const within = formatCidr({ first: first + Math.floor(share * 2 ** (32 - prefix)), prefix: 32 });
                const { descriptors } = planLimits({ requestsPerSecond: 100, exempt: [exempt] });
                expect(limitOf(said(within.replace("/32", ""), [exempt]), descriptors)).toBeUndefined();
            }),
        );
    });

    test("is one number for each address where nobody is exempt", () => {
        expect(planActions({ exempt: [] })).toEqual([{ remote_address: {} }]);
        expect(planLimits({ requestsPerSecond: 100, exempt: [] })).toEqual({
            domain: "tars-gateway",
            descriptors: [{ key: "remote_address", rate_limit: { unit: "second", requests_per_unit: 100 } }],
        });
    });
});

/** requirements/001, performance targets: at least 200 requests a second. */
const target = 200;

test.each(["dev", "staging", "prod-azure", "prod-aws"])("on %s the limits let the target of 001 through", (stack) => {
    const { edge, tarsRag } = parsed(settingsOf(stack)).settings;
    const addresses = Math.ceil(target / edge.rateLimit.requestsPerSecond);
    const clients = Math.ceil((target * 60) / tarsRag.rateLimitPerMinute);
    // From so few addresses and clients on, neither limit stands in its way: it is of one address and of one client, and never of all.
    expect([addresses, clients]).toEqual([2, 400]);
    const { descriptors } = planLimits(edge.rateLimit);
    const callers = Array.from({ length: addresses }, (_, index) => `198.51.100.${index}`);
    const limits = callers.map((caller) => limitOf(said(caller, edge.rateLimit.exempt), descriptors) ?? 0);
    expect(limits.reduce((sum, each) => sum + each, 0)).toBeGreaterThanOrEqual(target);
});
