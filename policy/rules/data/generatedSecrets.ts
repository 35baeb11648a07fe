import { createHash } from "node:crypto";
import { controls } from "../../controls";
import { isCredential } from "../../reading/credential";
import { Value } from "../../reading/value";
import { type Kind, keyOf } from "../../resources/kind";
import type { Stack } from "../../resources/stack";
import type { Subject } from "../../resources/subject";
import type { SettingSchema, Settings, StackReport, StackRule } from "../../rule";
import { failing, passing } from "./generatedSecrets.samples";

/** Providers whose resources make values that nobody chose. */
const generators: ReadonlySet<string> = new Set(["random", "tls"]);

/**
 * Kinds whose outputs are identifiers, which some servers take from their keystore alone. The keys of an account are none of its outputs.
 *
 * @see https://www.elastic.co/docs/deploy-manage/tools/snapshot-and-restore/azure-repository#repository-azure-client-settings
 */
const identified: ReadonlySet<string> = new Set(["azure-native:storage/StorageAccount"]);

/** Where a Secret has its values. */
const fields = ["stringData", "data"] as const;
type Field = (typeof fields)[number];

/** Client ids of administrators (requirements/001, step 2): they are identifiers that stand in a setting, kept from readers of the namespace. */
const platformIdentifiers = ["ADMIN_CLIENT_IDS"] as const;

const identifiers: SettingSchema = {
    type: "array",
    description:
        "Keys of Secrets that hold identifiers from settings beside generated values; without it, those of the platform",
    items: { type: "string", minLength: 1 },
};

export const generatedSecrets: StackRule = {
    id: "SEC-01",
    title: "Secrets hold generated values or come from the cloud's store, never the program's text",
    severity: "critical",
    level: "mandatory",
    scope: "stack",
    kinds: ["core/Secret", "core/ConfigMap"],
    controls: controls({
        soc2: ["CC6.1", "CC6.7"],
        iso27001: ["5.17", "8.24"],
        cisKubernetes: ["5.4.2"],
        cisAks: ["4.5.2"],
        cisEks: ["4.4.2"],
    }),
    why: "A credential that stands in a program is in its repository, in every clone of it and in every log of a review, and nobody can rotate it.",
    fix: "take the value from a random or tls resource, or let an ExternalSecret bring it from the cloud's store",
    link: "https://kubernetes.io/docs/concepts/security/secrets-good-practices/",
    samples: { passing, failing },
    settings: { identifiers },
    check: (stack, report, { settings }) => {
        for (const subject of stack.of("core/Secret")) checkSecret(stack, subject, { settings, report });
        for (const subject of stack.of("core/ConfigMap")) checkConfigMap(subject, report);
    },
};

interface Run {
    readonly settings: Settings;
    readonly report: StackReport;
}

/**
 * What counts is where the values come from, not what they are: they need not be known. In a manifest nothing says where they come
 * from, so whoever writes one there has written a literal.
 */
function checkSecret(stack: Stack, subject: Subject, run: Run): void {
    for (const field of fields) {
        const values = subject.object.get(field).quietly;
        if (!values.isSet || (values.mapping() === true && values.keys().length === 0)) continue;
        const makers = sourcesOf(stack, subject, field).filter(({ kind }) => isMaker(kind));
        if (makers.length > 0) checkKeys(values, field, { ...run, subject, makers });
        else run.report(subject, { path: values.path, problem: "holds literal values of the program" });
    }
}

/**
 * A provider that knows its cluster moves `stringData` into `data` before it shows the inputs to anyone, and the engine still knows the
 * sources by the name that the program used.
 */
function sourcesOf(stack: Stack, subject: Subject, field: Field): readonly Subject[] {
    const moved = field === "data" && !subject.object.get("stringData").isSet;
    return [...stack.sourcesOf(subject, field), ...(moved ? stack.sourcesOf(subject, "stringData") : [])];
}

function isMaker(kind: Kind): boolean {
    return generators.has(kind.provider) || identified.has(keyOf(kind));
}

interface Made extends Run {
    readonly subject: Subject;
    readonly makers: readonly Subject[];
}

/** Beside generated values a literal may hide. It shows where the generated ones are known: in an update of a stack that has them. */
function checkKeys(values: Value, field: Field, { settings, report, subject, makers }: Made): void {
    const made = makers.flatMap(outputsOf);
    if (made.length === 0) return;
    const allowed = Value.unheard(settings).get("identifiers");
    const known: readonly string[] = allowed.isSet ? allowed.texts() : platformIdentifiers;
    for (const key of values.keys().filter((name) => !known.includes(name))) {
        const text = decoded(values.get(key).text(), field);
        const isLiteral = isCredential(key, text) && !made.some((output) => text.includes(output));
        if (isLiteral) report(subject, { path: values.get(key).path, problem: "is a literal beside generated values" });
    }
}

const shortestOutput = 8;

/**
 * The texts that a generator has made, as far as they are known, and their hashes, by which a server knows a password that it need not have; its own
 * inputs do no harm among them.
 */
function outputsOf({ resource }: Subject): readonly string[] {
    const outputs = Value.unheard(resource.outputs);
    return outputs.keys().flatMap((key) => {
        const text = outputs.get(key).text();
        if (typeof text !== "string" || text.length < shortestOutput) return [];
        return [text.trim(), createHash("sha256").update(text).digest("hex")];
    });
}

function decoded(text: unknown, field: Field): string {
    if (typeof text !== "string") return "";
    return field === "data" ? Buffer.from(text, "base64").toString("utf8") : text;
}

function checkConfigMap(subject: Subject, report: StackReport): void {
    const data = subject.object.get("data");
    if (data.mapping() !== true) return;
    for (const key of data.keys()) {
        const value = data.get(key);
        const text = value.text();
        if (typeof text !== "string" || !isCredential(key, text)) continue;
        report(subject, {
            path: data.path,
            problem: "holds what looks like a credential, by its name, its form or its entropy",
            fix: "put it into a Secret that is generated or comes from the cloud's store",
        });
    }
}
