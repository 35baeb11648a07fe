import { cidr, contains } from "../../foundation/cidr";
import type { Issues } from "../../foundation/issues";
import { nameProblem } from "../../foundation/names";
import { checkDisjoint, rangesBeside } from "../../foundation/ranges";
import type { Settings } from "../../settings/schema";
import type { PoolPlan } from "../common/pools";
import { environmentRules, privateRanges } from "../common/rules";
import { machines } from "./machines";
import { nameRules } from "./names";
import { addressesOfZone, mostNodes, planNetwork, planPools, roomOfZone } from "./plan";
import { checkRegion } from "./regions";
import { migProfiles, servicePrefix, vpcPrefix } from "./rules";
import type { AwsSettings } from "./settings";

/** Everything that AWS would refuse, or that could not work, as far as settings tell. */
export function checkAws(section: AwsSettings, { environment }: Settings, issues: Issues): void {
    checkRegion(section, issues);
    checkZones(section, issues);
    checkRanges(section, issues);
    checkRoom(section, issues);
    checkAllowList(section, environmentRules[environment].shortestAllowedPrefix, issues);
    checkPools(section, issues);
    checkQuota(section, issues);
    checkNames(section, issues);
}

function checkZones({ region, zones }: AwsSettings, issues: Issues): void {
    zones.forEach((zone, index) => {
        if (zone.startsWith(region) && /^[a-z]$/.test(zone.slice(region.length))) return;
        issues.add(`aws.zones.${index}`, `is ${zone}, which is no zone of ${region}`, `name zones such as ${region}a`);
    });
}

function checkRanges({ network: { cidr: own, serviceCidr, joined } }: AwsSettings, issues: Issues): void {
    checkRange("aws.network.cidr", own, vpcPrefix, issues);
    checkRange("aws.network.serviceCidr", serviceCidr, servicePrefix, issues);
    const others = joined.map((range, index) => ({ key: `aws.network.joined.${index}`, cidr: range, routed: true }));
    const ours = [
        { key: "aws.network.cidr", cidr: own, routed: true },
        { key: "aws.network.serviceCidr", cidr: serviceCidr, routed: false },
    ];
    checkDisjoint(rangesBeside(ours, others), issues);
}

function checkRange(
    key: string,
    text: string,
    { shortest, longest }: { readonly shortest: number; readonly longest: number },
    issues: Issues,
): void {
    const range = cidr(text);
    if (range.prefix < shortest || range.prefix > longest) {
        issues.add(key, `${text} is no /${shortest} to /${longest}`, `give a range from /${shortest} to /${longest}`);
    }
    if (privateRanges.some((allowed) => contains(cidr(allowed), range))) return;
    issues.add(key, `${text} is not private`, `choose a range within ${privateRanges.join(", ")}`);
}

function checkRoom(section: AwsSettings, issues: Issues): void {
    const fix = "give a larger range, up to a /16, or lower nodes.max of pools";
    const planned = planNetwork(section);
    if (!planned.fits) {
        const words = `has ${planned.available} addresses, but the smallest subnets of four zones take ${planned.needed}`;
        issues.add("aws.network.cidr", words, fix);
        return;
    }
    const [room, needed] = [roomOfZone(section), addressesOfZone(planPools(section))];
    if (needed <= room) return;
    const words = `leaves ${room} addresses for the nodes of a zone, but with all their pods they may take ${needed}`;
    issues.add("aws.network.cidr", words, fix);
}

function checkAllowList({ apiAccess }: AwsSettings, shortest: number, issues: Issues): void {
    if (apiAccess.kind === "private") return;
    apiAccess.allowedCidrs.forEach((range, index) => {
        if (cidr(range).prefix >= shortest) return;
        const words = `${range} lets too many in: in this environment a range has at least /${shortest}`;
        issues.add(
            `aws.apiAccess.allowedCidrs.${index}`,
            words,
            "name the ranges that people and runners really come from",
        );
    });
}

function checkPools(section: AwsSettings, issues: Issues): void {
    for (const { key, nodes, initial } of planPools(section)) {
        if (nodes.min > nodes.max || (initial >= nodes.min && initial <= nodes.max)) continue;
        issues.add(
            `${key}.nodes.initial`,
            `is ${initial}, outside ${nodes.min} to ${nodes.max}`,
            "start within the bounds",
        );
    }
    checkSharing(section, issues);
}

function checkSharing({ pools: { gpu } }: AwsSettings, issues: Issues): void {
    if (gpu === undefined) return;
    const model = machines[gpu.machine].gpu?.model;
    if (model === undefined) {
        issues.add(
            "aws.pools.gpu.machine",
            `${gpu.machine} has no GPU`,
            "choose a machine that has one, such as g5.2xlarge",
        );
    }
    if (gpu.sharing.kind !== "mig") return;
    const profiles = (model && migProfiles[model]) ?? [];
    if (profiles.includes(gpu.sharing.profile)) return;
    const words = `${gpu.sharing.profile} is no slice of the GPU of ${gpu.machine} (${model ?? "no GPU"})`;
    const fix =
        profiles.length === 0 ? "share by turns (timeSliced), or use p5 machines" : `use ${profiles.join(" or ")}`;
    issues.add("aws.pools.gpu.sharing.profile", words, fix);
}

function checkQuota(section: AwsSettings, issues: Issues): void {
    if (section.coreQuota === undefined) return;
    const pools = planPools(section);
    const kindOf = ({ role }: PoolPlan) => (role === "gpu" || role === "spot" ? role : "standard");
    for (const kind of ["standard", "gpu", "spot"] as const) {
        const own = pools.filter((pool) => kindOf(pool) === kind);
        checkCores(`aws.coreQuota.${kind}`, section.coreQuota[kind], own, issues);
    }
}

function checkCores(key: string, quota: number, pools: readonly PoolPlan[], issues: Issues): void {
    const needed = pools.reduce((sum, pool) => sum + mostNodes(pool) * pool.machine.cpu, 0);
    if (needed <= quota) return;
    const sum = pools.map((pool) => `${pool.role} ${mostNodes(pool)} x ${pool.machine.cpu}`).join(" + ");
    const words = `is ${quota}, but the pools at their maximum with the nodes of an upgrade take ${needed}: ${sum}`;
    issues.add(key, words, "have the quota raised, or lower nodes.max");
}

function checkNames({ name, identities }: AwsSettings, issues: Issues): void {
    for (const identity of Object.keys(identities)) {
        const problem = nameProblem(nameRules.role, `${name}-${identity}`);
        if (problem !== undefined)
            issues.add(`aws.identities.${identity}`, `as a role's name ${problem}`, "shorten it");
    }
}
