import type { ResourceRule, Rule } from "../rule";
import { isKubernetes, type Kind, keyOf, kindOfToken } from "./kind";
import { everyPodTemplate, mayHoldPods } from "./podTemplates";

/** In the `kinds` of a rule: every Kubernetes object, custom resources included. */
export const everyObject = "any Kubernetes object";

/** In the `kinds` of a rule: every resource of every provider. */
export const everyResource = "any resource";

/** Whether a rule looks at resources of this kind. A list may hold any kind of its provider. */
export function looksAt({ kinds }: Pick<Rule, "kinds">, kind: Kind): boolean {
    const key = keyOf(kind);
    const holdsAny = kind.twin === "list" && kind.kind === "";
    return kinds.some((wanted) => wanted === key || standsFor(wanted, kind) || (holdsAny && !wanted.includes(":")));
}

function standsFor(wanted: string, kind: Kind): boolean {
    if (wanted === everyPodTemplate) return mayHoldPods(kind);
    return wanted === everyResource || (wanted === everyObject && isKubernetes(kind));
}

/** The rules about single resources, by the kind of resource that they look at, so that each resource meets only its own. */
export class Dispatch {
    private readonly byToken = new Map<string, readonly ResourceRule[]>();
    private readonly rules: readonly ResourceRule[];

    constructor(rules: readonly Rule[]) {
        this.rules = rules.filter((rule) => rule.scope === "resource");
    }

    rulesFor(token: string): readonly ResourceRule[] {
        const known = this.byToken.get(token);
        if (known) return known;
        const kind = kindOfToken(token);
        const found = this.rules.filter((rule) => looksAt(rule, kind));
        this.byToken.set(token, found);
        return found;
    }
}
