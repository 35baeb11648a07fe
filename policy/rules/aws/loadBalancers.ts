import { controls } from "../../controls";
import { absent, undecided, type Value } from "../../reading/value";
import type { Stack } from "../../resources/stack";
import type { Subject } from "../../resources/subject";
import type { StackReport, StackRule } from "../../rule";
import { cloudResource, merge, sampleOf } from "../../samples";
import { companionsOf } from "./companions";
import { flag } from "./policyDocument";

const balancer = (inputs: Readonly<Record<string, unknown>> = {}) =>
    cloudResource("aws:lb/loadBalancer:LoadBalancer", merge({ internal: true, accessLogs: { enabled: true } }, inputs));
const listener = (inputs: Readonly<Record<string, unknown>>) => cloudResource("aws:lb/listener:Listener", inputs);
const tls13 = { protocol: "HTTPS", sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06" };
const redirect = { type: "redirect", redirect: { protocol: "HTTPS", statusCode: "HTTP_301" } };
const firewall = {
    ...cloudResource("aws:wafv2/webAclAssociation:WebAclAssociation", {}),
    sources: { resourceArn: [balancer().urn] },
};

export const loadBalancers: StackRule = {
    id: "AWS-17",
    title: "Load balancers speak TLS 1.3, redirect what is plain, log, and stand behind a firewall where they are public",
    severity: "high",
    level: "mandatory",
    scope: "stack",
    kinds: [
        "aws:lb/LoadBalancer",
        "aws:alb/LoadBalancer",
        "aws:lb/Listener",
        "aws:alb/Listener",
        "aws:wafv2/WebAclAssociation",
    ],
    controls: controls({ soc2: ["CC6.7"], iso27001: ["8.24"], cisEks: ["5.4.5"] }),
    why: "It is the door of the platform: what is read or forged there is in none of the logs behind it.",
    fix: "set sslPolicy to one with TLS13 in its name, redirect HTTP, enable accessLogs, and associate a web ACL",
    link: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html",
    samples: {
        passing: [
            sampleOf(balancer(), listener(tls13), listener({ protocol: "HTTP", defaultActions: [redirect] })),
            sampleOf(balancer({ internal: false }), firewall),
            // No web ACL can stand before a load balancer of the transport layer.
            sampleOf(balancer({ internal: false, loadBalancerType: "network" }), listener({ protocol: "TCP" })),
        ],
        failing: [
            { sample: sampleOf(listener({ protocol: "HTTPS" })), problem: "sslPolicy is not set" },
            {
                sample: sampleOf(listener({ ...tls13, sslPolicy: "ELBSecurityPolicy-2016-08" })),
                problem: "is a policy without TLS 1.3",
            },
            {
                sample: sampleOf(listener({ protocol: "HTTP", defaultActions: [{ type: "forward" }] })),
                problem: "does not redirect to HTTPS",
            },
            { sample: sampleOf(listener({ protocol: "HTTP" })), problem: "does not redirect to HTTPS" },
            { sample: sampleOf(balancer({ accessLogs: null })), problem: "accessLogs.enabled is not true" },
            { sample: sampleOf(balancer({ internal: null })), problem: "is public without a web ACL" },
        ],
    },
    check: (stack, report) => {
        for (const one of stack.of("aws:lb/Listener", "aws:alb/Listener")) checkListener(one, report);
        for (const one of stack.of("aws:lb/LoadBalancer", "aws:alb/LoadBalancer")) checkBalancer(one, stack, report);
    },
};

function checkListener(subject: Subject, report: StackReport): void {
    const protocol = subject.object.get("protocol").text();
    if (protocol === "HTTPS" || protocol === "TLS") checkPolicy(subject, subject.object.get("sslPolicy"), report);
    if (protocol !== "HTTP") return;
    const actions = subject.object.get("defaultActions");
    const targets = actions.items().map((action) => action.get("redirect", "protocol").text());
    if (targets.includes("HTTPS") || targets.includes(undecided) || (actions.isSet && !actions.isList)) return;
    report(subject, { path: actions.path, problem: "does not redirect to HTTPS" });
}

/** Without a name it is ELBSecurityPolicy-2016-08, which ends at TLS 1.2. */
function checkPolicy(subject: Subject, policy: Value, report: StackReport): void {
    const name = policy.text();
    if (name === undecided || (name !== absent && /TLS13/.test(name))) return;
    report(subject, { path: policy.path, problem: name === absent ? "is not set" : "is a policy without TLS 1.3" });
}

function checkBalancer(subject: Subject, stack: Stack, report: StackReport): void {
    const { object } = subject;
    const type = object.get("loadBalancerType").text();
    if (type === "gateway") return;
    const isLogged = object.get("accessLogs", "enabled");
    if (flag(isLogged) === false) report(subject, { path: isLogged.path, problem: "is not true" });
    const internal = object.get("internal");
    if (flag(internal) !== false || type === "network" || type === undecided) return;
    const guards = companionsOf(stack, {
        kinds: ["aws:wafv2/WebAclAssociation"],
        property: "resourceArn",
        to: [subject],
        id: "arn",
    });
    if (guards !== undecided && guards.length === 0)
        report(subject, { path: internal.path, problem: "is public without a web ACL" });
}
