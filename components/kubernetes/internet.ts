import type { networking } from "@pulumi/kubernetes/types/input";

/**
 * What is not the Internet: private networks (RFC 1918), addresses shared behind carriers, which clouds also give to pods (RFC 6598), and those that
 * only a machine itself sees, its metadata service (RFC 3927) and Azure's host agent among them.
 *
 * @see https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
 */
const notTheInternet = [
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "100.64.0.0/10",
    "169.254.0.0/16",
    "168.63.129.16/32",
] as const;

/**
 * Lets pods call servers whose addresses nobody can name beforehand, and nothing of the platform's own networks. The pack takes such a policy only
 * where it is listed with the reason (`internetCallers` of NS-05, policy/facts/networks.ts).
 *
 * @param ports TCP ports, of 80 and 443
 */
export function planInternet(ports: readonly (80 | 443)[]): networking.v1.NetworkPolicyEgressRule {
    return {
        to: [{ ipBlock: { cidr: "0.0.0.0/0", except: [...notTheInternet] } }],
        ports: ports.map((port) => ({ protocol: "TCP", port })),
    };
}
