/** A property that a pod rule decides by: what happens when it is taken away, unknown or of a wrong type. */
export interface Property {
    readonly of: "pod" | "container";
    readonly path: readonly (string | number)[];
    /** A value of a type that the API does not take there. */
    readonly wrong: unknown;
    /** What the rule says of an otherwise compliant pod without it. */
    readonly absent: "passes" | "fails";
    /** Where an unknown is reported, if not at the property itself. */
    readonly reportedAt?: readonly string[];
}

export interface PodCase {
    readonly properties: readonly Property[];
    /** Whether the rule also holds for ephemeral containers, and why not. @default "judged" */
    readonly ephemeral?: "judged" | "exempt: the API takes no resources on an ephemeral container";
}

const security = (key: string, absent: Property["absent"], wrong: unknown): Property => ({
    of: "container",
    path: ["securityContext", key],
    absent,
    wrong,
});

const ofContainer = (path: readonly (string | number)[], absent: Property["absent"], wrong: unknown): Property => ({
    of: "container",
    path,
    absent,
    wrong,
});

const ofPod = (path: readonly (string | number)[], absent: Property["absent"], wrong: unknown): Property => ({
    of: "pod",
    path,
    absent,
    wrong,
});

/** Every pod rule, with every property it decides by; a rule without a row fails the suite. */
export const podCases: Readonly<Record<string, PodCase>> = {
    "POD-01": { properties: [security("privileged", "passes", "true")] },
    "POD-02": { properties: [security("allowPrivilegeEscalation", "fails", "false")] },
    "POD-03": {
        properties: [ofPod(["securityContext", "runAsNonRoot"], "fails", "true"), ofPod(["hostUsers"], "passes", 1)],
    },
    "POD-04": {
        properties: [
            security("runAsUser", "passes", "10001"),
            security("runAsGroup", "passes", "10001"),
            ofPod(["securityContext", "runAsUser"], "passes", true),
            ofPod(["securityContext", "runAsGroup"], "passes", true),
            ofPod(["securityContext", "fsGroup"], "passes", "1"),
            ofPod(["securityContext", "supplementalGroups"], "passes", 1),
        ],
    },
    "POD-05": {
        properties: [
            { of: "container", path: ["securityContext", "capabilities", "drop"], absent: "fails", wrong: "ALL" },
            { of: "container", path: ["securityContext", "capabilities", "add"], absent: "passes", wrong: "NET_RAW" },
            { of: "container", path: ["securityContext", "capabilities"], absent: "fails", wrong: "ALL" },
        ],
    },
    "POD-06": {
        properties: [
            security("seccompProfile", "passes", "RuntimeDefault"),
            ofPod(["securityContext", "seccompProfile"], "fails", "RuntimeDefault"),
            ofPod(["securityContext", "seccompProfile", "type"], "fails", true),
            ofPod(["os", "name"], "passes", 1),
        ],
    },
    "POD-07": { properties: [security("readOnlyRootFilesystem", "fails", "true")] },
    "POD-08": {
        properties: [
            ofPod(["hostNetwork"], "passes", "false"),
            ofPod(["hostPID"], "passes", "false"),
            ofPod(["hostIPC"], "passes", "false"),
            ofPod(["securityContext", "windowsOptions", "hostProcess"], "passes", "false"),
            {
                of: "container",
                path: ["securityContext", "windowsOptions", "hostProcess"],
                absent: "passes",
                wrong: "false",
            },
        ],
    },
    "POD-09": { properties: [ofPod(["volumes"], "passes", "none")] },
    "POD-10": { properties: [ofPod(["volumes"], "passes", "none")] },
    "POD-11": {
        properties: [
            ofContainer(["ports"], "passes", 8080),
            ...["livenessProbe", "readinessProbe", "startupProbe"].flatMap((probe) => [
                ofContainer([probe], "passes", "none"),
                ofContainer([probe, "httpGet", "host"], "passes", 1),
                ofContainer([probe, "tcpSocket", "host"], "passes", 1),
            ]),
            ofContainer(["lifecycle"], "passes", "none"),
            ofContainer(["lifecycle", "postStart", "httpGet", "host"], "passes", 1),
            ofContainer(["lifecycle", "preStop", "tcpSocket", "host"], "passes", 1),
        ],
    },
    "POD-12": {
        properties: [
            security("procMount", "passes", true),
            security("appArmorProfile", "passes", "RuntimeDefault"),
            security("seLinuxOptions", "passes", "container_t"),
            ofPod(["securityContext", "appArmorProfile"], "passes", "RuntimeDefault"),
            ofPod(["securityContext", "seLinuxOptions", "type"], "passes", 1),
            ofPod(["securityContext", "seLinuxOptions", "user"], "passes", 1),
            ofPod(["securityContext", "seLinuxOptions", "role"], "passes", 1),
            ofPod(["securityContext", "sysctls"], "passes", "kernel.shm_rmid_forced"),
        ],
    },
    "POD-13": { properties: [ofPod(["automountServiceAccountToken"], "fails", "false")] },
    "POD-14": {
        properties: [ofPod(["serviceAccountName"], "fails", true), ofPod(["serviceAccount"], "passes", true)],
    },
    "POD-15": {
        properties: [
            { of: "container", path: ["env"], absent: "passes", wrong: "A=b" },
            { of: "container", path: ["command"], absent: "passes", wrong: "app" },
            { of: "container", path: ["args"], absent: "passes", wrong: "--a" },
        ],
    },
    "POD-16": {
        properties: [
            { of: "container", path: ["env"], absent: "passes", wrong: "A=b" },
            { of: "container", path: ["envFrom"], absent: "passes", wrong: "web" },
        ],
    },
    "POD-17": {
        properties: [
            ofPod(["shareProcessNamespace"], "passes", "false"),
            ofPod(["nodeSelector"], "passes", "general"),
            { of: "container", path: ["stdin"], absent: "passes", wrong: "false" },
            { of: "container", path: ["tty"], absent: "passes", wrong: "false" },
        ],
    },
    "POD-18": { properties: [ofPod(["volumes"], "passes", "none")] },
    "IMG-02": { properties: [{ of: "container", path: ["image"], absent: "fails", wrong: 1 }] },
    "IMG-03": { properties: [{ of: "container", path: ["image"], absent: "passes", wrong: 1 }] },
    "IMG-06": {
        properties: [
            { of: "container", path: ["env"], absent: "passes", wrong: "A=b" },
            { of: "container", path: ["args"], absent: "passes", wrong: "--model" },
        ],
    },
    "REL-01": {
        properties: [
            { of: "container", path: ["resources"], absent: "fails", wrong: "small" },
            { of: "container", path: ["resources", "requests", "cpu"], absent: "fails", wrong: true },
            { of: "container", path: ["resources", "limits", "memory"], absent: "fails", wrong: [] },
            { of: "container", path: ["resources", "limits", "ephemeral-storage"], absent: "fails", wrong: {} },
        ],
        ephemeral: "exempt: the API takes no resources on an ephemeral container",
    },
    "REL-07": {
        properties: [ofPod(["priorityClassName"], "fails", 1)],
    },
    "RBAC-09": { properties: [ofPod(["volumes"], "passes", "none")] },
};
