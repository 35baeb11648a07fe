import { controls } from "../../controls";
import { containerRule } from "../podRule";
import { isNamedSecret, looksSecret } from "./secretText";
import { elementsOf, environmentOf, wordsOf } from "./startTexts";

// Made up, and in the form of real ones.
const random = ["9fQ2", "xLr7", "Tz0B", "mW5k", "Vd8s", "Yc1N"].join("");
const accessKey = `${"AK"}IA${"0123456789ABCDEF"}`;

export const literalSecret = containerRule({
    id: "POD-15",
    title: "No secret stands in an environment value or an argument",
    severity: "critical",
    level: "mandatory",
    controls: controls({
        soc2: ["CC6.1", "CC6.7"],
        iso27001: ["5.17", "8.12"],
        cisKubernetes: ["5.4.1"],
        nsa: ["C-0012"],
    }),
    why: "Whoever may read a pod, a list of processes or the program's source then has the secret, and it can be changed only by a rollout.",
    fix: "put it in a Secret and mount that as a file, or refer to it by valueFrom",
    link: "https://kubernetes.io/docs/concepts/configuration/secret/#using-a-secret",
    samples: {
        passing: [
            {
                kind: "container",
                set: {
                    env: [
                        { name: "PASSWORD", valueFrom: { secretKeyRef: { name: "web", key: "password" } } },
                        { name: "PASSWORD_FILE", value: "/run/secrets/web/password" },
                        { name: "SIGNING_KEY", value: "/run/secrets/web/key.pem" },
                        { name: "MAX_TOKENS", value: "4096" },
                        { name: "USE_TOKEN", value: "true" },
                        { name: "API_TOKEN", value: "$(TOKEN_OF_FILE)" },
                        { name: "DATABASE_URL", value: "postgres://app@postgres:5432/app" },
                        { name: "TENANT", value: "3f2504e0-4f89-11d3-9a0c-0305e82c3301" },
                        { name: "MODEL_REVISION", value: "47182b000281746209f8b2ecb63b69dd4e02876b" },
                    ],
                    command: ["/bin/sh", "-ec", 'exec app --password=$(cat /run/secrets/password) --token "$TOKEN"'],
                    args: [
                        "--node-group-auto-discovery=asg:tag=k8s.io/cluster-autoscaler/enabled",
                        `--image=ghcr.io/team/app@sha256:${"0123456789abcdef".repeat(4)}`,
                        "--token-file",
                        "/run/secrets/token",
                    ],
                },
            },
        ],
        failing: [
            {
                sample: { kind: "container", set: { env: [{ name: "PGPASSWORD", value: "hunter2" }] } },
                problem: "is a secret by its name",
            },
            {
                sample: { kind: "container", set: { env: [{ name: "AWS_SECRET_ACCESS_KEY", value: "abc" }] } },
                problem: "is a secret by its name",
            },
            {
                sample: { kind: "container", set: { env: [{ name: "SALT", value: random }] } },
                problem: "has the form of a secret",
            },
            {
                sample: { kind: "container", set: { env: [{ name: "URL", value: "redis://:hunter2@redis:6379" }] } },
                problem: "has the form of a secret",
            },
            {
                sample: { kind: "container", set: { args: ["--password=hunter2"] } },
                problem: "holds a secret by the name of its flag",
            },
            {
                sample: { kind: "container", set: { args: ["--api-key", "hunter2"] } },
                problem: "holds a secret by the name of its flag",
            },
            {
                sample: { kind: "container", set: { command: ["sh", "-c", "TOKEN=hunter2 app"] } },
                problem: "holds a secret by the name of its flag",
            },
            {
                sample: { kind: "container", set: { args: [accessKey] } },
                problem: "has the form of a secret",
            },
        ],
    },
    checkContainer: ({ value }, report) => {
        for (const variable of environmentOf(value)) {
            if (isNamedSecret(variable)) report({ path: variable.path, problem: "is a secret by its name" });
            else if (looksSecret(variable.text, variable.name)) report({ path: variable.path, problem: ofForm });
        }
        for (const word of wordsOf(value)) {
            if (isNamedSecret(word)) report({ path: word.path, problem: "holds a secret by the name of its flag" });
            else if (looksSecret(word.text, word.name)) report({ path: word.path, problem: ofForm });
        }
        for (const { path, text } of elementsOf(value)) {
            if (/\s/.test(text) && looksSecret(text, "commit")) report({ path, problem: ofForm });
        }
    },
});

const ofForm = "has the form of a secret";
