import type { Right } from "../../facts/rights";
import { type Answer, all, any } from "../../reading/answers";
import { undecided, type Value } from "../../reading/value";
import type { Subject } from "../../resources/subject";
import type { Report, ResourceRule } from "../../rule";

type Given = Omit<ResourceRule, "scope" | "kinds" | "check">;

interface RightsRule extends Given {
    readonly forbidden: readonly Right[];
    /** Whether one of the role's rules is so narrow that it may give such a right. @default never */
    readonly isNarrow?: (rule: Value) => Answer;
    /** What else is to be looked at in a role. @default nothing */
    readonly alsoCheck?: (role: Subject, report: Report) => void;
}

export const roles = ["rbac.authorization.k8s.io/Role", "rbac.authorization.k8s.io/ClusterRole"] as const;
export const bindings = [
    "rbac.authorization.k8s.io/RoleBinding",
    "rbac.authorization.k8s.io/ClusterRoleBinding",
] as const;

/** A rule about rights that no role may give. */
export function rightsRule({ forbidden, isNarrow = () => false, alsoCheck, ...entry }: RightsRule): ResourceRule {
    return {
        ...entry,
        scope: "resource",
        kinds: roles,
        check: (role, report) => {
            for (const rule of role.object.get("rules").items()) {
                const given = forbidden.filter((right) => gives(rule, right));
                if (given.length === 0 || isNarrow(rule) !== false) continue;
                const words = [...new Set(given.map((right) => right.words))];
                report({ path: rule.path, problem: `lets its subjects ${words.join(", ")}` });
            }
            alsoCheck?.(role, report);
        },
    };
}

/** Whether one of a role's rules gives a right. What is not known of it is noted where it could make the difference. */
function gives(rule: Value, right: Right): boolean {
    const answer = matches(rule.quietly, right);
    if (answer === undecided) matches(rule, right);
    return answer === true;
}

/**
 * How the API server reads a rule: `*` stands for everything, `*\/exec` for that subresource of every resource.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/rbac/v1/evaluation_helpers.go
 */
function matches(rule: Value, { group, resource, verbs }: Right): Answer {
    const subresource = resource?.split("/")[1];
    const resources = ["*", resource, subresource && `*/${subresource}`];
    const ofGroup = holds(rule.get("apiGroups"), (text) => text === "*" || text === group);
    const ofResource = holds(rule.get("resources"), (text) => resource === undefined || resources.includes(text));
    return all([ofGroup, ofResource, holds(rule.get("verbs"), (text) => text === "*" || verbs.includes(text))]);
}

/** Whether a list of texts holds one that is wanted. */
function holds(list: Value, isWanted: (text: string) => boolean): Answer {
    const items = list.items();
    if (list.isSet && !list.isList) return undecided;
    return any(
        items.map((item) => {
            const text = item.text();
            return typeof text === "string" ? isWanted(text) : text;
        }),
    );
}
