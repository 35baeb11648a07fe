import type { Finding } from "../../policy/judge";
import type { Pod } from "./podSpecs";

export type Level = "baseline" | "restricted";

/** Which findings of the pack say what one check of k8s.io/pod-security-admission says. */
export interface Check {
    readonly levels: readonly Level[];
    readonly rule: string;
    /** End of the path of such a finding, where the rule stands for other checks too. @default every path */
    readonly at?: RegExp;
    /** Its message, where the path does not tell. @default every message */
    readonly says?: RegExp;
}

const both: readonly Level[] = ["baseline", "restricted"];
const baseline: readonly Level[] = ["baseline"];
const restricted: readonly Level[] = ["restricted"];

/** What baseline lets a container add (check_capabilities_baseline.go); the pack, which is about restricted, does not know this list. */
const defaultCapabilities =
    "AUDIT_WRITE|CHOWN|DAC_OVERRIDE|FOWNER|FSETID|KILL|MKNOD|NET_BIND_SERVICE|SETFCAP|SETGID|SETPCAP|SETUID|SYS_CHROOT";

/**
 * Every check, by its id. The pack has one set of rules, for restricted. Baseline is read from the same findings: a check of both levels
 * is the same set of findings at both; where restricted has a stricter check in the place of one of baseline, the findings of the latter are those
 * about what is set (a capability added, a profile of a wrong type, a hostPath), without those about what is missing.
 */
export const checks: Readonly<Record<string, Check>> = {
    privileged: { levels: both, rule: "POD-01" },
    hostNamespaces: { levels: both, rule: "POD-08", at: /\.host(Network|PID|IPC)$/ },
    windowsHostProcess: { levels: both, rule: "POD-08", at: /\.windowsOptions\.hostProcess$/ },
    hostPorts: { levels: both, rule: "POD-11", at: /\.ports\[\d+\]\.hostPort$/ },
    hostProbesAndHostLifecycle: { levels: both, rule: "POD-11", at: /\.(httpGet|tcpSocket)\.host$/ },
    appArmorProfile: { levels: both, rule: "POD-12", at: /\.appArmorProfile\.type$|\.annotations\.[^ ]+$/ },
    seLinuxOptions: { levels: both, rule: "POD-12", at: /\.seLinuxOptions\.(type|user|role)$/ },
    sysctls: { levels: both, rule: "POD-12", at: /\.sysctls\[\d+\]\.name$/ },
    procMount: { levels: baseline, rule: "POD-12", at: /\.procMount$/ },
    procMount_restricted: { levels: restricted, rule: "POD-12", at: /\.procMount$/ },
    hostPathVolumes: { levels: baseline, rule: "POD-09", at: /\.hostPath$/ },
    restrictedVolumes: { levels: restricted, rule: "POD-09" },
    capabilities_baseline: {
        levels: baseline,
        rule: "POD-05",
        at: /\.add\[\d+\]$/,
        says: new RegExp(` is (?!(${defaultCapabilities});)`),
    },
    capabilities_restricted: { levels: restricted, rule: "POD-05" },
    seccompProfile_baseline: { levels: baseline, rule: "POD-06", at: /\.seccompProfile\.type$/ },
    seccompProfile_restricted: { levels: restricted, rule: "POD-06" },
    allowPrivilegeEscalation: { levels: restricted, rule: "POD-02" },
    runAsNonRoot: { levels: restricted, rule: "POD-03" },
    runAsUser: { levels: restricted, rule: "POD-04", at: /\.runAsUser$/, says: / is 0;/ },
};

/** What a rule of the table says beyond every check. */
export const beyond: readonly (Omit<Check, "levels"> & { readonly why: string; readonly level: Finding["level"] })[] = [
    {
        rule: "POD-04",
        at: /\.runAsUser$/,
        says: / is below 10000;/,
        level: "advisory",
        why: "such a user is somebody on the node; too common in public images to be refused",
    },
    {
        rule: "POD-04",
        at: /\.(runAsGroup|fsGroup|supplementalGroups\[\d+\])$/,
        says: / is (0|not set, which means 0);/,
        level: "mandatory",
        why: "the library looks at no group; group 0 owns most of an image's files",
    },
];

/** Where library and pack differ on a check, on purpose. */
export interface Difference {
    readonly check: string;
    readonly forbiddenBy: "library" | "pack";
    /** The pods for which it is so. */
    readonly holds: (pod: Pod) => boolean;
    readonly why: string;
}

export const differences: readonly Difference[] = [
    {
        check: "procMount",
        forbiddenBy: "pack",
        holds: ({ spec }) => spec.hostUsers === false,
        why: "baseline lets a pod with a user namespace unmask /proc, restricted (procMount_restricted) and so the pack does not",
    },
    {
        check: "restrictedVolumes",
        forbiddenBy: "pack",
        holds: ({ spec }) => (spec.volumes ?? []).some((volume) => volume !== null && hasTwoTypes(volume)),
        why: "the library takes a volume by its first accepted type, since the API refuses one of two; the pack judges each",
    },
    ...["capabilities_baseline", "seccompProfile_baseline"].map(
        (check): Difference => ({
            check,
            forbiddenBy: "library",
            holds: ({ spec }) => spec.os?.name === "windows",
            why: "restricted, and so the pack, exempts Windows, where the API refuses the field; baseline leaves it to the API alone",
        }),
    ),
];

/** Whether one of the types is accepted, and with it excuses the others, is for the comparison to find. */
function hasTwoTypes(volume: Readonly<Record<string, unknown>>): boolean {
    return Object.entries(volume).filter(([key, source]) => key !== "name" && source !== null).length > 1;
}

/** Whether a finding is one of those that `check` describes. */
export function describes({ rule, at = /./, says = /./ }: Omit<Check, "levels">, finding: Finding): boolean {
    return finding.rule === rule && at.test(finding.path) && says.test(finding.message);
}
