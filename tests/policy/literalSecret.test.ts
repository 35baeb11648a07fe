import { isNamedSecret, looksSecret } from "../../policy/rules/kubernetes/secretText";
import { compliantPod, deploymentOf, findingsOf, ruleOf, unknownText, withValue } from "./support";

const named = (name: string, text: string, from: "environment" | "words" = "environment") =>
    isNamedSecret({ path: "", name, text, from });

describe("by name", () => {
    test.each([
        ["PASSWORD", "x"],
        ["PGPASSWORD", "x"],
        ["clientSecret", "x"],
        ["github-token", "x"],
        ["STRIPE_API_KEY", "x"],
        ["STORAGE_KEY", "x"],
        ["MYSQL_PWD", "1"],
        ["REDISCLI_AUTH", "x"],
        ["PASSWORD", "prefix-$(PASSWORD)"],
        ["PASSWORD", "$ecret"],
        ["PASSWORD", "$(USER)-hunter2"],
    ])("%s is a secret", (name, text) => expect(named(name, text)).toBe(true));

    test.each([
        ["MAX_TOKENS", "4096"],
        ["PASSWORD_FILE", "/run/secrets/a"],
        ["CACHE_KEY", "tars"],
        ["TOKEN_TTL_SECONDS", "3600"],
        ["SECRET_NAME", "tars-tls"],
        ["COMPASS", "north"],
        ["PASSWORD", ""],
        ["USE_PASSWORD", "true"],
        ["TOKEN", "/var/run/secrets/token"],
        ["TOKEN", "$(TOKEN_FROM_SECRET)"],
    ])("%s is none", (name, text) => expect(named(name, text)).toBe(false));

    test("a shell has more ways to refer to one", () => {
        for (const text of ["$TOKEN", "$(cat", "`cat", '"$TOKEN"']) expect(named("token", text, "words")).toBe(false);
        expect(named("token", "hunter$2", "words")).toBe(true);
    });
});

describe("by form", () => {
    const random = "q8Zr2KxTn4VbW7yLd1Hc9SfJ";

    test.each([
        random,
        `--x=${random}`,
        "0f8a".repeat(8).replace("0f8a0f8a", "93bd71ce"),
        "amqp://app:hunter2@mq:5672",
        "Server=db;Password=hunter2;",
        "-----BEGIN RSA PRIVATE KEY-----",
    ])("%s is a secret", (text) => expect(looksSecret(text)).toBe(true));

    test.each([
        "postgres://app@postgres:5432/tars",
        "https://docs.example.com/Some/Long/Path/With/Words",
        "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        `ghcr.io/a/b@sha256:${"0a1b2c3d".repeat(8)}`,
        "https://github.com/a/b.git@47182b000281746209f8b2ecb63b69dd4e02876b",
        "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule",
        "k8s.io/cluster-autoscaler/enabled,k8s.io/cluster-autoscaler/tars-production",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "https://example.com/q8Zr2KxTn4Vb@47182b000281746209f8b2ecb63b69dd4e02876b/W7yLd1Hc9SfJ",
    ])("%s is none", (text) => expect(looksSecret(text)).toBe(false));

    test("a commit or digest is public under its own name", () => {
        const commit = "47182b000281746209f8b2ecb63b69dd4e02876b";
        for (const name of ["REVISION", "THE_MODEL_REVISION", "imageSha256", "GIT_SHA"])
            expect(looksSecret(commit, name)).toBe(false);
        for (const name of ["SALT", "REVISION_SALT", "GRID", "IDENTITY"]) expect(looksSecret(commit, name)).toBe(true);
        // A name does not hide what its issuer marked.
        expect(looksSecret(`ghp_${"a1B2".repeat(9)}`, "REVISION")).toBe(true);
    });
});

describe("POD-15", () => {
    const rule = ruleOf("POD-15");
    const pod = (container: object) => withValue(compliantPod, ["containers", 0], container);
    const canary = "canary-51f0";

    test("says where, and never what", () => {
        const env = [
            { name: "A", value: "b" },
            { name: `TOKEN_${canary}_TOKEN`, value: canary },
        ];
        const args = ["serve", `--password=${canary}`, "--api-key", canary];
        const findings = findingsOf(rule, [deploymentOf(pod({ env, args }))]);
        expect(findings.map(({ path }) => path.replace("spec.template.spec.containers[0].", ""))).toEqual([
            "args[1]",
            "args[3]",
            "env[1].value",
        ]);
        expect(JSON.stringify(findings.map(({ message, fix }) => [message, fix]))).not.toContain(canary);
    });

    test("what is not known yet hides nothing else", () => {
        const env = [
            { name: "URL", value: unknownText },
            { name: "PASSWORD", value: "hunter2" },
        ];
        expect(findingsOf(rule, [deploymentOf(pod({ env, args: [unknownText] }))])).toEqual([
            expect.objectContaining({ path: expect.stringContaining("args[0]"), decided: false }),
            expect.objectContaining({ path: expect.stringContaining("env[0].value"), decided: false }),
            expect.objectContaining({ path: expect.stringContaining("env[1].value"), decided: true }),
        ]);
    });
});
