import { controls } from "../../controls";
import { Value } from "../../reading/value";
import { everyResource } from "../../resources/dispatch";
import type { Stack } from "../../resources/stack";
import { kindOf, type Subject } from "../../resources/subject";
import type { Context, Resource, StackReport, StackRule } from "../../rule";
import { stackOf } from "../../terms/exceptions";
import { type Exemption, isEnding, warningDays, whyVoid } from "../../terms/exemptions";
import { chartLabelOf, isOfChart, type VendorFile } from "../../terms/vendor";
import { failing, passing } from "./exemptionUse.samples";

/**
 * Runs last of the rules about stacks: by then every exemption has been used that is needed. In the engine rules about resources run
 * before, resource by resource. That an entry has a reason, an owner and a ticket is checked when the file is read.
 */
export const exemptionUse: StackRule = {
    id: "STK-06",
    title: "Exemptions are few, short and needed",
    severity: "medium",
    level: "mandatory",
    scope: "stack",
    kinds: [everyResource],
    controls: controls({ soc2: ["CC3.4", "CC5.3"], iso27001: ["5.36", "8.32"] }),
    why: "An exemption that outlives its reason is a hole that everybody believes somebody else watches.",
    fix: "take the entry out of policy/exemptions.yaml, or decide it anew with a date at most 90 days ahead",
    link: "https://www.pulumi.com/docs/insights/policy/",
    samples: { passing, failing },
    check: (stack, report, context) => {
        const [first] = stack.all;
        if (!first) return;
        const name = stackOf(first.resource.urn);
        const { exemptions, vendors } = context.exceptions.terms;
        for (const exemption of exemptions.filter((each) => mayMean(each, name)))
            checkExemption(exemption, aboutOf(stack, exemption, first), { report, context });
        for (const vendor of vendors) checkVendor(stack, vendor, report);
    },
};

interface Run {
    readonly report: StackReport;
    readonly context: Context;
}

/** Whether an entry is about this stack; one that names stacks by a wildcard is about every one. */
function mayMean({ stack }: Exemption, name: string): boolean {
    return stack === name || /[*?[\]{}]/.test(stack);
}

/** The resource that an exemption names, where the stack has it. */
function aboutOf(stack: Stack, { resource }: Exemption, first: Subject): Subject {
    return stack.all.find((subject) => shortOf(subject.resource) === resource) ?? first;
}

function shortOf({ type, name }: Resource): string {
    return `${type}::${name}`;
}

function checkExemption(exemption: Exemption, about: Subject, { report, context }: Run): void {
    const { terms } = context.exceptions;
    const subject = whole(about.resource);
    const path = `exemption of ${exemption.rule}`;
    const reason = whyVoid(exemption, terms.today);
    if (reason !== undefined) report(subject, { path, problem: reason });
    else if (!context.exceptions.isUsed(exemption)) report(subject, { path, problem: "matches no finding" });
    else if (isEnding(exemption, terms.today))
        report(subject, { path, problem: `ends within ${warningDays} days`, advisory: true });
}

/** The resource itself, whatever objects it holds. */
function whole(resource: Resource): Subject {
    return { resource, kind: kindOf(resource), object: Value.unheard({}) };
}

/** Exceptions for a chart were reviewed for one version: those of another would be silently missing, or the file is left over. */
function checkVendor(stack: Stack, vendor: VendorFile, report: StackReport): void {
    const others = stack.objects.filter(({ resource }) => isOfOtherVersion(resource, vendor));
    const [first] = others;
    if (!first) return;
    report(whole(first.resource), {
        path: vendor.file,
        problem: "is for another version of the chart",
        fix: "review the new version, and write its number and what it needs into the file",
    });
}

function isOfOtherVersion(resource: Resource, vendor: VendorFile): boolean {
    const label = chartLabelOf(resource);
    if (typeof label !== "string" || !label.startsWith(`${vendor.chart}-`)) return false;
    const version = label.slice(vendor.chart.length + 1).replaceAll("_", "+");
    return version !== vendor.version && /^v?\d/.test(version) && isOfChart(resource, { ...vendor, version });
}
