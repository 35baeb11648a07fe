import type { Area, Property } from "./area";
import { rbacBreaks } from "./rbac.breaks";

const rulesList: Property = { path: ["rules"], wrong: "all", absent: "passes" };

/** A list of the first rule of a role: what is not known in it may be the right that the rule is about. */
const listOfRule = (list: string): Property => ({ path: ["rules", 0, list], wrong: "get", absent: "passes" });

const subjectsList: Property = { path: ["subjects"], wrong: "team", absent: "passes" };

export const rbac: Area = {
    cases: {
        "RBAC-01": {
            base: 2,
            properties: [
                { path: ["roleRef", "name"], wrong: 1, absent: "passes" },
                { path: ["roleRef", "kind"], wrong: 1, absent: "passes" },
                subjectsList,
            ],
        },
        "RBAC-02": {
            properties: [rulesList, ...["apiGroups", "resources", "verbs", "nonResourceURLs"].map(listOfRule)],
        },
        "RBAC-03": {
            properties: [
                rulesList,
                { path: ["rules", 0, "resourceNames"], wrong: "shop-tls", absent: "fails" },
                ...["apiGroups", "resources", "verbs"].map(listOfRule),
            ],
        },
        "RBAC-04": { properties: [rulesList, listOfRule("verbs")] },
        "RBAC-05": {
            base: 1,
            properties: [
                rulesList,
                listOfRule("verbs"),
                {
                    path: ["metadata", "labels", "rbac.authorization.k8s.io/aggregate-to-view"],
                    wrong: true,
                    absent: "passes",
                },
            ],
        },
        "RBAC-06": {
            properties: [
                subjectsList,
                { path: ["subjects", 0, "name"], wrong: 1, absent: "passes" },
                { path: ["subjects", 0, "kind"], wrong: 1, absent: "passes" },
            ],
        },
        "RBAC-07": { properties: [rulesList] },
        "RBAC-08": {
            properties: [
                subjectsList,
                { path: ["roleRef", "name"], wrong: 1, absent: "passes" },
                { path: ["roleRef", "kind"], wrong: 1, absent: "fails" },
                { path: ["subjects", 0, "kind"], wrong: 1, absent: "passes" },
                { path: ["subjects", 0, "name"], wrong: 1, absent: "passes" },
            ],
        },
    },
    breaks: rbacBreaks,
};
