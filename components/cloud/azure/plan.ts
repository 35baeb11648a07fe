import { addressesIn, cidr, formatCidr } from "../../foundation/cidr";
import { planSubnets, type SubnetPlan, type SubnetRequest, type SubnetsPlanned } from "../../foundation/subnets";
import { surgeOf } from "../common/poolSettings";
import { type PoolPlan, planPools as plan } from "../common/pools";
import { machines, nodeAmounts, overlayPods } from "./machines";
import type { AzureSettings } from "./settings";

/**
 * What AKS runs on every node: cilium, azure-cns, azure-ip-masq-agent, cloud-node-manager, the disk and file drivers, and with the switches
 * on Defender's sensor. No page of Azure says what they request; the drivers and the node manager were seen with 110m and 170Mi together,
 * and this allowance of ours is several times that.
 */
const daemons = { pods: 8, cpu: "500m", memory: "800Mi" } as const;

/**
 * AKS puts this taint on spot nodes.
 *
 * @see https://learn.microsoft.com/azure/aks/spot-node-pool
 */
const spotTaint = { key: "kubernetes.azure.com/scalesetpriority", value: "spot", effect: "NoSchedule" } as const;

/**
 * AKS installs the driver and cuts slices, but the device plugin is the platform's: docs/adr/0009-nvidia-device-plugin.md.
 *
 * @see https://learn.microsoft.com/azure/aks/use-nvidia-gpu
 */
const gpuNodes = { devicePlugin: "daemonSet", migStrategy: "mixed" } as const;

export function planPools({ pools, zones }: Pick<AzureSettings, "pools" | "zones">): readonly PoolPlan[] {
    const catalogue = { machines, nodeAmounts, maxPods: () => overlayPods, daemons, spotTaint, gpuNodes };
    return plan("azure", { settings: pools, zones: zones.length, catalogue });
}

/** Nodes of a pool that there can be at once: its maximum, and those that an upgrade makes ahead of the old ones. */
export function mostNodes(pool: Pick<PoolPlan, "nodes" | "maxSurge">): number {
    return pool.nodes.max + surgeOf(pool);
}

export function mostNodesOf(pools: readonly PoolPlan[]): number {
    return pools.reduce((sum, pool) => sum + mostNodes(pool), 0);
}

/** What the subnets of a network are for. */
const subnetPurposes = ["apiServer", "balancers", "endpoints", "gateways", "nodes"] as const;
export type SubnetPurpose = (typeof subnetPurposes)[number];

/** What the subnets are called. */
export const subnetNames = {
    apiServer: "api-server",
    balancers: "balancers",
    endpoints: "endpoints",
    gateways: "gateways",
    nodes: "nodes",
} as const satisfies Readonly<Record<SubnetPurpose, string>>;

/** Subnets by purpose. Balancers have one only where the gateway's own load balancer must be at an address that is known beforehand. */
export type BySubnet<Kind> = Readonly<Record<Exclude<SubnetPurpose, "balancers">, Kind>> & {
    readonly balancers: Kind | undefined;
};

/**
 * Azure keeps five addresses of each subnet and takes none smaller than /29. Subnets span the zones of a region.
 *
 * @see https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq
 */
const subnetRules = { kept: 5, longestPrefix: 29, zoneSlots: 0 } as const;

/** Addresses for internal load balancers beside the nodes. */
const loadBalancers = 64;

/**
 * The subnets of a network. The nodes come last, and in no less than a /22: only their number grows with the pools, and a larger subnet at
 * the end moves no other.
 *
 * Sizes: an API server keeps at least nine addresses of a /28 or larger (https://learn.microsoft.com/azure/aks/api-server-vnet-integration);
 * an application gateway wants a /24 (https://learn.microsoft.com/azure/application-gateway/configuration-infrastructure). Pods have
 * addresses of their own, outside the network. Internal load balancers behind a firewall take of the room between the API server and the
 * endpoints, which are aligned to their size: that subnet comes and goes without moving another.
 */
export function planNetwork(section: AzureSettings): SubnetsPlanned {
    const addresses = {
        apiServer: 27,
        balancers: 11,
        endpoints: 123,
        gateways: 251,
        nodes: Math.max(1019, mostNodesOf(planPools(section)) + loadBalancers),
    } as const satisfies Record<SubnetPurpose, number>;
    const purposes = subnetPurposes.filter((name) => name !== "balancers" || section.firewall !== undefined);
    const requests: readonly SubnetRequest[] = purposes.map((name) => ({
        name,
        addresses: addresses[name],
        zonal: false,
    }));
    return planSubnets(section.network.cidr, [], requests, subnetRules);
}

/** The subnets. @throws RangeError when they do not fit, which the settings refuse beforehand */
export function plannedSubnets(section: AzureSettings): readonly SubnetPlan[] {
    const planned = planNetwork(section);
    if (!planned.fits) throw new RangeError(`subnets of ${planned.needed} addresses in ${planned.available}`);
    return planned.subnets;
}

/** The range of one of them. @throws RangeError when it is not there */
export function rangeIn(subnets: readonly SubnetPlan[], purpose: SubnetPurpose): string {
    const found = subnets.find(({ name }) => name === purpose);
    if (found === undefined) throw new RangeError(`no subnet for ${purpose} among ${subnetPurposes.join(", ")}`);
    return found.cidr;
}

/**
 * Address of the gateway's own load balancer, where it must be known beforehand: the first that Azure leaves to whoever has the subnet. Among
 * the nodes it could be taken, as Azure gives them any address that is free.
 *
 * @see https://learn.microsoft.com/azure/virtual-network/ip-services/private-ip-addresses#allocation-method
 */
export function gatewayAddress(section: AzureSettings): string {
    const { first } = cidr(rangeIn(plannedSubnets(section), "balancers"));
    return formatCidr({ first: first + keptAtStart, prefix: 32 }).replace(/\/32$/, "");
}

/** Azure keeps the first four addresses of a subnet, and the last. */
const keptAtStart = 4;

/**
 * Nodes that a range of pods has room for: Azure CNI overlay gives each of them a /24.
 *
 * @see https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay#ip-address-planning
 */
export function nodesInPodRange(range: string): number {
    return Math.floor(addressesIn(cidr(range)) / addressesIn({ prefix: 24 }));
}

/** Address of the cluster's name server: the tenth of the services, as in AKS's own default (10.0.0.10 of 10.0.0.0/16). */
export function nameServerOf(serviceRange: string): string {
    return formatCidr({ first: cidr(serviceRange).first + 10, prefix: 32 }).replace(/\/32$/, "");
}
