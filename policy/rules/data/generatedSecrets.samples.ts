import { createHash } from "node:crypto";
import type { FailingSample, Resource, Sample } from "../../rule";
import { cloudResource, kubernetesResource, sampleOf } from "../../samples";

type Mapping = Readonly<Record<string, unknown>>;

const made = "made-by-nobody-0123456789";

const password = {
    ...cloudResource("random:index/randomPassword:RandomPassword", { length: 24 }, "password"),
    outputs: { length: 24, result: made },
};
const certificate = cloudResource("tls:index/selfSignedCert:SelfSignedCert", {}, "certificate");
const account = {
    ...cloudResource("azure-native:storage:StorageAccount", {}, "account"),
    outputs: { name: "tarsbackups" },
};
const store = cloudResource("aws:s3/bucket:Bucket", {}, "store");

const secret = (inputs: Mapping, ...from: readonly Resource[]): Resource => ({
    ...kubernetesResource("core/v1", "Secret", { metadata: { name: "app", namespace: "shop" }, ...inputs }),
    sources: Object.fromEntries(Object.keys(inputs).map((field) => [field, from.map(({ urn }) => urn)])),
});

const settings = (data: Mapping): Resource =>
    kubernetesResource("core/v1", "ConfigMap", { metadata: { name: "settings", namespace: "shop" }, data });

const literal = "holds literal values of the program";
const credential = "holds what looks like a credential, by its name, its form or its entropy";

export const passing: readonly Sample[] = [
    sampleOf(
        secret({ stringData: { PASSWORD: made, ADMIN_CLIENT_IDS: "admin_001" } }, password),
        settings({ MODE: "quiet", REDIS_CACHE_TTL: "3600", PASSWORD_FILE: "/run/secrets/password" }),
        password,
    ),
    sampleOf(secret({ stringData: { "tls.key": "unknown to this stack" } }, certificate), certificate),
    sampleOf(secret({ stringData: { "redis.conf": `requirepass ${made}` } }, password), password),
    sampleOf(secret({ data: { PASSWORD: Buffer.from(made).toString("base64") } }, password), password),
    sampleOf(secret({ stringData: { PASSWORD: createHash("sha256").update(made).digest("hex") } }, password), password),
    // As the engine has it once the provider knows its cluster.
    sampleOf(
        {
            ...secret({ data: { PASSWORD: Buffer.from(made).toString("base64") } }),
            sources: { stringData: [password.urn] },
        },
        password,
    ),
    // A server takes the name of an account from its keystore alone.
    sampleOf(secret({ stringData: { "azure.client.default.account": "tarsbackups" } }, account), account),
    // Its values come later, from the controller that fills it.
    sampleOf(secret({ type: "kubernetes.io/tls", data: {} })),
    sampleOf(settings({ "app.yaml": "token: $(TOKEN)\nurl: https://idp.example/realms/shop\nmaxTokens: 4096" })),
];

export const failing: readonly FailingSample[] = [
    { sample: sampleOf(secret({ stringData: { PASSWORD: "hunter2" } })), problem: literal },
    { sample: sampleOf(secret({ data: { PASSWORD: "aHVudGVyMg==" } })), problem: literal },
    { sample: sampleOf(secret({ stringData: { PASSWORD: "hunter2" } }, store), store), problem: literal },
    { sample: sampleOf({ ...secret({ stringData: { PASSWORD: "hunter2" } }), origin: "manifest" }), problem: literal },
    {
        sample: sampleOf(secret({ stringData: { PASSWORD: made, API_TOKEN: "hunter2" } }, password), password),
        problem: "is a literal beside generated values",
    },
    {
        sample: sampleOf(
            secret({ stringData: { "azure.client.default.account": "tarsbackups", PASSWORD: "hunter2" } }, account),
            account,
        ),
        problem: "is a literal beside generated values",
    },
    { sample: sampleOf(settings({ DB_PASSWORD: "hunter2" })), problem: credential },
    { sample: sampleOf(settings({ DATABASE: "postgresql://app:hunter2@postgres:5432/app" })), problem: credential },
    { sample: sampleOf(settings({ SALT: "q7Zk0PfT9xWb3LmN8vRy2HsD" })), problem: credential },
    { sample: sampleOf(settings({ "redis.conf": "appendonly yes\nrequirepass hunter2\n" })), problem: credential },
];
