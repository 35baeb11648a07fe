import { cidr, contains } from "../../foundation/cidr";
import type { Issues } from "../../foundation/issues";
import { checkProof } from "../../settings/certificateChecks";
import { checkRecords } from "../../settings/dnsChecks";
import { checkHubLimits } from "../../settings/kafkaHubsChecks";
import { refuseManagedRedis } from "../../settings/managedRedisChecks";
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
    type GpuOffer,
} from "../common/check";
import { checkFollowed } from "../common/followedChecks";
import { checkDatabase } from "./databasePlan";
import { checkFirewall } from "./firewall/check";
import { hubLimits } from "./hubsPlan";
import { machines } from "./machines";
import { checkPair } from "./pairCheck";
import { mostNodes, mostNodesOf, nodesInPodRange, planNetwork, planPools } from "./plan";
import { environmentRules, migProfiles, networkPrefix, servicePrefix } from "./rules";
import type { AzureSettings } from "./settings";
import { checkGroups } from "./teams";

const gpuOffer: GpuOffer = {
    section: "azure",
    machines,
    migProfiles,
    example: "Standard_NV36ads_A10_v5",
    sliceable: "A100 or H100",
    separator: ", ",
};

/**
 * Azure Managed Redis makes its keys itself, so that no generated password gets in, and AZ-14 has keys off altogether: what is left are tokens
 * of Entra, which the backend's client asks nobody for.
 *
 * @see https://learn.microsoft.com/azure/redis/entra-for-authentication
 */
const noCache = "but Azure's caches take keys of their own making or tokens of Entra, and the backend has neither";

/** Everything that Azure would refuse, or that could not work, as far as settings tell. */
export function checkAzure(section: AzureSettings, settings: Settings, issues: Issues): void {
    const { environment } = settings;
    checkNetwork(section, issues);
    checkRoom(section, issues);
    checkNextHop(section, issues);
    checkAllowList("azure", { apiAccess: section.apiAccess, rules: environmentRules[environment] }, issues);
    checkPools(section, issues);
    const { data, serviceBackups } = settings;
    checkOperators("azure", { identities: section.identities, postgres: data.postgres, serviceBackups }, issues);
    checkFollowed("azure", { ...section, postgres: data.postgres, ofOther: undefined }, issues);
    checkLocked("azure.backupDays", section.backupDays, settings, issues);
    checkSharing(section, issues);
    checkQuota(section, issues);
    checkGroups(section, issues);
    const { dnsZone: zone, identities } = section;
    const names = { section: "azure", zone, identities };
    checkProof(names, settings, issues);
    checkRecords(names, settings, issues);
    checkPair(section, settings, issues);
    checkFirewall(section, settings, issues);
    checkDatabase(section, settings, issues);
    refuseManagedRedis(settings, noCache, issues);
    if (settings.data.kafka.kind === "hubs") checkHubLimits(settings.data.kafka, hubLimits, issues);
}

function checkNetwork({ network }: AzureSettings, issues: Issues): void {
    const { podCidr, serviceCidr, joined } = network;
    const own = [
        { key: "azure.network.cidr", cidr: network.cidr, routed: true, prefixes: networkPrefix },
        { key: "azure.network.podCidr", cidr: podCidr, routed: false, prefixes: networkPrefix },
        { key: "azure.network.serviceCidr", cidr: serviceCidr, routed: false, prefixes: servicePrefix },
    ];
    checkRanges("azure", { own, joined }, issues);
}

function checkRoom(section: AzureSettings, issues: Issues): void {
    const planned = planNetwork(section);
    if (!planned.fits) {
        const words = `has ${planned.available} addresses, but its subnets take ${planned.needed}`;
        issues.add("azure.network.cidr", words, "give a larger range, or lower nodes.max of pools");
    }
    const { podCidr } = section.network;
    const [nodes, room] = [mostNodesOf(planPools(section)), nodesInPodRange(podCidr)];
    if (nodes <= room) return;
    const words = `${podCidr} has room for ${room} nodes of 256 pod addresses, but there can be ${nodes} with those of an upgrade`;
    issues.add("azure.network.podCidr", words, "give a larger range, or lower nodes.max of pools");
}

/** A firewall in the network itself would send its own traffic back to itself. */
function checkNextHop({ network: { cidr: own, egress } }: AzureSettings, issues: Issues): void {
    if (egress.kind !== "firewall" || !contains(cidr(own), cidr(`${egress.nextHop}/32`))) return;
    const words = `${egress.nextHop} is in this network (${own})`;
    issues.add("azure.network.egress.nextHop", words, "give the address of a firewall in a joined network");
}

function checkPools(section: AzureSettings, issues: Issues): void {
    for (const pool of planPools(section)) {
        const { key, role, nodes, machine } = pool;
        checkInitial(pool, issues);
        if (role === "system" && nodes.min === 0) {
            issues.add(`${key}.nodes.min`, "is 0, but AKS needs a system node", "set at least 1, better one a zone");
        }
        if (role === "system" && (machine.cpu < 4 || /^Standard_B/.test(machine.name))) {
            const words = `${machine.name} is burstable or has less than 4 cores, which AKS refuses in a system pool`;
            issues.add(`${key}.machine`, words, "choose one such as Standard_D4ds_v6");
        }
    }
}

function checkSharing({ pools: { gpu } }: AzureSettings, issues: Issues): void {
    if (gpu === undefined) return;
    checkHasGpu(gpu, gpuOffer, issues);
    if (gpu.sharing.kind === "mig") checkScaling(gpu.nodes.min, issues);
    checkSlices(gpu, gpuOffer, issues);
}

/**
 * The scaler imagines the first node of an empty pool from its machine alone, with `nvidia.com/gpu` and no slices: pods that ask for a slice would
 * wait for ever. Once there is a node, it takes that one for a model.
 *
 * @see
 * https://github.com/kubernetes/autoscaler/blob/0d4679d452e1d0e869a17fda57a857cf6d000cf9/cluster-autoscaler/cloudprovider/azure/azure_template.go
 */
function checkScaling(fewest: number, issues: Issues): void {
    if (fewest > 0) return;
    const words =
        "is 0, but AKS's scaler knows no slices of a pool without nodes and would never bring the first one up";
    issues.add("azure.pools.gpu.nodes.min", words, "set at least 1, with initial, or share by turns (timeSliced)");
}

function checkQuota(section: AzureSettings, issues: Issues): void {
    const { coreQuota } = section;
    if (coreQuota === undefined) return;
    const pools = planPools(section);
    const [spot, regular] = [pools.filter(({ role }) => role === "spot"), pools.filter(({ role }) => role !== "spot")];
    checkCores("azure.coreQuota.regular", { quota: coreQuota.regular, pools: regular, mostNodes }, issues);
    checkCores("azure.coreQuota.spot", { quota: coreQuota.spot, pools: spot, mostNodes }, issues);
}
