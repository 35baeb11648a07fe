import type { Issues } from "../../foundation/issues";
import { nameProblem } from "../../foundation/names";
import { checkProof } from "../../settings/certificateChecks";
import { checkRecords } from "../../settings/dnsChecks";
import { checkFailover } from "../../settings/failoverChecks";
import type { Settings } from "../../settings/schema";
import {
    checkAllowList,
    checkCores,
    checkHasGpu,
    checkInitial,
    checkLocked,
    checkOperators,
    checkRanges,
    checkSlices,
    checkSnapshots,
    type GpuOffer,
} from "../common/check";
import { checkFollowed } from "../common/followedChecks";
import type { PoolPlan } from "../common/pools";
import { environmentRules } from "../common/rules";
import { checkCache } from "./cachePlan";
import { checkDatabase } from "./databasePlan";
import { checkFirewall } from "./firewall/check";
import { machines } from "./machines";
import { nameRules, registryHost } from "./names";
import { addressesOfZone, mostNodes, planNetwork, planPools, roomOfZone } from "./plan";
import { checkBackupCopy, checkRegion } from "./regions";
import { migProfiles, servicePrefix, vpcPrefix } from "./rules";
import type { AwsSettings } from "./settings";
import { checkStreaming } from "./streamingPlan";
import { checkPrincipals } from "./teams";

const gpuOffer: GpuOffer = {
    section: "aws",
    machines,
    migProfiles,
    example: "g5.2xlarge",
    sliceable: "p5 machines",
    separator: " or ",
};

/** Everything that AWS would refuse, or that could not work, as far as settings tell. */
export function checkAws(section: AwsSettings, settings: Settings, issues: Issues): void {
    const { environment, charts } = settings;
    checkRegion(section, issues);
    checkZones(section, issues);
    checkNetwork(section, issues);
    checkRoom(section, issues);
    checkAllowList("aws", { apiAccess: section.apiAccess, rules: environmentRules[environment] }, issues);
    checkPools(section, issues);
    const { data, serviceBackups } = settings;
    const { postgres, vectors } = data;
    checkOperators("aws", { identities: section.identities, postgres, vectors, serviceBackups }, issues);
    checkSnapshots("aws", settings, issues);
    checkLocked("aws.backupDays", section.backupDays, settings, issues);
    checkQuota(section, issues);
    checkNames(section, issues);
    checkPrincipals(section, issues);
    checkTrail(section, issues);
    checkFollowed("aws", { ...section, postgres, ofOther: section.followed?.name }, issues);
    checkBackupCopy(section, environmentRules[environment].copiesBackups, issues);
    checkChartRepositories(section, charts, issues);
    const { dnsZone: zone, identities } = section;
    const names = { section: "aws", zone, identities };
    checkProof(names, settings, issues);
    checkRecords(names, settings, issues);
    checkFirewall(section, settings, issues);
    checkDatabase(settings, issues);
    checkCache(section, settings, issues);
    checkStreaming(settings, issues);
    const { dnsZoneId } = section;
    checkFailover({ section: "aws", zone, other: { key: "aws.dnsZoneId", value: dnsZoneId } }, settings, issues);
    if (zone !== undefined || dnsZoneId === undefined) return;
    issues.add("aws.dnsZoneId", `is ${dnsZoneId}, but no zone is named`, "set aws.dnsZone to the name of the zone");
}

/** A stack that leaves the trail to somebody else has nothing to send, and its own account is no archive. */
function checkTrail({ account, accountBaseline, trailArchive }: AwsSettings, issues: Issues): void {
    if (trailArchive === undefined) return;
    if (accountBaseline === "external") {
        const words =
            "is for the account's trail, which this stack leaves to somebody else (accountBaseline: external)";
        issues.add("aws.trailArchive", words, "remove it, or set accountBaseline: managed");
    }
    if (!trailArchive.key.includes(`:${account}:`)) return;
    const words = `${trailArchive.key} is of the account that the records tell of`;
    issues.add("aws.trailArchive.key", words, "name a bucket and a key of an account of its own");
}

function checkZones({ region, zones }: AwsSettings, issues: Issues): void {
    zones.forEach((zone, index) => {
        if (zone.startsWith(region) && /^[a-z]$/.test(zone.slice(region.length))) return;
        issues.add(`aws.zones.${index}`, `is ${zone}, which is no zone of ${region}`, `name zones such as ${region}a`);
    });
}

function checkNetwork({ network: { cidr, serviceCidr, joined } }: AwsSettings, issues: Issues): void {
    const own = [
        { key: "aws.network.cidr", cidr, routed: true, prefixes: vpcPrefix },
        { key: "aws.network.serviceCidr", cidr: serviceCidr, routed: false, prefixes: servicePrefix },
    ];
    checkRanges("aws", { own, joined }, issues);
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

function checkPools(section: AwsSettings, issues: Issues): void {
    for (const pool of planPools(section)) checkInitial(pool, issues);
    const { gpu } = section.pools;
    if (gpu === undefined) return;
    checkHasGpu(gpu, gpuOffer, issues);
    checkSlices(gpu, gpuOffer, issues);
}

function checkQuota(section: AwsSettings, issues: Issues): void {
    if (section.coreQuota === undefined) return;
    const pools = planPools(section);
    const kindOf = ({ role }: PoolPlan) => (role === "gpu" || role === "spot" ? role : "standard");
    for (const kind of ["standard", "gpu", "spot"] as const) {
        const own = pools.filter((pool) => kindOf(pool) === kind);
        checkCores(`aws.coreQuota.${kind}`, { quota: section.coreQuota[kind], pools: own, mostNodes }, issues);
    }
}

function checkNames({ name, identities }: AwsSettings, issues: Issues): void {
    for (const identity of Object.keys(identities)) {
        const problem = nameProblem(nameRules.role, `${name}-${identity}`);
        if (problem !== undefined)
            issues.add(`aws.identities.${identity}`, `as a role's name ${problem}`, "shorten it");
    }
}

/** A repository that both lists name would be made twice; a registry that has none of a chart's name takes no push of it. */
function checkChartRepositories(section: AwsSettings, charts: Settings["charts"], issues: Issues): void {
    const { repositories, chartRepositories } = section;
    chartRepositories.forEach((chart, index) => {
        if (!repositories.includes(`charts/${chart}`)) return;
        const key = `aws.chartRepositories.${index}`;
        issues.add(key, `is charts/${chart} of aws.repositories again`, "name it in one of the two");
    });
    const own = `oci://${registryHost(section)}/charts`;
    if (charts.kind !== "oci" || charts.prefix !== own || chartRepositories.length > 0) return;
    const words = "is the stack's own registry, which has no repository for any chart";
    issues.add("charts.prefix", words, "list the charts that it is to hold under aws.chartRepositories");
}
