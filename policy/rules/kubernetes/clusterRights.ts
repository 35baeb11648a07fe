import { controls } from "../../controls";
import { waysAround } from "../../facts/rights";
import { rightsRule } from "./rights";
import { clusterRole, right } from "./rights.samples";

const admission = "admissionregistration.k8s.io";
const certificates = "certificates.k8s.io";

const approval = "approve certificates that log in as anybody";
const webhooks = "change what the API server asks before it admits an object";

export const clusterRights = rightsRule({
    id: "RBAC-07",
    title: "Roles give no way around the cluster's own checks",
    severity: "high",
    level: "mandatory",
    controls: controls({
        soc2: ["CC6.3"],
        iso27001: ["8.2"],
        cisKubernetes: ["5.1.9", "5.1.10", "5.1.11", "5.1.12", "5.1.13"],
        cisAks: ["4.1.8", "4.1.9", "4.1.10", "4.1.11", "4.1.12"],
        cisEks: ["4.1.9", "4.1.10", "4.1.11", "4.1.12"],
    }),
    why: "Each of these rights leads to the node or to somebody else's identity without passing Pod Security or RBAC.",
    fix: "leave the right to the cluster's own controllers; dynamic provisioning makes volumes, projected volumes make tokens",
    link: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks",
    forbidden: waysAround,
    samples: {
        passing: [
            clusterRole([
                right("nodes", ["get", "list"]),
                right("persistentvolumes", ["get", "list", "watch"]),
                right("serviceaccounts", ["create"]),
                right("certificatesigningrequests", ["create"], certificates),
                right("validatingwebhookconfigurations", ["get", "list", "watch"], admission),
            ]),
        ],
        failing: [
            {
                sample: clusterRole([right("nodes/proxy", ["get"])]),
                problem: "lets its subjects call the kubelet past the API server's checks",
            },
            {
                sample: clusterRole([right("certificatesigningrequests/approval", ["update"], certificates)]),
                problem: `lets its subjects ${approval}`,
            },
            {
                sample: clusterRole([right("signers", ["approve"], certificates)]),
                problem: `lets its subjects ${approval}`,
            },
            ...["validating", "mutating"].map((kind) => ({
                sample: clusterRole([right(`${kind}webhookconfigurations`, ["patch"], admission)]),
                problem: `lets its subjects ${webhooks}`,
            })),
            {
                sample: clusterRole([right("serviceaccounts/token", ["create"])]),
                problem: "lets its subjects make tokens of service accounts",
            },
            {
                sample: clusterRole([right("persistentvolumes", ["create"])]),
                problem: "lets its subjects make volumes, also of a node's own disk",
            },
        ],
    },
});
