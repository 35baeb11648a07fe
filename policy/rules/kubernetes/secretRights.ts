import { controls } from "../../controls";
import { secretRights as forbidden } from "../../facts/rights";
import { undecided } from "../../reading/value";
import { rightsRule } from "./rights";
import { clusterRole, right, role } from "./rights.samples";

export const secretRights = rightsRule({
    id: "RBAC-03",
    title: "Roles read no Secrets but those they name",
    severity: "high",
    level: "mandatory",
    controls: controls({
        soc2: ["CC6.1"],
        iso27001: ["8.3"],
        cisKubernetes: ["5.1.2"],
        cisAks: ["4.1.2"],
        cisEks: ["4.1.2"],
    }),
    why: "Listing Secrets shows their content, and with it every password and token of the namespace or the cluster.",
    fix: "name the Secrets under resourceNames, or mount them into the pod that needs them",
    link: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#listing-secrets",
    forbidden,
    isNarrow: (rule) => {
        const names = rule.get("resourceNames");
        const count = names.items().length;
        return names.isSet && !names.isList ? undecided : count > 0;
    },
    samples: {
        passing: [
            role([{ ...right("secrets", ["get"]), resourceNames: ["shop-tls"] }]),
            role([right("secrets", ["create", "update"]), right("configmaps", ["get", "list", "watch"])]),
        ],
        failing: [
            ...["get", "list", "watch"].map((verb) => ({
                sample: role([right("secrets", [verb])]),
                problem: "lets its subjects read Secrets",
            })),
            {
                sample: clusterRole([{ ...right("secrets", ["get"]), resourceNames: [] }]),
                problem: "lets its subjects read Secrets",
            },
            { sample: clusterRole([right("*", ["get"], "*")]), problem: "lets its subjects read Secrets" },
        ],
    },
});
