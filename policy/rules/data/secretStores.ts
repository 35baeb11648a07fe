import { controls } from "../../controls";
import { durationOf } from "../../reading/duration";
import { absent, type Value } from "../../reading/value";
import { groupAndKind } from "../../resources/kind";
import type { Subject } from "../../resources/subject";
import type { Report, ResourceRule } from "../../rule";
import { failing, passing } from "./secretStores.samples";

const [secretStore, clusterStore] = [
    "external-secrets.io/SecretStore",
    "external-secrets.io/ClusterSecretStore",
] as const;
const [secret, clusterSecret] = [
    "external-secrets.io/ExternalSecret",
    "external-secrets.io/ClusterExternalSecret",
] as const;

export const secretStores: ResourceRule = {
    id: "SEC-03",
    title: "Secret stores are opened by workload identity, and what comes from them is fresh",
    severity: "high",
    level: "mandatory",
    scope: "resource",
    kinds: [secretStore, clusterStore, secret, clusterSecret],
    controls: controls({ soc2: ["CC6.1"], iso27001: ["5.17"], cisKubernetes: ["5.4.2"] }),
    why: "A static key to the store of all secrets is the one secret that opens the others, and a value that is never read again outlives its rotation.",
    fix: "use workload identity, an hour at most between reads, and conditions that name the namespaces of a ClusterSecretStore",
    link: "https://external-secrets.io/latest/guides/security-best-practices/",
    samples: { passing, failing },
    check: (subject, report) => {
        const key = groupAndKind(subject.kind);
        if (key === secret) checkReading(subject.object.get("spec"), report);
        else if (key === clusterSecret) checkReading(subject.object.get("spec", "externalSecretSpec"), report);
        else checkStore(subject, report);
    },
};

function checkStore(subject: Subject, report: Report): void {
    const provider = subject.object.get("spec", "provider");
    if (provider.mapping() === true)
        for (const each of provider.keys()) checkProvider(provider.get(each), each, report);
    if (groupAndKind(subject.kind) === clusterStore) checkConditions(subject.object.get("spec", "conditions"), report);
}

function checkProvider(provider: Value, name: string, report: Report): void {
    if (name === "fake") report({ path: provider.path, problem: "holds its values itself" });
    for (const path of staticKeys(provider)) report({ path, problem: "opens the store with a static key" });
    // The default is ServicePrincipal (CRD of external-secrets 2.9.0), which needs a client secret or certificate.
    if (name !== "azurekv") return;
    const type = provider.get("authType");
    const stated = type.text();
    if (stated === absent || stated === "ServicePrincipal")
        report({ path: type.path, problem: "is ServicePrincipal, which needs a static key" });
}

const deepest = 6;

/** Every reference to a Secret by which a provider authenticates. The names are the CRD's; `tls` and `caProvider` hold certificates. */
function staticKeys(value: Value, depth = deepest): readonly string[] {
    return value.keys().flatMap((key) => {
        const inner = value.get(key);
        if (/secretref$/i.test(key)) return [inner.path];
        return depth === 0 || key === "tls" || key === "caProvider" ? [] : staticKeys(inner, depth - 1);
    });
}

function checkConditions(conditions: Value, report: Report): void {
    const items = conditions.items();
    if (conditions.isSet && !conditions.isList) return;
    const named = items.filter((item) =>
        ["namespaces", "namespaceSelector", "namespaceRegexes"].some((key) => isNamed(item.get(key))),
    );
    // Conditions are alternatives: one that names nobody admits nobody, so only none at all is open.
    if (named.length === 0)
        report({ path: conditions.path, problem: "names no namespaces, so that every namespace may read" });
}

/** Whether a condition narrows anything; an empty selector selects every namespace. */
function isNamed(value: Value): boolean {
    if (value.isList) return value.items().some((item) => item.quietly.text() !== ".*");
    return value.isSet && value.keys().some((key) => value.get(key).isList || value.get(key).keys().length > 0);
}

const longest = 3600;

function checkReading(spec: Value, report: Report): void {
    if (isGenerated(spec)) return;
    const policy = spec.get("refreshPolicy");
    const stated = policy.text();
    if (stated === "CreatedOnce" || stated === "OnChange")
        report({ path: policy.path, problem: "never reads the store again by itself" });
    const interval = spec.get("refreshInterval");
    const text = interval.text(); // an hour where absent (CRD of external-secrets 2.9.0)
    if (typeof text !== "string") return;
    const every = durationOf(text);
    if (every === undefined) report({ path: interval.path, problem: "is no duration" });
    else if (every === 0) report({ path: interval.path, problem: "is 0, which never reads the store again" });
    else if (every > longest) report({ path: interval.path, problem: "is longer than an hour" });
}

/** What a generator makes is made anew at each reading: there the interval is the life of a value, not the age of a copy. */
function isGenerated(spec: Value): boolean {
    const sources = spec.get("dataFrom").items();
    return (
        !spec.get("data").isSet &&
        sources.length > 0 &&
        sources.every((source) => source.get("sourceRef", "generatorRef").isSet)
    );
}
