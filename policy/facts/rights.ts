/** Something that a role can let its subjects do, named as RBAC names it. */
export interface Right {
    readonly group: string;
    /** With its subresource: `pods/exec`. Undefined for every resource of the group. */
    readonly resource?: string;
    readonly verbs: readonly string[];
    /** The right in words, after "lets its subjects". */
    readonly words: string;
}

const every = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"] as const;
const changing = ["create", "update", "patch", "delete", "deletecollection"] as const;

/** Older clients ask with GET and upgrade the connection, newer ones with POST. */
const connect = ["get", "create"] as const;

const rbac = "rbac.authorization.k8s.io";
const certificates = "certificates.k8s.io";

/** RBAC-03; a role's rule that names the Secrets may give it. */
export const secretRights: readonly Right[] = [
    { group: "", resource: "secrets", verbs: ["get", "list", "watch"], words: "read Secrets" },
];

/** RBAC-04. */
export const podRights: readonly Right[] = [
    { group: "", resource: "pods", verbs: ["create"], words: "start pods" },
    { group: "", resource: "pods/exec", verbs: connect, words: "run commands in pods" },
    { group: "", resource: "pods/attach", verbs: connect, words: "attach to pods" },
    { group: "", resource: "pods/portforward", verbs: connect, words: "reach ports of pods" },
];

/** RBAC-05. */
export const escalations: readonly Right[] = [
    ...["roles", "clusterroles"].flatMap((resource) => [
        { group: rbac, resource, verbs: ["escalate"], words: "give roles more rights than they have themselves" },
        { group: rbac, resource, verbs: ["bind"], words: "bind roles whose rights they do not have" },
    ]),
    ...["users", "groups", "serviceaccounts"].map((resource) => ({
        group: "",
        resource,
        verbs: ["impersonate"],
        words: "act as somebody else",
    })),
    { group: "authentication.k8s.io", verbs: ["impersonate"], words: "act as somebody else" },
];

/** Labels by which a ClusterRole adds its rules to the roles that Kubernetes gives to people. */
export const aggregation = {
    view: `${rbac}/aggregate-to-view`,
    others: [`${rbac}/aggregate-to-edit`, `${rbac}/aggregate-to-admin`],
} as const;

/** What no ClusterRole adds to edit or admin. */
export const sensitiveVerbs = ["*", "escalate", "bind", "impersonate", "approve", "sign"] as const;
/** All that a ClusterRole may add to view. */
export const readingVerbs = ["get", "list", "watch"] as const;

const approval = "approve certificates that log in as anybody";

/** RBAC-07. */
export const waysAround: readonly Right[] = [
    { group: "", resource: "nodes/proxy", verbs: every, words: "call the kubelet past the API server's checks" },
    {
        group: certificates,
        resource: "certificatesigningrequests/approval",
        verbs: ["update", "patch"],
        words: approval,
    },
    { group: certificates, resource: "signers", verbs: ["approve", "sign"], words: approval },
    ...["validating", "mutating"].map((kind) => ({
        group: "admissionregistration.k8s.io",
        resource: `${kind}webhookconfigurations`,
        verbs: changing,
        words: "change what the API server asks before it admits an object",
    })),
    { group: "", resource: "serviceaccounts/token", verbs: ["create"], words: "make tokens of service accounts" },
    { group: "", resource: "persistentvolumes", verbs: ["create"], words: "make volumes, also of a node's own disk" },
];

/** The built-in roles that may do everything: in the cluster, or with RBAC itself in a namespace. */
export const adminRoles = ["cluster-admin", "admin"] as const;

/** Who each of the API server's own names stands for. */
export const everybody = {
    "system:masters": "the group that the API server asks nothing",
    "system:anonymous": "whoever does not log in",
    "system:unauthenticated": "whoever does not log in",
    "system:authenticated": "whoever logs in, every service account among them",
} as const;
