import { nodeAgents as own } from "../facts/accounts";
import { undecided, Value } from "../reading/value";
import type { PodTemplate } from "../resources/podTemplates";
import { namespaceOf, type Subject } from "../resources/subject";
import type { SettingSchema } from "../rule";
import type { PodContext } from "./podRule";

/** A pod that works on its node, and with what: a path of the node, a capability. */
export interface NodeAgent {
    readonly namespace: unknown;
    readonly serviceAccount: unknown;
    /** The one path or capability that it may have; undefined in rules that ask for none. */
    readonly what: unknown;
}

/** What a rule lets its listed agents have. */
export type Allowance = keyof typeof own;

/** The setting `nodeAgents` of a rule. */
export function nodeAgentsSetting(allowance: Allowance): Readonly<Record<"nodeAgents", SettingSchema>> {
    const what: Record<string, SettingSchema> =
        allowance === "user" ? {} : { [allowance]: { type: "string", minLength: 1 } };
    return {
        nodeAgents: {
            type: "array",
            description: "Pods that work on their node; without it, those of the platform",
            items: {
                type: "object",
                properties: {
                    namespace: { type: "string", minLength: 1 },
                    serviceAccount: { type: "string", minLength: 1 },
                    ...what,
                    reason: { type: "string", minLength: 10, description: "Why they cannot do without" },
                },
                required: ["namespace", "serviceAccount", ...Object.keys(what), "reason"],
            },
        },
    };
}

/**
 * Whether a pod is listed for what a rule found in it. Where its service account or namespace is unknown, that is noted and nothing is
 * refused: ask only once something was found.
 *
 * @param what the path or capability that was found
 */
export function isNodeAgent(
    { spec }: PodTemplate,
    { subject, settings }: PodContext,
    { allowance, what }: { readonly allowance: Allowance; readonly what?: string },
): boolean {
    const agents = listed(settings.nodeAgents ?? own[allowance], allowance).filter((agent) => agent.what === what);
    return isListed(agents, spec, subject);
}

/**
 * Whether the service account of a pod is among the listed ones. A part that is not known before the update is asked for, and so noted, only while
 * the known part leaves one of them possible.
 */
export function isListed(
    accounts: readonly { readonly namespace: unknown; readonly serviceAccount: unknown }[],
    spec: Value,
    subject: Subject,
): boolean {
    if (accounts.length === 0) return false;
    const account = spec.get("serviceAccountName").text();
    const possible = accounts.filter(({ serviceAccount }) => account === undecided || serviceAccount === account);
    if (possible.length === 0) return false;
    const place = namespaceOf(subject);
    return account === undecided || place === undecided || possible.some(({ namespace }) => namespace === place);
}

function listed(agents: unknown, allowance: Allowance): readonly NodeAgent[] {
    return Value.unheard({ agents })
        .get("agents")
        .items()
        .map((agent) => ({
            namespace: agent.get("namespace").text(),
            serviceAccount: agent.get("serviceAccount").text(),
            what: allowance === "user" ? undefined : agent.get(allowance).text(),
        }));
}
