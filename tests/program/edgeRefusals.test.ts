import { type Raw, refusal, settingsOf } from "./stack";

function refused(stack: string, changes: Raw): string {
    const settings = settingsOf(stack);
    const edge = settings.edge ?? {};
    return refusal({
        ...settings,
        ...changes,
        ...("edge" in changes && { edge: { ...edge, ...Object(changes.edge) } }),
    });
}

/** What a person is told of an edge that cannot be: where, what was given, and what to write instead. */
const cases: readonly (readonly [name: string, stack: string, changes: Raw, message: string])[] = [
    [
        "a host twice",
        "dev",
        { edge: { apiHost: "tars.local" } },
        'edge.apiHost: is "tars.local", which edge.host is already\n      fix: give each host once',
    ],
    [
        "a further host that is there already",
        "dev",
        { edge: { otherHosts: ["a.tars.local", "api.tars.local", "a.tars.local"] } },
        'edge.otherHosts.2: is "a.tars.local", which edge.otherHosts.0 is already',
    ],
    [
        "a wildcard host in production",
        "prod-azure",
        { edge: { otherHosts: ["*.tars.example.com"] } },
        'edge.otherHosts.0: is "*.tars.example.com", which answers for names that nobody listed; production answers for named hosts only\n' +
            '      fix: list each host by its name, such as "app.tars.example.com"',
    ],
    [
        "a limit below a load that is declared",
        "dev",
        { edge: { rateLimit: { expected: [{ from: "203.0.113.10/32", requestsPerSecond: 200 }] } } },
        "edge.rateLimit.expected.0: 203.0.113.10/32 brings 200 requests a second, and one address may bring 100\n" +
            "      fix: add 203.0.113.10/32 to edge.rateLimit.exempt, or set edge.rateLimit.requestsPerSecond to at least 200",
    ],
    [
        "a range that exempts a company's worth of addresses and more",
        "dev",
        { edge: { rateLimit: { exempt: ["10.0.0.0/8"] } } },
        "edge.rateLimit.exempt.0: 10.0.0.0/8 exempts too many: a range has at least /16\n      fix: name the addresses",
    ],
    [
        "an image from a registry that is not listed",
        "dev",
        { admission: { registries: ["registry.example.com/tars"] } },
        'tarsRag.image.registry: your-registry/tars-backend comes from "your-registry", which is not in admission.registries ' +
            "(registry.example.com/tars)\n      fix: push the image to one of these registries, or add its registry",
    ],
    [
        "an image from a registry that only begins like a listed one",
        "dev",
        {
            admission: { registries: ["registry.example.com/tars"] },
            tarsRag: { image: { registry: "registry.example.com/tars-evil" } },
        },
        'comes from "registry.example.com/tars-evil", which is not in admission.registries',
    ],
];

test.each(cases)("%s is refused", (_, stack, changes, message) => {
    expect(refused(stack, changes)).toContain(message);
});

test("everything that is wrong is said at once", () => {
    const edge = { otherHosts: ["*.example.com", "tars.example.com"], rateLimit: { exempt: ["10.0.0.0/8"] } };
    const message = refused("prod-aws", { edge, admission: { registries: ["registry.example.com"] } });
    expect(message).toContain("Pulumi.dev.yaml has 5 problems:");
});

/** What is near to the cases above, and right. */
const accepted: readonly (readonly [name: string, stack: string, changes: Raw])[] = [
    ["a wildcard host in dev", "dev", { edge: { otherHosts: ["*.tars.local"] } }],
    [
        "a declared load that is exempt",
        "dev",
        {
            edge: {
                rateLimit: {
                    exempt: ["203.0.113.0/28"],
                    expected: [{ from: "203.0.113.10/32", requestsPerSecond: 200 }],
                },
            },
        },
    ],
    [
        "a declared load that the limit lets through",
        "dev",
        { edge: { rateLimit: { expected: [{ from: "203.0.113.0/24", requestsPerSecond: 100 }] } } },
    ],
    [
        "an image below a listed registry",
        "dev",
        {
            admission: { registries: ["registry.example.com/tars"] },
            tarsRag: { image: { registry: "registry.example.com/tars/apps" } },
            data: {},
        },
    ],
];

test.each(accepted)("%s is accepted", (_, stack, changes) => {
    expect(() => refused(stack, changes)).toThrow("the settings were accepted");
});
