import { controls } from "../../controls";
import { podRights as forbidden } from "../../facts/rights";
import { rightsRule } from "./rights";
import { clusterRole, right, role } from "./rights.samples";

export const podRights = rightsRule({
    id: "RBAC-04",
    title: "Roles neither start pods nor enter them",
    severity: "high",
    level: "mandatory",
    controls: controls({
        soc2: ["CC6.1"],
        iso27001: ["8.18"],
        cisKubernetes: ["5.1.4"],
        cisAks: ["4.1.4"],
        cisEks: ["4.1.4"],
    }),
    why: "Whoever starts a pod may run it as any service account of the namespace, and whoever enters one has what it has.",
    fix: "let a controller start pods; for a look into one, give a person the right for as long as it takes",
    link: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#workload-creation",
    forbidden,
    samples: {
        passing: [
            role([right("pods", ["get", "list", "watch", "delete"]), right("pods/eviction", ["create"])]),
            role([right("pods", ["create"], "metrics.k8s.io")]),
        ],
        failing: [
            { sample: role([right("pods", ["create"])]), problem: "lets its subjects start pods" },
            { sample: role([right("pods/exec", ["create"])]), problem: "lets its subjects run commands in pods" },
            { sample: role([right("pods/exec", ["get"])]), problem: "lets its subjects run commands in pods" },
            { sample: clusterRole([right("pods/attach", ["create"])]), problem: "lets its subjects attach to pods" },
            { sample: role([right("pods/portforward", ["create"])]), problem: "lets its subjects reach ports of pods" },
            { sample: clusterRole([right("*/exec", ["create"])]), problem: "lets its subjects run commands in pods" },
            {
                sample: clusterRole([right("*", ["create"])]),
                problem: "lets its subjects start pods, run commands in pods, attach to pods, reach ports of pods",
            },
        ],
    },
});
