import { nodeAgents as own } from "../facts/accounts";
import type { PodTemplate } from "../resources/podTemplates";
import type { SettingSchema } from "../rule";
import { accountOf, accountsSetting, isListed, type ListedAccount } from "./listedAccounts";
import { entriesOf, someText } from "./listSetting";
import type { PodContext } from "./podRule";

/** A pod that works on its node, and with what: a path of the node, a capability. */
export interface NodeAgent extends ListedAccount {
    /** The one path or capability that it may have; undefined in rules that ask for none. */
    readonly what: unknown;
}

/** What a rule lets its listed agents have. */
export type Allowance = keyof typeof own;

/** The setting `nodeAgents` of a rule. */
export function nodeAgentsSetting(allowance: Allowance): Readonly<Record<"nodeAgents", SettingSchema>> {
    return {
        nodeAgents: accountsSetting({
            description: "Pods that work on their node; without it, those of the platform",
            reason: "Why they cannot do without",
            also: allowance === "user" ? {} : { [allowance]: someText },
        }),
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

function listed(agents: unknown, allowance: Allowance): readonly NodeAgent[] {
    return entriesOf(agents).map((agent) => ({
        ...accountOf(agent),
        what: allowance === "user" ? undefined : agent.get(allowance).text(),
    }));
}
