import { controls } from "../../controls";
import { absent, undecided } from "../../reading/value";
import type { Stack } from "../../resources/stack";
import type { Subject } from "../../resources/subject";
import type { Context, StackReport, StackRule } from "../../rule";
import { sampleOf } from "../../samples";
import { companionsOf } from "./companions";
import { bare, flowLog, network, services, subnet } from "./networks.samples";
import { inStaging } from "./samples";

/** What nodes call before they can do anything: images, credentials, logs, keys. */
const needed = services;

const zonesOfProduction = 3;

export const networks: StackRule = {
    id: "AWS-15",
    title: "A VPC records who talks to whom, reaches AWS without the internet, and keeps nodes private in three zones",
    severity: "high",
    level: "mandatory",
    scope: "stack",
    kinds: [
        "aws:ec2/Vpc",
        "aws:ec2/FlowLog",
        "aws:ec2/VpcEndpoint",
        "aws:ec2/Subnet",
        "aws:eks/NodeGroup",
        "eks:index/Cluster",
    ],
    controls: controls({ soc2: ["CC6.6", "CC7.2"], iso27001: ["8.16", "8.22"], cisEks: ["5.4.3"] }),
    why: "Without a record nobody can say where data went, and a node with a public address is one flaw away from everybody.",
    fix: "add a FlowLog, a VpcEndpoint for each service, mapPublicIpOnLaunch false, and subnets in three zones",
    link: "https://docs.aws.amazon.com/eks/latest/best-practices/networking.html",
    samples: {
        passing: [sampleOf(...network()), inStaging(...network({ subnets: [subnet("a")] }))],
        failing: [
            { sample: sampleOf(bare), problem: "has no flow log" },
            {
                sample: sampleOf(...network({ log: { ...flowLog, inputs: { trafficType: "REJECT" } } })),
                problem: "trafficType is not ALL",
            },
            { sample: sampleOf(bare), problem: `has no endpoint of ${services.join(", ")}` },
            {
                sample: sampleOf(...network({ services: services.filter((service) => service !== "sts") })),
                problem: "has no endpoint of sts",
            },
            {
                sample: sampleOf(
                    ...network({ subnets: [subnet("a", { mapPublicIpOnLaunch: true }), subnet("b"), subnet("c")] }),
                ),
                problem: "gives nodes public addresses",
            },
            { sample: sampleOf(...network({ subnets: [subnet("a"), subnet("b")] })), problem: "is in 2 zones" },
        ],
    },
    check: (stack, report, context) => {
        for (const vpc of stack.of("aws:ec2/Vpc")) checkNetwork({ vpc, stack }, report, context);
        for (const subject of subnetsOfNodes(stack)) {
            const address = subject.object.get("mapPublicIpOnLaunch");
            if (address.boolean() === true) {
                report(subject, { path: address.path, problem: "gives nodes public addresses" });
            }
        }
    },
};

interface Place {
    readonly vpc: Subject;
    readonly stack: Stack;
}

function checkNetwork(place: Place, report: StackReport, { environment }: Context): void {
    const { vpc } = place;
    const logs = partsOf(place, "aws:ec2/FlowLog");
    if (logs !== undecided) {
        if (logs.length === 0) report(vpc, { path: "cidrBlock", problem: "has no flow log" });
        for (const log of logs) checkLog(log, report);
    }
    checkEndpoints(place, report);
    if (environment === "production") checkZones(place, report);
}

/** Provider and EC2 ask for a type of traffic unless the log is of a gateway. */
function checkLog(log: Subject, report: StackReport): void {
    const traffic = log.object.get("trafficType");
    const read = traffic.text();
    if (read !== "ALL" && read !== undecided) report(log, { path: traffic.path, problem: "is not ALL" });
}

function checkEndpoints(place: Place, report: StackReport): void {
    const endpoints = partsOf(place, "aws:ec2/VpcEndpoint");
    if (endpoints === undecided) return;
    const names = endpoints.map(({ object }) => object.get("serviceName").text());
    if (names.includes(undecided)) return;
    const missing = needed.filter((service) => !names.some((name) => String(name).endsWith(`.${service}`)));
    if (missing.length > 0) {
        report(place.vpc, { path: "cidrBlock", problem: `has no endpoint of ${missing.join(", ")}` });
    }
}

function checkZones(place: Place, report: StackReport): void {
    const subnets = partsOf(place, "aws:ec2/Subnet");
    if (subnets === undecided) return;
    const zones = subnets.map(({ object }) => {
        const name = object.get("availabilityZone").text();
        return name === absent ? object.get("availabilityZoneId").text() : name;
    });
    const count = new Set(zones.filter((zone) => typeof zone === "string")).size;
    if (count >= zonesOfProduction || zones.includes(undecided)) return;
    report(place.vpc, { path: "cidrBlock", problem: `is in ${count} zones` });
}

function partsOf({ vpc, stack }: Place, kind: string): readonly Subject[] | typeof undecided {
    return companionsOf(stack, { kinds: [kind], property: "vpcId", to: [vpc] });
}

/** Subnets that a group of nodes, or the cluster's component, is given. */
function subnetsOfNodes(stack: Stack): readonly Subject[] {
    const groups = stack.of("aws:eks/NodeGroup").flatMap((group) => stack.sourcesOf(group, "subnetIds"));
    const components = stack
        .of("eks:index/Cluster")
        .flatMap((one) =>
            ["privateSubnetIds", "subnetIds", "nodeSubnetIds"].flatMap((name) => stack.sourcesOf(one, name)),
        );
    return [...new Set([...groups, ...components])].filter(({ kind }) => kind.kind === "Subnet");
}
