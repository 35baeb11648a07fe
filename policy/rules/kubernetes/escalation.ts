import { controls } from "../../controls";
import { aggregation, escalations, readingVerbs, sensitiveVerbs } from "../../facts/rights";
import type { Subject } from "../../resources/subject";
import type { Report } from "../../rule";
import { rightsRule } from "./rights";
import { clusterRole, right, role } from "./rights.samples";

const rbac = "rbac.authorization.k8s.io";

const sensitive: ReadonlySet<string> = new Set(sensitiveVerbs);
const reading: ReadonlySet<string> = new Set(readingVerbs);

const added = { [aggregation.view]: "true" };

export const escalation = rightsRule({
    id: "RBAC-05",
    title: "Roles let nobody take more rights than given",
    severity: "critical",
    level: "mandatory",
    controls: controls({
        soc2: ["CC6.3"],
        iso27001: ["8.2"],
        cisKubernetes: ["5.1.8"],
        cisAks: ["4.1.7"],
        cisEks: ["4.1.8"],
    }),
    why: "These verbs switch off the check that keeps RBAC closed: with one of them, all other rights are a step away.",
    fix: "leave out escalate, bind and impersonate; let the program manage roles and bindings",
    link: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#escalate-verb",
    forbidden: escalations,
    alsoCheck: checkAggregated,
    samples: {
        passing: [
            clusterRole([right("clusterroles", ["get", "list"], rbac), right("serviceaccounts", ["create"])], {
                [aggregation.view]: "false",
            }),
            clusterRole([right("widgets", ["get", "list", "watch"], "example.com")], added),
            clusterRole([right("widgets", ["create", "delete"], "example.com")], {
                [`${rbac}/aggregate-to-edit`]: "true",
            }),
            // Verbs of everything in a group that has nothing to do with rights.
            role([right("widgets", ["*"], "example.com")]),
        ],
        failing: [
            {
                sample: role([right("roles", ["escalate"], rbac)]),
                problem: "lets its subjects give roles more rights than they have themselves",
            },
            {
                sample: clusterRole([right("clusterroles", ["bind"], rbac)]),
                problem: "lets its subjects bind roles whose rights they do not have",
            },
            {
                sample: clusterRole([right("users", ["impersonate"])]),
                problem: "lets its subjects act as somebody else",
            },
            {
                sample: clusterRole([right("userextras/scopes", ["impersonate"], "authentication.k8s.io")]),
                problem: "lets its subjects act as somebody else",
            },
            {
                sample: clusterRole([right("serviceaccounts", ["*"], "*")]),
                problem: "lets its subjects act as somebody else",
            },
            {
                sample: clusterRole([right("widgets", ["create"], "example.com")], added),
                problem: "is a verb that changes things, in a role that adds to view",
            },
            {
                sample: clusterRole([right("widgets", ["*"], "example.com")], {
                    [`${rbac}/aggregate-to-admin`]: "true",
                }),
                problem: "is a sensitive verb in a role that adds to edit or admin",
            },
        ],
    },
});

/** A role that adds to those of people changes what they may do without any binding that says so. */
function checkAggregated({ kind, object }: Subject, report: Report): void {
    if (kind.kind !== "ClusterRole") return;
    const adds = (label: string) => object.get("metadata", "labels", label).text() === "true";
    const [toView, toOthers] = [adds(aggregation.view), aggregation.others.map(adds).includes(true)];
    if (!toView && !toOthers) return;
    const verbs = object
        .get("rules")
        .items()
        .flatMap((rule) => rule.get("verbs").items());
    for (const verb of verbs) {
        const text = verb.text();
        if (typeof text !== "string") continue;
        const { path } = verb;
        if (toOthers && sensitive.has(text)) {
            report({ path, problem: "is a sensitive verb in a role that adds to edit or admin" });
        } else if (toView && !reading.has(text)) {
            report({ path, problem: "is a verb that changes things, in a role that adds to view" });
        }
    }
}
