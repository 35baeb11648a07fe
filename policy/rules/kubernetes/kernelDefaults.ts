import { controls } from "../../controls";
import { appArmorAnnotation, appArmorProfiles, appArmorTypes, safeSysctls, seLinuxTypes } from "../../facts/pods";
import { absent, undecided, type Value } from "../../reading/value";
import type { PodTemplate } from "../../resources/podTemplates";
import { containersOf } from "../../resources/podTemplates";
import type { Report } from "../../rule";
import { kubernetesResource } from "../../samples";
import { podRule, shown } from "../podRule";

const accepted = {
    sysctls: new Set<unknown>(safeSysctls),
    seLinux: new Set<unknown>(seLinuxTypes),
    appArmor: new Set<unknown>(appArmorTypes),
} as const;

const annotatedProfile = new RegExp(appArmorProfiles);

export const kernelDefaults = podRule({
    id: "POD-12",
    title: "Pods keep the kernel's protections as they are",
    severity: "medium",
    level: "mandatory",
    controls: controls({ soc2: ["CC6.8"], iso27001: ["8.9"], cisKubernetes: ["5.7.3"] }),
    why: "AppArmor, SELinux and the masked parts of /proc hold what gets through a container's other walls; an unsafe sysctl changes the node for all.",
    fix: "leave procMount, AppArmor and SELinux types at their defaults, and set safe sysctls only",
    link: "https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline",
    samples: {
        passing: [
            { kind: "container", set: { securityContext: { procMount: "Default" } } },
            { kind: "container", set: { securityContext: { appArmorProfile: { type: "Localhost" } } } },
            {
                kind: "pod",
                set: {
                    securityContext: {
                        appArmorProfile: { type: "RuntimeDefault" },
                        seLinuxOptions: { type: "container_t", level: "s0:c1", user: "", role: "" },
                        sysctls: [{ name: "net.ipv4.tcp_rmem", value: "4096 87380 6291456" }],
                    },
                },
            },
            annotated("runtime/default"),
            annotated("localhost/own"),
            annotated(""),
        ],
        failing: [
            ofContainer({ procMount: "Unmasked" }, "is Unmasked"),
            ofContainer({ procMount: "" }, "is another text"),
            ...[ofContainer, ofPod].flatMap((of) => [
                of({ appArmorProfile: { type: "Unconfined" } }, "is Unconfined"),
                of({ appArmorProfile: { localhostProfile: "own" } }, "is not set"),
                of({ seLinuxOptions: { type: "spc_t" } }, "is spc_t"),
                of({ seLinuxOptions: { type: "own_t" } }, "is another text"),
                of({ seLinuxOptions: { user: "system_u" } }, "is set"),
                of({ seLinuxOptions: { role: "system_r" } }, "is set"),
            ]),
            ofPod({ sysctls: [{ name: "net.core.somaxconn", value: "1024" }] }, "is net.core.somaxconn"),
            ofPod({ sysctls: [{ value: "1024" }] }, "is not set"),
            { sample: annotated("unconfined"), problem: "is unconfined" },
            { sample: annotated("own"), problem: "is another text" },
        ],
    },
    checkPod: (template, report) => {
        const ofPod = template.spec.get("securityContext");
        const ofContainers = containersOf(template).map(({ value }) => value.get("securityContext"));
        for (const context of ofContainers) checkProcMount(context.get("procMount"), report);
        for (const context of [ofPod, ...ofContainers]) {
            checkAppArmor(context.get("appArmorProfile"), report);
            checkSeLinux(context.get("seLinuxOptions"), report);
        }
        for (const sysctl of ofPod.get("sysctls").items()) checkSysctl(sysctl.get("name"), report);
        checkAnnotations(template, report);
    },
});

function checkProcMount(procMount: Value, report: Report): void {
    const type = procMount.text();
    if (typeof type === "string" && type !== "Default") {
        report({ path: procMount.path, problem: `is ${shown(type, /^Unmasked$/)}` });
    }
}

function checkAppArmor(profile: Value, report: Report): void {
    if (profile.mapping() !== true) return;
    checkNamed(profile.get("type"), { accepted: accepted.appArmor, vocabulary: /^Unconfined$/ }, report);
}

function checkSeLinux(options: Value, report: Report): void {
    const type = options.get("type");
    const read = type.text();
    if (typeof read === "string" && !accepted.seLinux.has(read)) {
        report({ path: type.path, problem: `is ${shown(read, /^(spc|unconfined)_t$/)}` });
    }
    for (const value of [options.get("user"), options.get("role")]) {
        const text = value.text();
        if (typeof text === "string" && text !== "") report({ path: value.path, problem: "is set" });
    }
}

function checkSysctl(name: Value, report: Report): void {
    checkNamed(
        name,
        { accepted: accepted.sysctls, vocabulary: /^(fs|kernel|net|vm)(\.[a-z0-9_]{1,30}){1,4}$/ },
        report,
    );
}

interface Names {
    readonly accepted: ReadonlySet<unknown>;
    /** What of the rest may be shown. */
    readonly vocabulary: RegExp;
}

/** Report a name that is not accepted, or that is missing where there has to be one. */
function checkNamed(name: Value, { accepted, vocabulary }: Names, report: Report): void {
    const read = name.text();
    if (read === undecided || accepted.has(read)) return;
    report({ path: name.path, problem: read === absent ? "is not set" : `is ${shown(read, vocabulary)}` });
}

function checkAnnotations({ metadata }: PodTemplate, report: Report): void {
    const annotations = metadata.get("annotations");
    annotations.mapping(); // Notes that it is unknown or of a wrong type.
    for (const key of annotations.keys().filter((name) => name.startsWith(appArmorAnnotation))) {
        const annotation = annotations.get(key);
        const profile = annotation.text();
        if (typeof profile !== "string" || annotatedProfile.test(profile)) continue;
        report({ path: annotation.path, problem: `is ${shown(profile, /^unconfined$/)}` });
    }
}

function ofContainer(securityContext: Readonly<Record<string, unknown>>, problem: string) {
    return { sample: { kind: "container", set: { securityContext } }, problem } as const;
}

function ofPod(securityContext: Readonly<Record<string, unknown>>, problem: string) {
    return { sample: { kind: "pod", set: { securityContext } }, problem } as const;
}

function annotated(profile: string) {
    const annotations = { [`${appArmorAnnotation}app`]: profile };
    const pod = { metadata: { name: "app", annotations }, spec: { containers: [{ name: "app" }] } };
    return { kind: "resources", resources: [kubernetesResource("core/v1", "Pod", pod)] } as const;
}
