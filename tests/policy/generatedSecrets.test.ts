import { readConfiguration } from "../../policy/configuration";
import type { Resource } from "../../policy/rule";
import { cloudResource, kubernetesResource } from "../../policy/samples";
import { findingsOf, type Mapping, problemsOf, ruleOf, unknownText } from "./support";

const rule = ruleOf("SEC-01");
const metadata = { name: "app", namespace: "shop" };
const generator = (name: string, outputs?: Mapping): Resource => ({
    ...cloudResource("random:index/randomPassword:RandomPassword", {}, name),
    ...(outputs ? { outputs } : {}),
});
const secret = (inputs: Mapping, sources: Readonly<Record<string, readonly string[]>> = {}): Resource => ({
    ...kubernetesResource("core/v1", "Secret", { metadata, ...inputs }),
    sources,
});

const [first, second] = ["made-by-nobody-0123456789", "nor-by-somebody-987654321"];
const password = generator("password", { result: first });
const from = (...makers: readonly Resource[]) => ({ stringData: makers.map(({ urn }) => urn) });
const besides = (key: string) => `stringData.${key} is a literal beside generated values`;

test.each<[string, readonly Resource[], readonly string[]]>([
    [
        "of two generators, each its own",
        [
            secret({ stringData: { A_PASSWORD: first, B_PASSWORD: second } }, from(password, generator("other"))),
            password,
            generator("other", { result: second }),
        ],
        [],
    ],
    [
        "of a generator that ends its output with a new line",
        [secret({ stringData: { PASSWORD: first } }, from(password)), generator("password", { result: `${first}\n` })],
        [],
    ],
    [
        "of a generator whose shortest output counts",
        [
            secret({ stringData: { PASSWORD: "8 shorts", TOKEN: "hunter2" } }, from(password)),
            generator("password", { result: "8 shorts" }),
        ],
        [besides("TOKEN")],
    ],
    [
        "of a generator with a flag, a number and a short word, which are in many texts",
        [
            secret({ stringData: { PASSWORD: first, TOKEN: "hunter2-true" } }, from(password)),
            generator("password", { result: first, length: 24, special: true, prefix: "hunter2" }),
        ],
        [besides("TOKEN")],
    ],
    [
        "of a generator that has made nothing yet",
        [secret({ stringData: { PASSWORD: "hunter2" } }, from(password)), generator("password")],
        [],
    ],
    [
        "that are unknown beside those of a generator",
        [
            secret(
                { data: { PASSWORD: Buffer.from(first).toString("base64"), TOKEN: unknownText } },
                { data: [password.urn] },
            ),
            password,
        ],
        [],
    ],
    [
        "that are unknown, and nobody generates them",
        [secret({ stringData: unknownText })],
        ["stringData holds literal values of the program"],
    ],
    [
        "in data, where only those of stringData are generated",
        [secret({ stringData: { PASSWORD: first }, data: { TOKEN: "aHVudGVyMg==" } }, from(password)), password],
        ["data holds literal values of the program"],
    ],
])("SEC-01 on values %s", (_, resources, problems) => {
    expect(problemsOf(rule, resources)).toEqual(problems);
});

describe("SEC-01 and identifiers beside generated values", () => {
    const beside = (key: string) => [
        secret({ stringData: { PASSWORD: first, [key]: "q7Zk0PfT9xWb3LmN8vRy2HsD" } }, from(password)),
        password,
    ];

    test("those of the platform are let be", () => {
        expect(problemsOf(rule, beside("ADMIN_CLIENT_IDS"))).toEqual([]);
        expect(problemsOf(rule, beside("CLIENT_IDS"))).toEqual([besides("CLIENT_IDS")]);
    });

    test("a list takes the place of the platform's own", () => {
        const configuration = readConfiguration({
            "SEC-01": { enforcementLevel: "mandatory", identifiers: ["CLIENT_IDS"] },
        });
        expect(findingsOf(rule, beside("CLIENT_IDS"), configuration)).toEqual([]);
        expect(findingsOf(rule, beside("ADMIN_CLIENT_IDS"), configuration)).toHaveLength(1);
    });
});

describe("SEC-01 on a ConfigMap", () => {
    const settings = (data: Mapping) => kubernetesResource("core/v1", "ConfigMap", { metadata, data });

    test("says to put a credential into a Secret", () => {
        expect(findingsOf(rule, [settings({ DB_PASSWORD: "hunter2" })])).toEqual([
            expect.objectContaining({ path: "data", fix: expect.stringContaining("put it into a Secret") }),
        ]);
    });

    test("does not decide on a value that is unknown", () => {
        expect(problemsOf(rule, [settings({ DB_PASSWORD: unknownText })])).toEqual([
            "not decided: data.DB_PASSWORD is not known before the update",
        ]);
    });
});
