import { controls } from "../../controls";
import { type Read, undecided, type Value } from "../../reading/value";
import type { Subject } from "../../resources/subject";
import type { Context, Report, ResourceRule } from "../../rule";
import { cloudResource, sampleOf } from "../../samples";
import { cluster, clusterKinds, component, isComponent } from "./clusters";
import { inStaging } from "./samples";

/**
 * How long AWS supports each version of Kubernetes: 14 months, then 12 more at a price. 1.34 leaves standard support on 2026-12-02,
 * 1.35 on 2027-03-27; 1.32 leaves extended support on 2027-03-23, 1.33 on 2027-07-29. Whether a cluster may go into extended support
 * (`upgradePolicy`) says nothing of whether it is there.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html
 */
const support = { standard: ["1.34", "1.35", "1.36"], extended: ["1.32", "1.33"] } as const;

/** Such as v1.22.3-eksbuild.1; add-ons of other vendors leave out the build. */
const exact = /^v?\d+\.\d+\.\d+[\w.+-]*$/;

const addon = (addonVersion: string | undefined) =>
    cloudResource("aws:eks/addon:Addon", { addonName: "coredns", addonVersion });
const ownAddons = { kubeProxyAddonOptions: { enabled: false }, corednsAddonOptions: { enabled: false } };
const current = { version: "1.36", deletionProtection: true };
const currentComponent = { ...current, ...ownAddons, useDefaultVpcCni: true };

export const versions: ResourceRule = {
    id: "AWS-05",
    title: "EKS and its add-ons run exact, supported versions, and clusters cannot be deleted by one call",
    severity: "medium",
    level: "mandatory",
    scope: "resource",
    kinds: [...clusterKinds, "aws:eks/Addon"],
    controls: controls({ soc2: ["CC7.1"], iso27001: ["8.8"] }),
    why: "A version without support gets no fixes, and one that is not named changes by itself, behind every review.",
    fix: "name a version of standard support, exact versions of add-ons, and set deletionProtection",
    link: "https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html",
    samples: {
        passing: [
            sampleOf(component(currentComponent)),
            sampleOf(cluster({ version: "1.34", deletionProtection: true })),
            inStaging(cluster({ version: "1.33", deletionProtection: true })),
            sampleOf(addon("v1.14.3-eksbuild.3")),
        ],
        failing: [
            { sample: sampleOf(cluster({ ...current, version: undefined })), problem: "version is not set" },
            {
                sample: sampleOf(cluster({ ...current, version: "1.28" })),
                problem: "is not supported, or newer than this rule",
            },
            { sample: sampleOf(cluster({ ...current, version: "1.33" })), problem: "is in extended support" },
            { sample: sampleOf(cluster({ version: "1.36" })), problem: "deletionProtection is not true" },
            {
                sample: inStaging(cluster({ version: "1.36" })),
                problem: "deletionProtection is not true",
            },
            { sample: sampleOf(addon(undefined)), problem: "addonVersion is not an exact version" },
            { sample: sampleOf(addon("latest")), problem: "addonVersion is not an exact version" },
            {
                sample: sampleOf(component({ ...currentComponent, corednsAddonOptions: { enabled: true } })),
                problem: "corednsAddonOptions.version is not an exact version",
            },
            {
                sample: sampleOf(component({ ...currentComponent, useDefaultVpcCni: false })),
                problem: "vpcCniOptions.addonVersion is not an exact version",
            },
        ],
    },
    check: (subject, report, context) => {
        const { kind, object } = subject;
        if (kind.kind === "Addon") return checkExact(object.get("addonVersion"), report);
        checkVersion(object.get("version"), report, context);
        checkProtection(object.get("deletionProtection"), report, context);
        if (isComponent(subject)) checkComponent(subject, report);
    },
};

function checkVersion(version: Value, report: Report, { environment }: Context): void {
    const read = version.text();
    const known: readonly Read<string>[] = support.standard;
    if (read === undecided || known.includes(read)) return;
    const extended: readonly Read<string>[] = support.extended;
    const problem = !version.isSet
        ? "is not set"
        : extended.includes(read)
          ? "is in extended support"
          : "is not supported, or newer than this rule";
    if (!extended.includes(read) || environment === "production") report({ path: version.path, problem });
}

/** Stacks that are made to be destroyed may be: there it only advises. EKS' default is none. */
function checkProtection(protection: Value, report: Report, { environment }: Context): void {
    const read = protection.boolean();
    if (read === true || read === undecided) return;
    report({ path: protection.path, problem: "is not true", advisory: environment !== "production" });
}

/** The component brings kube-proxy and CoreDNS by itself unless it is told not to, and its own VPC CNI where the default is not wanted. */
function checkComponent({ object }: Subject, report: Report): void {
    for (const options of [object.get("kubeProxyAddonOptions"), object.get("corednsAddonOptions")]) {
        if (options.get("enabled").boolean() === false) continue;
        checkExact(options.get("version"), report);
    }
    const isDefault = object.get("useDefaultVpcCni").boolean();
    if (isDefault === false) checkExact(object.get("vpcCniOptions", "addonVersion"), report);
}

/** Without a version EKS takes its default of the day. */
function checkExact(version: Value, report: Report): void {
    const read = version.text();
    if (read === undecided || (typeof read === "string" && exact.test(read))) return;
    report({ path: version.path, problem: "is not an exact version" });
}
