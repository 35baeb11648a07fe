import { type Cidr, cidr, contains, formatCidr, overlap } from "./cidr";
import type { Issues } from "./issues";

/**
 * Ranges that private networks may use. EKS takes service addresses of no others.
 *
 * @see https://www.rfc-editor.org/rfc/rfc1918
 * @see https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html
 */
export const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"] as const;

/** Every IPv4 address. */
export const everywhere = "0.0.0.0/0";

/** Where EKS's pod identity agent gives out credentials, on each node. @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html */
export const credentialsAddress = "169.254.170.23/32";

/** A range of addresses that a stack uses or reaches. */
export interface AddressRange {
    /** Where it is set, as the stack file says it. */
    readonly key: string;
    readonly cidr: string;
    /**
     * True where other networks reach it: a VNet, a VPC, a peer, an on-premises network, pods with addresses of the network's own.
     * False where it exists inside one cluster only: overlay pods, service IPs.
     */
    readonly routed: boolean;
}

/** Adds each pair of ranges that share an address. Clusters of other stacks may use the same unrouted ranges: those are not passed here. */
export function checkDisjoint(ranges: readonly AddressRange[], issues: Issues): void {
    ranges.forEach((range, index) => {
        for (const earlier of ranges.slice(0, index)) {
            if (!overlap(cidr(range.cidr), cidr(earlier.cidr))) continue;
            const shared = formatCidr(smaller(cidr(range.cidr), cidr(earlier.cidr)));
            const problem = `${range.cidr} shares ${shared} with ${earlier.key} (${earlier.cidr})`;
            issues.add(range.key, problem, "choose a range of its own");
        }
    });
}

/** Two ranges that overlap lie one within the other: both begin at a multiple of their size. */
function smaller(a: Cidr, b: Cidr): Cidr {
    return contains(a, b) ? b : a;
}

/** The ranges of this stack beside the routed ones of others: what may never overlap. */
export function rangesBeside(own: readonly AddressRange[], others: readonly AddressRange[]): readonly AddressRange[] {
    return [...others.filter(({ routed }) => routed), ...own];
}
