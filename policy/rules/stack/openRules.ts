import { all, any } from "../../reading/answers";
import { absent, type Read, undecided, type Value } from "../../reading/value";
import { selectsAll } from "../../resources/selectors";

/** Half of all ports: rules that let this many through name no ports worth the name. */
const mostPorts = 32_768;

/**
 * Shares of the address space from which on blocks of addresses count as everyone. The two halves of IPv4 reach as far as 0.0.0.0/0,
 * and 2000::/3 is the whole public IPv6 network.
 */
const mostAddresses = { v4: 1 / 2, v6: 1 / 8 } as const;

interface Rule {
    /** Whether it lets (nearly) every port through. */
    readonly ports: Read<boolean>;
    readonly peers: Value;
}

/** Whether the `ingress` or `egress` rules of a NetworkPolicy let everything through: any peer at (nearly) any port. */
export function letEverythingThrough(rules: Value, peers: "from" | "to"): Read<boolean> {
    if (rules.isSet && !rules.isList) return undecided;
    const each: readonly Rule[] = rules
        .items()
        .map((rule) => ({ ports: openPorts(rule.get("ports")), peers: rule.get(peers) }));
    // Rules add up, so that blocks of addresses may be spread over several of them.
    const wide = each.filter(({ ports }) => ports !== false);
    const addresses = wide.flatMap(({ peers: named }) => named.items());
    return any([
        ...each.map((rule) => all([rule.ports, openPeers(rule.peers)])),
        all([all(wide.map(({ ports }) => ports)), mostAddressesIn(addresses)]),
    ]);
}

/** No list and an empty one are every port. */
function openPorts(ports: Value): Read<boolean> {
    if (ports.isSet && !ports.isList) return undecided;
    if (ports.items().length === 0) return true;
    const counts = ports.items().map(portsIn);
    const known = counts.filter((count) => typeof count === "number");
    if (known.reduce((sum, count) => sum + count, 0) >= mostPorts) return true;
    return known.length === counts.length ? false : undecided;
}

function portsIn(entry: Value): Read<number> {
    const port = entry.get("port");
    if (!port.isSet) return entry.mapping() === undecided ? undecided : Number.POSITIVE_INFINITY;
    const first = port.quantity(); // a number, or the name of one port
    const last = entry.get("endPort").number();
    if (typeof first !== "string" || last === undecided) return undecided;
    return last === absent ? 1 : last - Number(first) + 1;
}

/** No list and an empty one are everyone. */
function openPeers(peers: Value): Read<boolean> {
    if (peers.isSet && !peers.isList) return undecided;
    return peers.items().length === 0 ? true : any(peers.items().map(isEveryPod));
}

/** An empty podSelector by itself is the policy's own namespace; with an empty namespaceSelector it is the whole cluster. */
function isEveryPod(peer: Value): Read<boolean> {
    if (peer.mapping() === undecided) return undecided;
    if (peer.get("ipBlock").isSet) return false;
    const [namespaces, pods] = [peer.get("namespaceSelector"), peer.get("podSelector")];
    if (!namespaces.isSet) return !pods.isSet;
    return all([selectsAll(namespaces), selectsAll(pods)]);
}

/** Whether blocks of addresses are most of an address family. What they except is not asked: all but a few is no default-deny. */
function mostAddressesIn(peers: readonly Value[]): Read<boolean> {
    const blocks = peers.map((peer) => peer.get("ipBlock")).filter((block) => block.isSet);
    const cidrs = blocks.map((block) => block.get("cidr").text());
    const known = [...new Set(cidrs)].filter((cidr) => typeof cidr === "string");
    const share = (family: readonly string[]): number =>
        family.reduce((sum, cidr) => sum + 2 ** -Number(cidr.split("/")[1] ?? Number.POSITIVE_INFINITY), 0);
    const [v6, v4] = [known.filter((cidr) => cidr.includes(":")), known.filter((cidr) => !cidr.includes(":"))];
    if (share(v4) >= mostAddresses.v4 || share(v6) >= mostAddresses.v6) return true;
    return cidrs.includes(undecided) ? undecided : false;
}
