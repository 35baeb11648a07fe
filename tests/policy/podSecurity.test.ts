import { judge } from "../../policy/judge";
import { asItStands, deploymentOf } from "./support";

/** The rules that together are the checks of the restricted profile. */
const restricted = ["01", "02", "03", "04", "05", "06", "08", "09", "11", "12"].map((number) => `POD-${number}`);

const container = {
    name: "app",
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
};
const pod = {
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    containers: [container],
};
const withSecurity = (set: object) => ({ ...container, securityContext: { ...container.securityContext, ...set } });
const withPodSecurity = (set: object) => ({ ...pod, securityContext: { ...pod.securityContext, ...set } });
const windows = { os: { name: "windows" }, securityContext: { runAsNonRoot: true }, containers: [{ name: "app" }] };

/**
 * Pods and the checks of k8s.io/pod-security-admission 0.36.3 (level restricted, version latest) that forbid them, by the rule of this
 * pack that stands for the check. Each row is a sentence of a check's source: its allowed and forbidden values.
 */
const rows: readonly (readonly [string, object, readonly string[]])[] = [
    ["the minimal restricted pod", pod, []],
    [
        "allowPrivilegeEscalation: a container must set it to false",
        { ...pod, containers: [withSecurity({ allowPrivilegeEscalation: undefined })] },
        ["POD-02"],
    ],
    [
        "allowPrivilegeEscalation: init containers too",
        { ...pod, initContainers: [withSecurity({ allowPrivilegeEscalation: true })] },
        ["POD-02"],
    ],
    [
        "allowPrivilegeEscalation: ephemeral containers too",
        { ...pod, ephemeralContainers: [withSecurity({ allowPrivilegeEscalation: true })] },
        ["POD-02"],
    ],
    ["no securityContext at all", { containers: [{ name: "app" }] }, ["POD-02", "POD-03", "POD-05", "POD-06"]],
    ["Windows pods need no Linux fields", windows, []],
    ["Windows pods still run as non-root", { ...windows, securityContext: {} }, ["POD-03"]],
    [
        "Windows pods still may not be host processes",
        { ...windows, securityContext: { runAsNonRoot: true, windowsOptions: { hostProcess: true } } },
        ["POD-08"],
    ],
    ["another os is not exempt", { ...windows, os: { name: "linux" } }, ["POD-02", "POD-05", "POD-06"]],
    [
        "capabilities: NET_BIND_SERVICE may be added",
        { ...pod, containers: [withSecurity({ capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] } })] },
        [],
    ],
    [
        "capabilities: nothing else may",
        { ...pod, containers: [withSecurity({ capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE", "CHOWN"] } })] },
        ["POD-05"],
    ],
    [
        "capabilities: each by itself is not ALL",
        { ...pod, containers: [withSecurity({ capabilities: { drop: ["CHOWN", "KILL"] } })] },
        ["POD-05"],
    ],
    [
        "capabilities: the name is exact",
        { ...pod, containers: [withSecurity({ capabilities: { drop: ["all"] } })] },
        ["POD-05"],
    ],
    [
        "runAsNonRoot: every container may say so itself",
        {
            securityContext: { seccompProfile: { type: "RuntimeDefault" } },
            containers: [withSecurity({ runAsNonRoot: true })],
        },
        [],
    ],
    [
        "runAsNonRoot: one of two is not enough",
        {
            securityContext: { seccompProfile: { type: "RuntimeDefault" } },
            containers: [withSecurity({ runAsNonRoot: true }), container],
        },
        ["POD-03"],
    ],
    [
        "runAsNonRoot: a container may not turn it off",
        { ...pod, containers: [withSecurity({ runAsNonRoot: false })] },
        ["POD-03"],
    ],
    [
        "runAsNonRoot: false on the pod is forbidden whatever containers say",
        { ...withPodSecurity({ runAsNonRoot: false }), containers: [withSecurity({ runAsNonRoot: true })] },
        ["POD-03"],
    ],
    ["runAsUser: not 0 on the pod", withPodSecurity({ runAsUser: 0 }), ["POD-04"]],
    [
        "runAsUser: not 0 on the pod even where each container says otherwise",
        { ...withPodSecurity({ runAsUser: 0 }), containers: [withSecurity({ runAsUser: 10_001 })] },
        ["POD-04"],
    ],
    ["runAsUser: not 0 on a container", { ...pod, containers: [withSecurity({ runAsUser: 0 })] }, ["POD-04"]],
    [
        "a pod with a user namespace may be root in it",
        { ...withPodSecurity({ runAsNonRoot: false, runAsUser: 0 }), hostUsers: false },
        [],
    ],
    [
        "hostUsers: true is no user namespace",
        { ...withPodSecurity({ runAsNonRoot: false, runAsUser: 0 }), hostUsers: true },
        ["POD-03", "POD-04"],
    ],
    [
        "seccompProfile: containers may each say so",
        {
            securityContext: { runAsNonRoot: true },
            containers: [withSecurity({ seccompProfile: { type: "Localhost" } })],
        },
        [],
    ],
    [
        "seccompProfile: Unconfined on the pod is forbidden whatever containers say",
        {
            ...withPodSecurity({ seccompProfile: { type: "Unconfined" } }),
            containers: [withSecurity({ seccompProfile: { type: "RuntimeDefault" } })],
        },
        ["POD-06"],
    ],
    [
        "seccompProfile: Unconfined on a container",
        { ...pod, containers: [withSecurity({ seccompProfile: { type: "Unconfined" } })] },
        ["POD-06"],
    ],
    ["privileged", { ...pod, containers: [withSecurity({ privileged: true })] }, ["POD-01"]],
    ["privileged: false is allowed", { ...pod, containers: [withSecurity({ privileged: false })] }, []],
    ["host namespaces", { ...pod, hostNetwork: true, hostPID: true, hostIPC: true }, ["POD-08"]],
    [
        "hostProcess of a container",
        { ...pod, containers: [withSecurity({ windowsOptions: { hostProcess: true } })] },
        ["POD-08"],
    ],
    [
        "volumes of the list",
        {
            ...pod,
            volumes: [
                { name: "a", emptyDir: {} },
                { name: "b", projected: {} },
                { name: "c", image: {} },
            ],
        },
        [],
    ],
    ["hostPath", { ...pod, volumes: [{ name: "a", hostPath: { path: "/" } }] }, ["POD-09"]],
    ["any other volume type", { ...pod, volumes: [{ name: "a", iscsi: {} }] }, ["POD-09"]],
    ["hostPort", { ...pod, initContainers: [{ ...container, ports: [{ hostPort: 80 }] }] }, ["POD-11"]],
    [
        "host of a probe",
        { ...pod, containers: [{ ...container, startupProbe: { tcpSocket: { host: "a" } } }] },
        ["POD-11"],
    ],
    [
        "procMount, whatever user namespace the pod has",
        { ...pod, hostUsers: false, containers: [withSecurity({ procMount: "Unmasked" })] },
        ["POD-12"],
    ],
    ["sysctls", withPodSecurity({ sysctls: [{ name: "kernel.msgmax", value: "1" }] }), ["POD-12"]],
    ["appArmorProfile", withPodSecurity({ appArmorProfile: { type: "Unconfined" } }), ["POD-12"]],
    ["seLinuxOptions", withPodSecurity({ seLinuxOptions: { role: "system_r" } }), ["POD-12"]],
    ["a volume of no type", { ...pod, volumes: [{ name: "a" }] }, ["POD-09"]],
];

test.each(rows)("restricted: %s", (_, spec, expected) => {
    const { findings } = judge([deploymentOf(spec)], asItStands);
    const broken = findings.filter(({ rule, level }) => restricted.includes(rule) && level === "mandatory");
    expect([...new Set(broken.map(({ rule }) => rule))]).toEqual(expected);
});
