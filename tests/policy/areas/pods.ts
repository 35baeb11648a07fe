import type { Area, Break } from "./area";

const deployment = {
    stack: "dev",
    type: "kubernetes:apps/v1:Deployment",
    name: "tars-backend",
} as const;

const ofPod = (path: readonly (string | number)[], value: unknown): Break => ({
    ...deployment,
    change: { kind: "set", path: ["spec", "template", "spec", ...path], value },
});
const ofContainer = (path: readonly (string | number)[], value: unknown): Break =>
    ofPod(["containers", 0, ...path], value);
const security = (field: string, value: unknown): Break => ofContainer(["securityContext", field], value);

/** The rules about pods; their properties are in tests/policy/cases.ts. */
export const pods: Area = {
    cases: {},
    breaks: {
        "POD-01": security("privileged", true),
        "POD-02": security("allowPrivilegeEscalation", true),
        "POD-03": security("runAsNonRoot", false),
        "POD-04": ofPod(["securityContext", "fsGroup"], 0),
        "POD-05": security("capabilities", { drop: ["ALL"], add: ["NET_RAW"] }),
        "POD-06": security("seccompProfile", { type: "Unconfined" }),
        "POD-07": security("readOnlyRootFilesystem", false),
        "POD-08": ofPod(["hostNetwork"], true),
        "POD-09": ofPod(["volumes", 0], { name: "cache", hostPath: { path: "/opt" } }),
        "POD-10": {
            ...ofPod(["volumes", 0], { name: "cache", hostPath: { path: "/run/containerd/containerd.sock" } }),
            also: { "POD-09": "a socket of the node is a path of the node" },
        },
        "POD-11": ofContainer(["ports", 0, "hostPort"], 8000),
        "POD-12": security("procMount", "Unmasked"),
        "POD-13": ofPod(["automountServiceAccountToken"], true),
        "IMG-02": ofContainer(["image"], "your-registry/tars-backend:latest"),
        "REL-01": ofContainer(["resources", "limits", "memory"], undefined),
        "NS-03": {
            // In a namespace of the mesh another policy is about all pods too, and so denies what it does not open.
            stack: "prod-aws",
            type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
            name: "cluster-autoscaler-default-deny",
            change: { kind: "remove" },
        },
    },
};
