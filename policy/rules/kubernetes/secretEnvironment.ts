import { controls } from "../../controls";
import type { Value } from "../../reading/value";
import type { Report } from "../../rule";
import { containerRule } from "../podRule";

export const secretEnvironment = containerRule({
    id: "POD-16",
    title: "Secrets reach programs as files",
    severity: "low",
    level: "advisory",
    controls: controls({
        soc2: ["CC6.1"],
        iso27001: ["8.24"],
        cisKubernetes: ["5.4.1"],
        cisAks: ["4.5.1"],
        cisEks: ["4.4.1"],
    }),
    why: "Environments are passed on to child processes, printed by crash reports and kept until the restart; a mounted file is none of that.",
    fix: "mount the Secret as a file where the program can read one",
    link: "https://kubernetes.io/docs/concepts/security/secrets-good-practices/",
    samples: {
        passing: [
            {
                kind: "container",
                set: {
                    env: [{ name: "A", valueFrom: { configMapKeyRef: { name: "web", key: "a" } } }],
                    envFrom: [{ configMapRef: { name: "web" } }],
                    volumeMounts: [{ name: "secret", mountPath: "/run/secrets/web" }],
                },
            },
        ],
        failing: [
            {
                sample: {
                    kind: "container",
                    set: { env: [{ name: "A", valueFrom: { secretKeyRef: { name: "web", key: "a" } } }] },
                },
                problem: "puts a key of a Secret into the environment",
            },
            {
                sample: { kind: "container", set: { envFrom: [{ secretRef: { name: "web" } }] } },
                problem: "puts a whole Secret into the environment",
            },
        ],
    },
    checkContainer: ({ value }, report) => {
        for (const variable of value.get("env").items()) {
            const key = variable.get("valueFrom", "secretKeyRef");
            reportSet(key, "puts a key of a Secret into the environment", report);
        }
        for (const source of value.get("envFrom").items()) {
            reportSet(source.get("secretRef"), "puts a whole Secret into the environment", report);
        }
    },
});

function reportSet(reference: Value, problem: string, report: Report): void {
    if (reference.mapping() === true) report({ path: reference.path, problem });
}
