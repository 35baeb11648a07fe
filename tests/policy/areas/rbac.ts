import type { Area, Property } from "./area";
import { rbacBreaks } from "./rbac.breaks";

const rulesList: Property = { path: ["rules"], wrong: "all", absent: "passes" };

/** A list of the first rule of a role: what is not known in it may be the right that the rule is about. */
const listOfRule = (list: string): Property => ({ path: ["rules", 0, list], wrong: "get", absent: "passes" });

const enforce = "pod-security.kubernetes.io/enforce";

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
        "NS-01": {
            properties: [
                { path: ["metadata", "labels", enforce], wrong: true, absent: "fails" },
                { path: ["metadata", "labels", `${enforce}-version`], wrong: 1.32, absent: "fails" },
            ],
            patch: "exempt: what a Patch does not state, the namespace that it patches may",
        },
        "NS-02": { properties: [{ path: ["metadata", "namespace"], wrong: 1, absent: "fails" }] },
        "NS-05": {
            properties: [
                { path: ["spec", "egress"], wrong: "all", absent: "passes" },
                { path: ["spec", "egress", 0, "to"], wrong: "all", absent: "fails" },
                { path: ["spec", "egress", 0, "ports"], wrong: 53, absent: "passes" },
                { path: ["spec", "egress", 0, "ports", 0, "port"], wrong: true, absent: "passes" },
                { path: ["spec", "egress", 0, "to", 0], wrong: "all", absent: "fails" },
                {
                    path: ["spec", "egress", 0, "to", 0, "podSelector", "matchLabels", "k8s-app"],
                    wrong: 1,
                    absent: "fails",
                },
            ],
        },
        "NS-07": {
            properties: ["owner", "cost-centre", "data-class", "environment", "app.kubernetes.io/part-of"].map(
                (key) => ({
                    path: ["metadata", "labels", key],
                    wrong: 1,
                    absent: "fails",
                }),
            ),
            patch: "exempt: what a Patch does not state, the namespace that it patches may",
        },
        "NET-02": {
            properties: [
                { path: ["spec", "type"], wrong: 1, absent: "passes" },
                { path: ["spec", "externalIPs"], wrong: "192.0.2.1", absent: "passes" },
                { path: ["spec", "loadBalancerSourceRanges"], wrong: "10.0.0.0/8", absent: "fails" },
                { path: ["spec", "loadBalancerSourceRanges", 0], wrong: 10, absent: "passes" },
                {
                    path: ["metadata", "annotations", "service.beta.kubernetes.io/azure-load-balancer-internal"],
                    wrong: true,
                    absent: "fails",
                },
            ],
        },
        "NS-04": {
            properties: [
                { path: ["spec", "podSelector"], wrong: "web", absent: "passes" },
                { path: ["spec", "podSelector", "matchLabels", "app"], wrong: 1, absent: "passes" },
                { path: ["metadata", "namespace"], wrong: 1, absent: "fails" },
                { resource: 1, path: ["spec", "template", "metadata", "labels"], wrong: "web", absent: "fails" },
                { resource: 1, path: ["metadata", "namespace"], wrong: 1, absent: "fails" },
            ],
        },
        "NS-06": {
            properties: [
                { path: ["metadata", "name"], wrong: 1, absent: "fails" },
                { resource: 1, path: ["spec", "hard"], wrong: "all", absent: "fails" },
                { resource: 1, path: ["metadata", "namespace"], wrong: 1, absent: "fails" },
                { resource: 2, path: ["spec", "limits"], wrong: "all", absent: "fails" },
                { resource: 2, path: ["metadata", "namespace"], wrong: 1, absent: "fails" },
            ],
            patch: "exempt: a NamespacePatch is about a namespace that somebody else made",
        },
        "NS-08": {
            properties: [
                { path: ["metadata", "name"], wrong: 1, absent: "passes" },
                { path: ["metadata", "labels", "tars-platform/sandbox"], wrong: true, absent: "passes" },
                { resource: 1, path: ["spec", "template", "spec", "runtimeClassName"], wrong: 1, absent: "fails" },
                { resource: 2, path: ["spec", "policyTypes"], wrong: "Egress", absent: "fails" },
                { resource: 2, path: ["spec", "podSelector"], wrong: "all", absent: "passes" },
                { resource: 2, path: ["spec", "egress"], wrong: "all", absent: "passes" },
                { resource: 3, path: ["spec", "hard"], wrong: "all", absent: "fails" },
            ],
        },
        "REL-12": {
            properties: [
                { path: ["spec", "selector"], wrong: "web", absent: "passes" },
                { path: ["spec", "selector", "app"], wrong: 1, absent: "passes" },
                { path: ["spec", "type"], wrong: 1, absent: "passes" },
                { path: ["spec", "ports"], wrong: "http", absent: "passes" },
                { path: ["spec", "ports", 0, "targetPort"], wrong: true, absent: "fails" },
                { resource: 1, path: ["spec", "template", "metadata", "labels"], wrong: "web", absent: "fails" },
                {
                    resource: 1,
                    path: ["spec", "template", "spec", "containers", 0, "ports"],
                    wrong: 80,
                    absent: "fails",
                },
            ],
        },
        "REL-04": {
            properties: [
                { path: ["spec", "maxUnavailable"], wrong: true, absent: "fails" },
                { path: ["spec", "selector"], wrong: "web", absent: "fails" },
                { path: ["metadata", "namespace"], wrong: 1, absent: "fails" },
                { resource: 1, path: ["spec", "replicas"], wrong: "three", absent: "passes" },
                { resource: 1, path: ["metadata", "namespace"], wrong: 1, absent: "fails" },
                { resource: 1, path: ["spec", "template", "metadata", "labels"], wrong: "web", absent: "fails" },
            ],
        },
        "REL-05": {
            properties: [
                { path: ["spec", "minReplicas"], wrong: "two", absent: "fails" },
                { path: ["spec", "scaleTargetRef", "kind"], wrong: 1, absent: "passes" },
                { path: ["spec", "scaleTargetRef", "apiVersion"], wrong: 1, absent: "passes" },
                { path: ["spec", "scaleTargetRef", "name"], wrong: 1, absent: "fails" },
                { path: ["metadata", "namespace"], wrong: 1, absent: "fails" },
                { resource: 2, path: ["spec", "selector"], wrong: "web", absent: "passes" },
            ],
        },
        "REL-09": {
            properties: [
                ...[["limits"], ["requests"]].map(([list]) => ({
                    path: ["spec", "template", "spec", "containers", 0, "resources", list ?? "", "nvidia.com/gpu"],
                    wrong: true,
                    absent: list === "limits" ? ("fails" as const) : ("passes" as const),
                })),
                { path: ["spec", "template", "spec", "tolerations"], wrong: "all", absent: "fails" },
                { path: ["spec", "template", "spec", "nodeSelector", "node-type"], wrong: 1, absent: "passes" },
                { resource: 1, path: ["instanceTypes"], wrong: "g5.2xlarge", absent: "passes" },
                { resource: 1, path: ["labels"], wrong: "gpu", absent: "fails" },
                { resource: 1, path: ["taints"], wrong: "gpu", absent: "passes" },
            ],
        },
    },
    breaks: rbacBreaks,
};
