import { controls } from "../../controls";
import { everybody } from "../../facts/rights";
import type { ResourceRule } from "../../rule";
import { bindings } from "./rights";
import { binding, subject } from "./rights.samples";

const view = { kind: "ClusterRole", name: "view" } as const;

export const everybodyBindings: ResourceRule = {
    id: "RBAC-06",
    title: "Bindings name who is meant",
    severity: "critical",
    level: "mandatory",
    scope: "resource",
    kinds: bindings,
    controls: controls({ soc2: ["CC6.1"], iso27001: ["5.15", "8.5"], cisKubernetes: ["5.1.7"] }),
    why: "A right given to everybody is given to attackers too, and members of system:masters cannot be stopped by RBAC at all.",
    fix: "bind a group of people or a service account",
    link: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#hardening",
    samples: {
        passing: [
            binding("ClusterRoleBinding", view, subject("Group", "team"), subject("ServiceAccount", "app")),
            // The name of a service account is another kind of name.
            binding("RoleBinding", view, subject("ServiceAccount", "system:authenticated")),
        ],
        failing: Object.entries(everybody).map(([name, words]) => ({
            sample: binding("ClusterRoleBinding", view, subject(name === "system:anonymous" ? "User" : "Group", name)),
            problem: `stands for ${words}`,
        })),
    },
    check: ({ object }, report) => {
        for (const bound of object.get("subjects").items()) {
            if (bound.get("kind").text() === "ServiceAccount") continue;
            const name = bound.get("name").text();
            const found = Object.entries(everybody).find(([each]) => each === name);
            if (found) report({ path: `${bound.path}.name`, problem: `stands for ${found[1]}` });
        }
    },
};
