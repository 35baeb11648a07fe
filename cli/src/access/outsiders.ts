import type { Registration } from "../registrations";
import { at, listAt, textAt } from "./fields";
import { type Peer, stranger } from "./peers";

const principal = /^cluster\.local\/ns\/([^/]+)\/sa\/([^/]+)$/;

/** Pods of other teams, as far as the stack knows them: by the accounts that its mesh lets in and that it has no pods of. */
export function outsidersOf(registrations: readonly Registration[], peers: readonly Peer[]): readonly Peer[] {
    const made = new Set(
        registrations
            .filter(({ type }) => type === "kubernetes:core/v1:Namespace")
            .map(({ inputs }) => textAt(inputs, "metadata", "name")),
    );
    const known = new Set(peers.map(({ namespace, account }) => `${namespace}/${account}`));
    const found = new Map(
        registrations
            .filter(({ inputs }) => textAt(inputs, "kind") === "AuthorizationPolicy")
            .flatMap(({ inputs }) => listAt(inputs, "spec", "rules"))
            .flatMap((rule) => listAt(rule, "from"))
            .flatMap((from) => listAt(at(from, "source"), "principals"))
            .flatMap((text) => {
                const [, namespace = "", account = ""] = principal.exec(String(text)) ?? [];
                return namespace === "" ? [] : [[`${namespace}/${account}`, { namespace, account }] as const];
            }),
    );
    return [...found]
        .filter(([name, { namespace }]) => !known.has(name) && !made.has(namespace))
        .map(([, { namespace, account }]) => ({ ...stranger(namespace, registrations), name: account, account }));
}
