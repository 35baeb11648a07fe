import { cidr } from "../../foundation/cidr";
import { planSubnets, type SubnetRequest, type SubnetsPlanned } from "../../foundation/subnets";
import { surgeOf } from "../common/poolSettings";
import { type PoolPlan, planPools as plan } from "../common/pools";
import { machines, nodeAmounts, podsWithPrefixes } from "./machines";
import type { AwsSettings } from "./settings";

/**
 * What EKS runs on every node: vpc-cni (25m and its network policy agent 25m), kube-proxy (100m), the EBS driver (three containers of
 * 10m and 40Mi) and the Pod Identity agent, which requests nothing.
 *
 * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/master/charts/aws-vpc-cni/values.yaml
 * @see https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/charts/aws-ebs-csi-driver/values.yaml
 */
const daemons = { pods: 4, cpu: "180m", memory: "120Mi" } as const;

/** EKS puts no taint on spot nodes by itself. */
const spotTaint = { key: "node-type", value: "spot", effect: "NoSchedule" } as const;

/** Nodes with GPUs are Bottlerocket: `nodeImages.ts`. */
const gpuNodes = { devicePlugin: "nodeImage", migStrategy: "single" } as const;

export function planPools({ pools, zones }: Pick<AwsSettings, "pools" | "zones">): readonly PoolPlan[] {
    const catalogue = { machines, nodeAmounts, maxPods: podsWithPrefixes, daemons, spotTaint, gpuNodes };
    return plan("aws", { settings: pools, zones: zones.length, catalogue });
}

/**
 * Addresses that a node takes with prefix delegation: whole prefixes of 16 for its pods, one more that is kept warm, and those of its
 * network interfaces themselves, of which no machine of the table has more than 15.
 *
 * @see https://docs.aws.amazon.com/eks/latest/best-practices/prefix-mode-linux.html
 */
export function addressesOfNode({ machine }: Pick<PoolPlan, "machine">): number {
    const [prefix, warm, interfaces] = [16, 1, 15];
    return prefix * (Math.ceil(podsWithPrefixes(machine) / prefix) + warm) + interfaces;
}

/**
 * How EKS replaces the nodes of a pool. GPUs are dear and scarce, so their old nodes go before new ones come; all others do with new nodes first.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/managed-node-update-behavior.html
 */
export function upgradeOf({ role, maxSurge }: Pick<PoolPlan, "role" | "maxSurge">) {
    const maxUnavailablePercentage = Number.parseInt(maxSurge, 10);
    return role === "gpu" ? { maxUnavailablePercentage, updateStrategy: "MINIMAL" } : { maxUnavailablePercentage };
}

/**
 * Nodes of a pool at its maximum and in the middle of an upgrade, for which EKS makes the group larger by two nodes a zone or by as many as
 * may be replaced at a time, whichever is more.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/managed-node-update-behavior.html (scale up phase)
 */
export function mostNodes(pool: PoolPlan): number {
    const { updateStrategy } = { updateStrategy: "DEFAULT", ...upgradeOf(pool) };
    if (updateStrategy === "MINIMAL") return pool.nodes.max;
    return pool.nodes.max + Math.max(2 * pool.zones, surgeOf(pool));
}

export function mostNodesOf(pools: readonly PoolPlan[]): number {
    return pools.reduce((sum, pool) => sum + mostNodes(pool), 0);
}

/**
 * Addresses that nodes and endpoints take in one zone at most: every pool at its maximum and in the middle of an upgrade, while one of three
 * zones is lost. VPC endpoints stand among the nodes, with one address each.
 */
export function addressesOfZone(pools: readonly PoolPlan[]): number {
    const zonesLeft = 2;
    const perPool = pools.map((pool) => Math.ceil(mostNodes(pool) / zonesLeft) * addressesOfNode(pool));
    return perPool.reduce((sum, addresses) => sum + addresses, Number(interfaceEndpoints.length));
}

/** What stands at the edge, what keeps data, and where nodes and pods are. */
export const subnetPurposes = ["public", "data", "nodes"] as const;
export type SubnetPurpose = (typeof subnetPurposes)[number];

/** @see https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html (five addresses are AWS's, a subnet is at least a /28) */
const subnetRules = { kept: 5, longestPrefix: 28, zoneSlots: 4 } as const;

/** Addresses that a subnet has for hosts, where subnets of this purpose are the network's 2^`parts`th part each. */
function addressesIn({ network }: AwsSettings, parts: number): number {
    return 2 ** (32 - cidr(network.cidr).prefix - parts) - subnetRules.kept;
}

/** Addresses that the nodes of one zone have. */
export function roomOfZone(section: AwsSettings): number {
    return addressesIn(section, 3);
}

/**
 * A subnet for every purpose in each zone. Their sizes depend on the network's alone, so that no pool ever moves one: an eighth for the nodes
 * of a zone, which leaves half of the network for what may come, as there is room for four zones.
 */
export function planNetwork(section: AwsSettings): SubnetsPlanned {
    const edge = addressesIn(section, 8);
    const requests: readonly SubnetRequest[] = [
        { name: "public", addresses: edge, zonal: true },
        { name: "data", addresses: edge, zonal: true },
        { name: "nodes", addresses: roomOfZone(section), zonal: true },
    ];
    return planSubnets(section.network.cidr, section.zones, requests, subnetRules);
}

/** Blocks of addresses that a server of the cloud may have: those of the subnets for data. */
export function dataRanges(section: AwsSettings): readonly string[] {
    const planned = planNetwork(section);
    if (!planned.fits) throw new RangeError("subnets that do not fit passed the check");
    return planned.subnets.flatMap(({ name, cidr }) => (name === "data" ? [cidr] : []));
}

/** Services that the nodes reach without leaving the network; S3 has an endpoint of its own kind. */
export const interfaceEndpoints = [
    "ecr.api",
    "ecr.dkr",
    "sts",
    "ec2",
    "autoscaling",
    "elasticloadbalancing",
    "eks",
    "eks-auth",
    "logs",
    "kms",
    "secretsmanager",
] as const;
