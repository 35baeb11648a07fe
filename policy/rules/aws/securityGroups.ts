import { controls } from "../../controls";
import { isEverywhere } from "../../reading/cidr";
import type { Value } from "../../reading/value";
import { absent, undecided } from "../../reading/value";
import type { Stack } from "../../resources/stack";
import type { Subject } from "../../resources/subject";
import type { StackReport, StackRule } from "../../rule";
import { cloudResource, sampleOf } from "../../samples";
import { companionsOf } from "./companions";
import { each } from "./policyDocument";

const group = cloudResource("aws:ec2/securityGroup:SecurityGroup", { name: "web" }, "web");
const https = { description: "HTTPS", ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIpv4: "0.0.0.0/0" };
const inRule = (inputs: object) => ({
    ...cloudResource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", { ...https, ...inputs }),
    sources: { securityGroupId: [group.urn] },
});
const balancer = {
    ...cloudResource("aws:lb/loadBalancer:LoadBalancer", { securityGroups: [] }),
    sources: { securityGroups: [group.urn] },
};
const plain = { fromPort: 80, toPort: 80 };
const listener = (type: string) => ({
    ...cloudResource("aws:lb/listener:Listener", {
        port: 80,
        protocol: "HTTP",
        defaultActions: [{ type, ...(type === "redirect" && { redirect: { protocol: "HTTPS" } }) }],
    }),
    sources: { loadBalancerArn: [balancer.urn] },
});
const inline = (ingress: object) => cloudResource("aws:ec2/securityGroup:SecurityGroup", { ingress: [ingress] }, "web");
const vpc = cloudResource("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" }, "vpc");
const closedGroup = (inputs: object) => ({
    ...cloudResource("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", { ingress: [], egress: [], ...inputs }),
    sources: { vpcId: [vpc.urn] },
});

export const securityGroups: StackRule = {
    id: "AWS-14",
    title: "Security groups let the internet in at 443 of load balancers only, or where those send plain HTTP on to it, and say why for each rule",
    severity: "critical",
    level: "mandatory",
    scope: "stack",
    kinds: [
        "aws:ec2/SecurityGroup",
        "aws:ec2/SecurityGroupRule",
        "aws:vpc/SecurityGroupIngressRule",
        "aws:vpc/SecurityGroupEgressRule",
        "aws:ec2/DefaultSecurityGroup",
        "aws:ec2/Vpc",
        "aws:lb/LoadBalancer",
        "aws:alb/LoadBalancer",
        "aws:lb/Listener",
        "aws:alb/Listener",
    ],
    controls: controls({ soc2: ["CC6.6"], iso27001: ["8.20"] }),
    why: "Everything that listens behind an open port is tried by strangers within minutes.",
    fix: "name the ranges or groups that need the port, describe each rule, and empty the default group of every VPC",
    link: "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html",
    samples: {
        passing: [
            sampleOf(inRule({}), group, balancer),
            sampleOf(inRule(plain), group, balancer, listener("redirect")),
            sampleOf(inRule({ cidrIpv4: "10.0.0.0/8", fromPort: 22, toPort: 22 }), group),
            sampleOf(vpc, closedGroup({})),
            sampleOf(
                inline({ description: "API", cidrBlocks: ["10.0.0.0/16"], protocol: "tcp", fromPort: 80, toPort: 80 }),
            ),
        ],
        failing: [
            { sample: sampleOf(inRule({}), group), problem: "lets the internet in, and not at 443 of a load balancer" },
            {
                sample: sampleOf(inRule({ fromPort: 22 }), group, balancer),
                problem: "lets the internet in, and not at 443 of a load balancer",
            },
            {
                sample: sampleOf(inRule(plain), group, balancer, listener("forward")),
                problem: "lets the internet in, and not at 443 of a load balancer",
            },
            {
                sample: sampleOf(inRule(plain), group, balancer),
                problem: "lets the internet in, and not at 443 of a load balancer",
            },
            {
                sample: sampleOf(inRule({ cidrIpv4: undefined, cidrIpv6: "::/0", ipProtocol: "-1" }), group, balancer),
                problem: "lets the internet in, and not at 443 of a load balancer",
            },
            {
                sample: sampleOf(inline({ description: "SSH", cidrBlocks: ["128.0.0.0/1"], fromPort: 22, toPort: 22 })),
                problem: "lets the internet in, and not at 443 of a load balancer",
            },
            {
                sample: sampleOf(
                    cloudResource("aws:ec2/securityGroupRule:SecurityGroupRule", {
                        type: "ingress",
                        description: "SSH",
                        cidrBlocks: ["0.0.0.0/0"],
                    }),
                ),
                problem: "lets the internet in, and not at 443 of a load balancer",
            },
            {
                sample: sampleOf(inRule({ description: undefined }), group, balancer),
                problem: "description is not set",
            },
            { sample: sampleOf(inline({ cidrBlocks: ["10.0.0.0/16"] })), problem: "description is not set" },
            {
                sample: sampleOf(cloudResource("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", {})),
                problem: "description is not set",
            },
            { sample: sampleOf(vpc), problem: "leaves its default group open" },
            {
                sample: sampleOf(vpc, closedGroup({ ingress: [{ description: "self", self: true }] })),
                problem: "is the default group, and not empty",
            },
        ],
    },
    check: (stack, report) => {
        for (const subject of stack.of("aws:ec2/SecurityGroup")) checkGroup(subject, stack, report);
        for (const rule of stack.of(
            "aws:ec2/SecurityGroupRule",
            "aws:vpc/SecurityGroupIngressRule",
            "aws:vpc/SecurityGroupEgressRule",
        )) {
            checkDescription(rule, rule.object, report);
            if (isInward(rule))
                checkRule(rule, { rule: rule.object, ports: openPorts(balancersBehind(rule, stack), stack) }, report);
        }
        for (const network of stack.of("aws:ec2/Vpc")) checkDefault(network, stack, report);
    },
};

