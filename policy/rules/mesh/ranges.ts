import { type Block, blockOf } from "../../reading/cidr";
import { absent, type Value } from "../../reading/value";
import { keyOf } from "../../resources/kind";
import type { Stack } from "../../resources/stack";
import type { Subject } from "../../resources/subject";

/**
 * Addresses that a resource takes: of a network, of a part of one, or of what exists inside one cluster only, overlay pods and service
 * IPs, which no other network ever sees.
 */
export interface Range {
    readonly subject: Subject;
    readonly path: string;
    readonly text: string;
    readonly role: "network" | "subnet" | "unrouted";
    /** Undefined for what is no IPv4 range. */
    readonly block: Block | undefined;
}

type Read = (object: Value) => readonly Found[];

interface Found {
    readonly place: Value;
    /** What the cloud takes where the place says nothing. @default nothing */
    readonly usual?: readonly string[];
}

const one =
    (...keys: readonly string[]): Read =>
    (object) => [{ place: object.get(...keys) }];

/** Where each kind says its addresses. */
const sources: Readonly<Record<string, { readonly role: Range["role"]; readonly read: Read }>> = {
    "aws:ec2/Vpc": { role: "network", read: one("cidrBlock") },
    "aws:ec2/VpcIpv4CidrBlockAssociation": { role: "network", read: one("cidrBlock") },
    "azure-native:network/VirtualNetwork": { role: "network", read: one("addressSpace", "addressPrefixes") },
    "aws:ec2/Subnet": { role: "subnet", read: one("cidrBlock") },
    "azure-native:network/Subnet": {
        role: "subnet",
        read: (object) => [{ place: object.get("addressPrefix") }, { place: object.get("addressPrefixes") }],
    },
    "eks:index/Cluster": { role: "unrouted", read: (object) => [ofEks(object.get("kubernetesServiceIpAddressRange"))] },
    "aws:eks/Cluster": {
        role: "unrouted",
        read: (object) => [ofEks(object.get("kubernetesNetworkConfig", "serviceIpv4Cidr"))],
    },
    "azure-native:containerservice/ManagedCluster": {
        role: "unrouted",
        read: (object) => ofAks(object.get("networkProfile")),
    },
};

export const rangeKinds: readonly string[] = Object.keys(sources);

/** EKS takes one of two. @see https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html */
function ofEks(place: Value): Found {
    return { place, usual: ["10.100.0.0/16", "172.20.0.0/16"] };
}

/**
 * Pods have a range of their own in an overlay and with kubenet; else they have addresses of their subnet.
 *
 * @see https://learn.microsoft.com/azure/aks/azure-cni-overlay and https://learn.microsoft.com/azure/aks/configure-kubenet (defaults)
 */
function ofAks(profile: Value): readonly Found[] {
    const mode = profile.get("networkPluginMode").text();
    const isOverlay = mode === "overlay" || profile.get("networkPlugin").text() === "kubenet";
    const pair = (single: string, list: string, usual: readonly string[]): readonly Found[] =>
        profile.get(list).isSet ? [{ place: profile.get(list) }] : [{ place: profile.get(single), usual }];
    return [
        ...pair("serviceCidr", "serviceCidrs", ["10.0.0.0/16"]),
        ...pair("podCidr", "podCidrs", isOverlay ? ["10.244.0.0/16"] : []),
    ];
}

/** Every range of a stack. What is not known is noted; ranges of IPv6 are the cloud's own and never clash. */
export function rangesOf(stack: Stack): readonly Range[] {
    return stack.of(...rangeKinds).flatMap((subject) => {
        const source = sources[keyOf(subject.kind)];
        if (!source) return [];
        return source.read(subject.object).flatMap(({ place, usual = [] }) =>
            textsOf(place, usual)
                .filter(({ text }) => !text.includes(":"))
                .map((each) => ({ subject, role: source.role, block: blockOf(each.text), ...each })),
        );
    });
}

interface Text {
    readonly path: string;
    readonly text: string;
}

function textsOf(place: Value, usual: readonly string[]): readonly Text[] {
    if (place.isList) return place.items().flatMap((item) => textsOf(item, []));
    const text = place.text();
    if (text === absent) return usual.map((each) => ({ path: place.path, text: each }));
    return typeof text === "string" ? [{ path: place.path, text }] : [];
}
