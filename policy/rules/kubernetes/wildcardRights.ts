import { controls } from "../../controls";
import type { Value } from "../../reading/value";
import type { Report, ResourceRule } from "../../rule";
import { roles } from "./rights";
import { clusterRole, right, role } from "./rights.samples";

/** What stands for everything in each list of a role's rule; a path that ends in `/*` below another one is only a part. */
const wildcards = {
    verbs: /^\*$/,
    resources: /\*/,
    apiGroups: /^\*$/,
    nonResourceURLs: /^\/?\*$/,
} as const;

export const wildcardRights: ResourceRule = {
    id: "RBAC-02",
    title: "Roles name what they give",
    severity: "high",
    level: "mandatory",
    scope: "resource",
    kinds: roles,
    controls: controls({
        soc2: ["CC6.3"],
        iso27001: ["8.3", "5.15"],
        cisKubernetes: ["5.1.3"],
        cisAks: ["4.1.3"],
        cisEks: ["4.1.3"],
    }),
    why: "A wildcard also gives what is added to the cluster tomorrow, which nobody has weighed yet.",
    fix: "name the verbs, resources, groups and paths that are needed",
    link: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege",
    samples: {
        passing: [
            clusterRole([
                { ...right("pods", ["get", "list"]), resourceNames: ["web"] },
                { nonResourceURLs: ["/healthz/*"], verbs: ["get"] },
            ]),
            role([right("configmaps", ["get"])]),
        ],
        failing: [
            { sample: role([right("pods", ["*"])]), problem: "rules[0].verbs[0] is a wildcard" },
            { sample: clusterRole([right("*", ["get"])]), problem: "rules[0].resources[0] is a wildcard" },
            { sample: clusterRole([right("*/scale", ["get"])]), problem: "rules[0].resources[0] is a wildcard" },
            { sample: role([right("pods", ["get"], "*")]), problem: "rules[0].apiGroups[0] is a wildcard" },
            {
                sample: clusterRole([{ nonResourceURLs: ["*"], verbs: ["get"] }]),
                problem: "rules[0].nonResourceURLs[0] is a wildcard",
            },
            {
                sample: clusterRole([{ nonResourceURLs: ["/*"], verbs: ["get"] }]),
                problem: "rules[0].nonResourceURLs[0] is a wildcard",
            },
        ],
    },
    check: ({ object }, report) => {
        for (const rule of object.get("rules").items()) {
            for (const [list, wildcard] of Object.entries(wildcards)) reportMatches(rule.get(list), wildcard, report);
        }
    },
};

function reportMatches(list: Value, wildcard: RegExp, report: Report): void {
    for (const item of list.items()) {
        const text = item.text();
        if (typeof text === "string" && wildcard.test(text)) report({ path: item.path, problem: "is a wildcard" });
    }
}