function isInward({ kind, object }: Subject): boolean {
    return kind.kind === "SecurityGroupRule"
        ? object.get("type").text() === "ingress"
        : kind.kind === "SecurityGroupIngressRule";
}

function checkGroup(subject: Subject, stack: Stack, report: StackReport): void {
    const ports = openPorts(guarded(subject, stack), stack);
    for (const rule of each(subject.object.get("ingress"))) {
        checkDescription(subject, rule, report);
        checkRule(subject, { rule, ports }, report);
    }
    for (const rule of each(subject.object.get("egress"))) checkDescription(subject, rule, report);
}

/** Load balancers of the stack that are in the group. */
function guarded(group: Subject, stack: Stack): readonly Subject[] {
    return stack
        .of("aws:lb/LoadBalancer", "aws:alb/LoadBalancer")
        .filter((one) =>
            stack.sourcesOf(one, "securityGroups").some(({ resource }) => resource.urn === group.resource.urn),
        );
}

function balancersBehind(rule: Subject, stack: Stack): readonly Subject[] {
    return stack.sourcesOf(rule, "securityGroupId").flatMap((group) => guarded(group, stack));
}

/** Ports at which these load balancers may be called from everywhere. */
function openPorts(balancers: readonly Subject[], stack: Stack): readonly number[] {
    if (balancers.length === 0) return [];
    const kinds = ["aws:lb/Listener", "aws:alb/Listener"];
    const listeners = companionsOf(stack, { kinds, property: "loadBalancerArn", to: balancers, id: "arn" });
    if (listeners === undecided) return [80, 443];
    const plain = listeners.filter(({ object }) => object.get("port").number() === 80);
    return plain.length > 0 && plain.every(redirects) ? [80, 443] : [443];
}

/** AWS-17 asks the same of every listener of HTTP; here one of another protocol is none. */
function redirects({ object }: Subject): boolean {
    const actions = object.get("defaultActions").items();
    const targets = actions.map((action) => action.get("redirect", "protocol").text());
    return targets.some((target) => target === "HTTPS" || target === undecided);
}

function checkDescription(subject: Subject, rule: Value, report: StackReport): void {
    const description = rule.get("description");
    const read = description.text();
    if (read === absent || read === "") report(subject, { path: description.path, problem: "is not set" });
}

interface Inward {
    readonly rule: Value;
    /** Where the internet may come in. */
    readonly ports: readonly number[];
}

function checkRule(subject: Subject, { rule, ports }: Inward, report: StackReport): void {
    const ranges = ["cidrIpv4", "cidrIpv6", "cidrBlocks", "ipv6CidrBlocks"].flatMap((name) => each(rule.get(name)));
    const open = ranges.filter((range) => {
        const cidr = range.text();
        return typeof cidr === "string" && isEverywhere(cidr);
    });
    if (open.length === 0 || ports.some((port) => isAt(port, rule))) return;
    for (const { path } of open) {
        report(subject, { path, problem: "lets the internet in, and not at 443 of a load balancer" });
    }
}

/** The protocol `-1` is all of them, whatever ports stand beside it. */
function isAt(port: number, rule: Value): boolean {
    const protocols = [rule.get("ipProtocol"), rule.get("protocol")].map((protocol) => protocol.text());
    return protocols.includes("tcp") && rule.get("fromPort").number() === port && rule.get("toPort").number() === port;
}

/** A VPC's own group lets all in it talk to each other until somebody takes it over; taking it over empties it. */
function checkDefault(network: Subject, stack: Stack, report: StackReport): void {
    const own = companionsOf(stack, { kinds: ["aws:ec2/DefaultSecurityGroup"], property: "vpcId", to: [network] });
    if (own === undecided) return;
    if (own.length === 0) report(network, { path: "cidrBlock", problem: "leaves its default group open" });
    for (const each of own) {
        const rules = ["ingress", "egress"].flatMap((direction) => each.object.get(direction).items());
        if (rules.length > 0) report(each, { path: "ingress", problem: "is the default group, and not empty" });
    }
}
