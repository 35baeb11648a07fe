import { controls } from "../../controls";
import { undecided, type Value } from "../../reading/value";
import type { Subject } from "../../resources/subject";
import type { Report, ResourceRule, Sample } from "../../rule";
import { sampleOf } from "../../samples";
import { reportUnless } from "../podRule";
import { clusterWithPool, pool } from "./cluster.samples";
import { clusterKind, poolKind, poolsOf } from "./pools";
import { isOneOf, reportBelow, reportUnlessOneOf, reportUnlessSet } from "./readings";

/** Fewer pods make a node of the platform's sizes run out of places before it runs out of memory; CIS and Azure ask the same. */
const fewestPods = 50;
const zonesInProduction = 3;

const inTwoZones: Sample = {
    kind: "resources",
    resources: [pool({ availabilityZones: ["1", "2"] })],
    environment: "staging",
};

export const nodePools: ResourceRule = {
    id: "AZ-08",
    title: "Node pools of AKS are closed to the outside, spread over zones and scale by themselves",
    severity: "high",
    level: "mandatory",
    scope: "resource",
    kinds: [clusterKind, poolKind],
    controls: controls({ soc2: ["CC6.6", "A1.2"], iso27001: ["8.9", "8.14"], cisAks: ["5.4.3"] }),
    why: "A node with a public address or SSH is a way in past the API server, and a pool in one zone goes with it.",
    fix: "set enableNodePublicIP false, sshAccess Disabled, three availabilityZones, autoscaling with bounds, maxPods of at least 50, and the CriticalAddonsOnly taint on system pools",
    link: "https://learn.microsoft.com/azure/aks/use-system-pools",
    samples: {
        passing: [
            sampleOf(pool()),
            sampleOf(clusterWithPool({})),
            sampleOf(clusterWithPool({ maxPods: 50, enableNodePublicIP: null })),
            inTwoZones,
        ],
        failing: [
            { sample: sampleOf(pool({ enableNodePublicIP: true })), problem: "enableNodePublicIP is true" },
            {
                sample: sampleOf(pool({ nodePublicIPPrefixID: "sample" })),
                problem: "nodePublicIPPrefixID gives nodes public addresses",
            },
            // The API's own default is LocalUser.
            { sample: sampleOf(pool({ securityProfile: null })), problem: "securityProfile.sshAccess is not set" },
            {
                sample: sampleOf(clusterWithPool({ securityProfile: { sshAccess: "LocalUser" } })),
                problem: "agentPoolProfiles[0].securityProfile.sshAccess is not Disabled",
            },
            { sample: sampleOf(pool({ availabilityZones: ["1", "2", "2"] })), problem: "are fewer than 3 zones" },
            { sample: sampleOf(pool({ availabilityZones: null })), problem: "are fewer than 3 zones" },
            { sample: sampleOf(pool({ enableAutoScaling: false })), problem: "enableAutoScaling is false" },
            { sample: sampleOf(pool({ minCount: null })), problem: "minCount is not set" },
            { sample: sampleOf(pool({ maxCount: null })), problem: "maxCount is not set" },
            {
                sample: sampleOf(clusterWithPool({ nodeTaints: [] })),
                problem: "lacks CriticalAddonsOnly=true:NoSchedule, so that pods of users come to a system pool",
            },
            {
                sample: sampleOf(pool({ mode: "System" })),
                problem: "lacks CriticalAddonsOnly=true:NoSchedule, so that pods of users come to a system pool",
            },
            { sample: sampleOf(pool({ maxPods: 49 })), problem: "maxPods is below 50" },
            // With an address of the network for each pod it is 30.
            { sample: sampleOf(pool({ maxPods: null })), problem: "maxPods is not set" },
        ],
    },
    check: (subject, report, { environment }) => {
        for (const each of poolsOf(subject)) {
            checkReach(each, report);
            if (environment === "production") checkZones(each.get("availabilityZones"), report);
            checkScaling(each, report);
            checkSystemTaint(subject, each, report);
            reportBelow(fewestPods, each.get("maxPods"), report);
        }
    },
};

function checkReach(pool: Value, report: Report): void {
    const address = pool.get("enableNodePublicIP");
    if (address.isSet) reportUnless(false, address, report);
    const prefix = pool.get("nodePublicIPPrefixID");
    if (prefix.isSet) report({ path: prefix.path, problem: "gives nodes public addresses" });
    reportUnlessOneOf(["Disabled"], pool.get("securityProfile", "sshAccess"), report);
}

function checkZones(zones: Value, report: Report): void {
    const items = zones.items();
    const read = items.map((zone) => zone.text());
    if (read.includes(undecided) || (zones.isSet && !zones.isList)) return;
    if (new Set(read.filter((zone) => typeof zone === "string")).size < zonesInProduction) {
        report({ path: zones.path, problem: `are fewer than ${zonesInProduction} zones` });
    }
}

function checkScaling(pool: Value, report: Report): void {
    reportUnless(true, pool.get("enableAutoScaling"), report);
    reportUnlessSet(pool.get("minCount"), report);
    reportUnlessSet(pool.get("maxCount"), report);
}

const systemTaint = /^CriticalAddonsOnly=true:No(Schedule|Execute)$/;

/** A pool by itself is for users unless it says otherwise; the first of a cluster must be a system pool. */
function checkSystemTaint({ kind }: Subject, pool: Value, report: Report): void {
    const mode = pool.get("mode");
    if (mode.isSet || kind.kind === "AgentPool" ? !isOneOf(["System"], mode.text()) : false) return;
    const taints = pool.get("nodeTaints");
    const read = taints.items().map((taint) => taint.text());
    if (read.includes(undecided) || (taints.isSet && !taints.isList)) return;
    if (read.some((taint) => typeof taint === "string" && systemTaint.test(taint))) return;
    const problem = "lacks CriticalAddonsOnly=true:NoSchedule, so that pods of users come to a system pool";
    report({ path: taints.path, problem });
}
