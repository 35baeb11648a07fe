import { controls } from "../../controls";
import { adminRoles as ownAdminRoles } from "../../facts/rights";
import { undecided, type Value } from "../../reading/value";
import type { ResourceRule, Settings } from "../../rule";
import { entriesOf, listSetting, someText } from "../listSetting";
import { bindings } from "./rights";
import { binding, subject } from "./rights.samples";

const adminRoles: ReadonlySet<unknown> = new Set(ownAdminRoles);

const everything = { kind: "ClusterRole", name: "cluster-admin" } as const;
const namespaceAdmin = { kind: "ClusterRole", name: "admin" } as const;

export const adminBindings: ResourceRule = {
    id: "RBAC-01",
    title: "Nobody but the break-glass list is bound to cluster-admin or admin",
    severity: "critical",
    level: "mandatory",
    scope: "resource",
    kinds: bindings,
    controls: controls({
        soc2: ["CC6.1", "CC6.3"],
        iso27001: ["8.2", "5.18"],
        cisKubernetes: ["5.1.1"],
        cisAks: ["4.1.1"],
        cisEks: ["4.1.1"],
        nsa: ["C-0035"],
    }),
    why: "Whoever holds such a role reads every secret, runs anything, and can give itself whatever else it lacks.",
    fix: "bind a role with the rights that are needed, or list the person or group under breakGlass in the pack configuration",
    link: "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles",
    settings: {
        breakGlass: listSetting({
            description:
                "People who may hold a role for emergencies; without it nobody: clouds keep their administrators themselves",
            entry: {
                role: { type: "string", enum: ["cluster-admin", "admin"] },
                kind: { type: "string", enum: ["Group", "User"] },
                name: someText,
            },
            reason: "In which emergency they need it",
        }),
    },
    samples: {
        passing: [
            binding("RoleBinding", { kind: "ClusterRole", name: "view" }, subject("Group", "team")),
            // A role of that name in a namespace of one's own is another role.
            binding("RoleBinding", { kind: "Role", name: "admin" }, subject("Group", "team")),
            binding("ClusterRoleBinding", everything),
        ],
        failing: [
            {
                sample: binding("ClusterRoleBinding", everything, subject("Group", "team")),
                problem: "is bound to cluster-admin",
            },
            {
                sample: binding("RoleBinding", everything, subject("ServiceAccount", "app")),
                problem: "is bound to cluster-admin",
            },
            {
                sample: binding("RoleBinding", namespaceAdmin, subject("User", "ana")),
                problem: "is bound to admin",
            },
        ],
    },
    check: ({ object }, report, { settings }) => {
        const role = object.get("roleRef", "name").text();
        if (typeof role !== "string" || !adminRoles.has(role)) return;
        if (object.get("roleRef", "kind").text() === "Role") return;
        for (const bound of object.get("subjects").items()) {
            if (!isBreakGlass(bound, role, settings)) report({ path: bound.path, problem: `is bound to ${role}` });
        }
    },
};

/** Whether a subject is listed for the role. One whose name is not known may be, which is noted while somebody is listed. */
function isBreakGlass(bound: Value, role: string, settings: Settings): boolean {
    const listed = entriesOf(settings.breakGlass);
    const possible = listed.filter((entry) => entry.get("role").text() === role);
    if (possible.length === 0) return false;
    const [kind, name] = [bound.get("kind").text(), bound.get("name").text()];
    return possible.some((entry) =>
        [
            [kind, entry.get("kind").text()],
            [name, entry.get("name").text()],
        ].every(([own, wanted]) => own === undecided || own === wanted),
    );
}
