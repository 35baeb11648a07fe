import { controls } from "../../controls";
import { blockOf, contains, overlap } from "../../reading/cidr";
import { Value } from "../../reading/value";
import type { AcrossReport, NamedStack, StackReport, StackRule } from "../../rule";
import { failing, passing } from "./addressOverlap.samples";
import { type Range, rangeKinds, rangesOf } from "./ranges";

export const addressOverlap: StackRule = {
    id: "NET-12",
    title: "No two networks have the same addresses",
    severity: "critical",
    level: "mandatory",
    scope: "stack",
    kinds: rangeKinds,
    controls: controls({ soc2: ["CC6.6"], iso27001: ["8.22"] }),
    why: "Networks that share addresses can never be joined, and a packet for one ends in the other, past the rules that were written for it.",
    fix: "give each network, and what exists inside a cluster only, a range that nothing else has",
    link: "https://www.rfc-editor.org/rfc/rfc1918",
    samples: { passing, failing },
    check: (stack, report) => {
        const ranges = rangesOf(stack);
        for (const range of ranges.filter(({ block }) => !block))
            tell(range, "is no IPv4 range such as 10.0.0.0/16", report);
        for (const role of ["network", "subnet"] as const) checkApart(withRole(ranges, role), report);
        checkContained(ranges, report);
        checkUnrouted(ranges, report);
    },
    checkAcross: (stacks, report) => {
        const all = stacks.map((stack) => ({ stack, ranges: rangesOf(stack.stack) }));
        for (const [index, own] of all.entries()) {
            checkJoined(own, report);
            for (const other of all)
                if (other !== own) checkAgainst(own, other, { report, isLater: all.indexOf(other) < index });
        }
    },
};

function tell({ subject, path }: Range, problem: string, report: StackReport): void {
    report(subject, { path, problem });
}

function withRole(ranges: readonly Range[], ...roles: readonly Range["role"][]): readonly Range[] {
    return ranges.filter(({ role }) => roles.includes(role));
}

function clash(a: Range, b: Range): boolean {
    return a.block !== undefined && b.block !== undefined && overlap(a.block, b.block);
}

/** Names what another range is by the resource's name in the program; addresses are no secret. */
function shares(other: Range): string {
    return `shares addresses with ${other.path} of ${other.subject.resource.name}`;
}

function checkApart(ranges: readonly Range[], report: StackReport): void {
    for (const [index, range] of ranges.entries()) {
        for (const earlier of ranges.slice(0, index)) if (clash(range, earlier)) tell(range, shares(earlier), report);
    }
}

/** A subnet of a network that is not in the stack has nothing to lie in. */
function checkContained(ranges: readonly Range[], report: StackReport): void {
    const networks = withRole(ranges, "network").flatMap(({ block }) => (block ? [block] : []));
    if (networks.length === 0) return;
    for (const subnet of withRole(ranges, "subnet")) {
        const { block } = subnet;
        if (!block || networks.some((network) => contains(network, block))) continue;
        tell(subnet, "lies outside every network of the stack", report);
    }
}

/** Two clusters may have the same; pods and services of one may not. */
function checkUnrouted(ranges: readonly Range[], report: StackReport): void {
    const unrouted = withRole(ranges, "unrouted");
    for (const [index, range] of unrouted.entries()) {
        const beside = unrouted
            .slice(0, index)
            .filter(({ subject, path }) => subject === range.subject && path !== range.path);
        const clashing = [...withRole(ranges, "network", "subnet"), ...beside].filter((other) => clash(range, other));
        for (const other of clashing.slice(0, 1)) tell(range, shares(other), report);
    }
}

interface OfStack {
    readonly stack: NamedStack;
    readonly ranges: readonly Range[];
}

/** Ranges of networks that the stack's file says it is joined to. Another stack's network may be among them: that is what they are for. */
function checkJoined({ stack, ranges }: OfStack, report: AcrossReport): void {
    for (const { path, text } of joinedIn(stack)) {
        const block = blockOf(text);
        const clashing = ranges.find((range) => block && range.block && overlap(range.block, block));
        if (!clashing) continue;
        report(stack, { path, problem: shares(clashing) });
    }
}

/** `network.joined` of whichever cloud the stack file has a section for. */
function joinedIn({ file }: NamedStack): readonly { readonly path: string; readonly text: string }[] {
    const settings = Value.unheard(file).get("config");
    return settings
        .keys()
        .flatMap((key) => settings.get(key, "network", "joined").items())
        .flatMap((place) => {
            const text = place.text();
            return typeof text === "string" ? [{ path: place.path, text }] : [];
        });
}

/** Of two networks only the later is told of; what a cluster has for itself, against each network of the other. */
function checkAgainst(
    { ranges }: OfStack,
    other: OfStack,
    { report, isLater }: { readonly report: AcrossReport; readonly isLater: boolean },
): void {
    const routed = withRole(other.ranges, "network");
    for (const range of withRole(ranges, ...(isLater ? (["network", "unrouted"] as const) : (["unrouted"] as const)))) {
        const clashing = routed.find((each) => clash(range, each));
        if (!clashing) continue;
        report(range.subject, { path: range.path, problem: `${shares(clashing)} in the stack ${other.stack.name}` });
    }
}
