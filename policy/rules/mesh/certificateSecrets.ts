import { absent, type Read, undecided, type Value } from "../../reading/value";
import { keyOf } from "../../resources/kind";
import type { Stack } from "../../resources/stack";
import { nameOf, namespaceOf, type Subject } from "../../resources/subject";
import type { StackReport } from "../../rule";

const users = [
    "networking.k8s.io/Ingress",
    "gateway.networking.k8s.io/Gateway",
    "networking.istio.io/Gateway",
] as const;

/** Kinds that make a Secret, and where each says its name; without it a Secret is named as the object. */
const makers: Readonly<Record<string, readonly string[]>> = {
    "core/Secret": ["metadata", "name"],
    "cert-manager.io/Certificate": ["spec", "secretName"],
    "external-secrets.io/ExternalSecret": ["spec", "target", "name"],
};

export const secretKinds = [...users, ...Object.keys(makers)] as const;

interface Made {
    readonly namespace: Read<string>;
    readonly name: Read<string>;
}

/** Every Secret with a certificate that the edge names must come from the stack. Files are only a part, and name Secrets of others. */
export function checkSecretNames(stack: Stack, report: StackReport): void {
    const made = stack.of(...Object.keys(makers)).map(secretOf);
    for (const user of stack.of(...users)) {
        if (user.resource.origin === "manifest" || isIssuedByItself(user)) continue;
        for (const { name, namespace } of secretsOf(user)) {
            const text = name.text();
            if (typeof text !== "string" || made.some((each) => is(each, text, namespace))) continue;
            report(user, { path: name.path, problem: "names a Secret that nothing in the stack makes" });
        }
    }
}

/** Its unknowns matter to nobody: they may be any name. */
function secretOf(subject: Subject): Made {
    const quiet = { ...subject, object: subject.object.quietly };
    const name = quiet.object.get(...(makers[keyOf(subject.kind)] ?? [])).text();
    return { namespace: namespaceOf(quiet), name: name === absent ? nameOf(quiet) : name };
}

function is(made: Made, name: string, namespace: Read<string>): boolean {
    const isNamed = made.name === undecided || made.name === name;
    return isNamed && [absent, undecided, made.namespace].includes(namespace);
}

/** cert-manager makes the Certificate of an Ingress or Gateway that names its issuer. @see https://cert-manager.io/docs/usage/ingress/ */
function isIssuedByItself({ object }: Subject): boolean {
    const annotations = object.get("metadata", "annotations");
    return ["cert-manager.io/issuer", "cert-manager.io/cluster-issuer"].some((key) => annotations.get(key).isSet);
}

interface Named {
    readonly name: Value;
    /** Absent where it may be in any. */
    readonly namespace: Read<string>;
}

function secretsOf(user: Subject): readonly Named[] {
    const spec = user.object.get("spec");
    const own = namespaceOf(user);
    if (keyOf(user.kind) === users[0])
        return itemsOf(spec.get("tls"), (tls) => [{ name: tls.get("secretName"), namespace: own }]);
    if (keyOf(user.kind) === users[1]) return itemsOf(spec.get("listeners"), (listener) => referencesOf(listener, own));
    // The Secret is where the gateway's pods are, which need not be the namespace of the object.
    return itemsOf(spec.get("servers"), (server) => [{ name: server.get("tls", "credentialName"), namespace: absent }]);
}

function itemsOf(list: Value, each: (item: Value) => readonly Named[]): readonly Named[] {
    return list.items().flatMap(each);
}

function referencesOf(listener: Value, own: Read<string>): readonly Named[] {
    return itemsOf(listener.get("tls", "certificateRefs"), (reference) => {
        const kind = reference.get("kind").text();
        const namespace = reference.get("namespace").text();
        if (kind !== absent && kind !== "Secret") return [];
        return [{ name: reference.get("name"), namespace: namespace === absent ? own : namespace }];
    });
}
