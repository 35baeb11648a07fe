import { controls } from "../../controls";
import { isCredential, isSecretName } from "../../reading/credential";
import { Value } from "../../reading/value";
import { keyOf } from "../../resources/kind";
import type { Subject } from "../../resources/subject";
import type { AcrossReport, CrossStackRule, NamedStack } from "../../rule";
import { failing, passing } from "./plainSecrets.samples";

/** Inputs that are credentials, by kind; `*` stands for every key. */
const sensitive: Readonly<Record<string, readonly (readonly string[])[]>> = {
    "core/Secret": [
        ["data", "*"],
        ["stringData", "*"],
    ],
    "aws:docdb/Cluster": [["masterPassword"]],
    "aws:elasticache/ReplicationGroup": [["authToken"]],
    "aws:opensearch/Domain": [["advancedSecurityOptions", "masterUserOptions", "masterUserPassword"]],
    "aws:rds/Cluster": [["masterPassword"]],
    "aws:rds/Instance": [["password"]],
    "aws:secretsmanager/SecretVersion": [["secretString"], ["secretBinary"]],
    "aws:ssm/Parameter": [["value"]],
    "azure-native:dbforpostgresql/Server": [["administratorLoginPassword"]],
    "azure-native:keyvault/Secret": [["properties", "value"]],
    "azure-native:sql/Server": [["administratorLoginPassword"]],
};

/**
 * Whether a value is marked as secret can be seen where the engine or the capture of a program's graph hides those that are: there
 * a secret is `[secret]`, and what can be read is none. Policies in the engine see every secret in the clear.
 */
export const plainSecrets: CrossStackRule = {
    id: "SEC-02",
    title: "Secrets are marked as such on their whole way: settings, inputs, outputs, state",
    severity: "critical",
    level: "mandatory",
    scope: "stacks",
    kinds: Object.keys(sensitive),
    controls: controls({ soc2: ["CC6.1", "CC6.7"], iso27001: ["5.17", "8.12"] }),
    why: "What is not marked stands in the clear in the state, in every copy of it and on the screen of each preview; a passphrase opens all of it for whoever has ever known it.",
    fix: "use pulumi config set --secret, pulumi.secret and a secrets provider of the cloud's key service",
    link: "https://www.pulumi.com/docs/iac/concepts/secrets/",
    samples: { passing, failing },
    checkAcross: (stacks, report) => {
        for (const stack of stacks) {
            for (const subject of stack.stack.of(...Object.keys(sensitive))) checkInputs(subject, report);
            checkOutputs(stack, report);
            checkFile(stack, report);
        }
    },
};

function checkInputs(subject: Subject, report: AcrossReport): void {
    if (subject.resource.origin === "manifest" || isPlainParameter(subject)) return;
    const places = (sensitive[keyOf(subject.kind)] ?? []).flatMap((keys) => valuesAt(subject.object, keys));
    for (const value of places) {
        const text = value.quietly.text();
        if (typeof text === "string" && text !== "")
            report(subject, { path: value.path, problem: "is not marked as secret" });
    }
}

/** Parameters of the parameter store are secrets where their type says so. */
function isPlainParameter({ kind, object }: Subject): boolean {
    return keyOf(kind) === "aws:ssm/Parameter" && object.get("type").text() !== "SecureString";
}

function valuesAt(value: Value, [key, ...rest]: readonly string[]): readonly Value[] {
    if (key === undefined) return [value];
    const names = key === "*" ? value.keys() : [key];
    return names.flatMap((name) => valuesAt(value.get(name), rest));
}

function checkOutputs(stack: NamedStack, report: AcrossReport): void {
    for (const { path, name, text } of named(Value.unheard({ outputs: stack.outputs }).get("outputs")))
        if (isCredential(name, text)) report(stack, { path, problem: "is an output that is not marked as secret" });
}

function checkFile(stack: NamedStack, report: AcrossReport): void {
    const file = Value.unheard(stack.file);
    for (const { path, name, text } of named(file.get("config")))
        if (isCredential(name, text)) report(stack, { path, problem: "is a credential in the clear" });
    if (stack.environment !== "production") return;
    const provider = file.get("secretsprovider").text();
    // A stack that encrypts with a passphrase has the salt of it in its file, by whatever way it was told to.
    const isPassphrase =
        provider === "passphrase" || (file.get("encryptionsalt").isSet && typeof provider !== "string");
    if (isPassphrase) report(stack, { path: "secretsprovider", problem: "is a passphrase" });
}

interface Named {
    readonly path: string;
    readonly name: string;
    readonly text: string;
}

const deepest = 20;

/** Every text below a value, with the name it goes by; what stands under `secure` is encrypted. */
function named(value: Value, name = "", depth = deepest): readonly Named[] {
    if (depth === 0) return [];
    if (value.isList) return value.items().flatMap((item) => named(item, name, depth - 1));
    const text = value.text();
    if (typeof text === "string") return [{ path: value.path, name, text }];
    return value
        .keys()
        .filter((key) => key !== "secure")
        .flatMap((key) => named(value.get(key), isSecretName(name) ? name : key, depth - 1));
}
