import type { Exposure } from "../../settings/edge";
import type { Entrance, FrontBalancer } from "../contract";
import { planNetwork } from "./plan";
import type { AwsSettings } from "./settings";

const schemes = { public: "internet-facing", internal: "internal" } as const satisfies Readonly<
    Record<Exposure, string>
>;

/**
 * A network load balancer that leads straight to the gateway's pods. It calls them with addresses of its own and writes the caller's before
 * each connection (PROXY protocol): so nothing but the network itself reaches nodes and pods, whoever may come to the balancer.
 *
 * Annotations: docs/guide/service/annotations.md of kubernetes-sigs/aws-load-balancer-controller at v3.5.0.
 */
export function entranceOf({ network }: AwsSettings, exposure: Exposure): Entrance {
    const annotations = {
        type: "external",
        "nlb-target-type": "ip",
        scheme: schemes[exposure],
        "proxy-protocol": "*",
        "target-group-attributes": "preserve_client_ip.enabled=false",
        attributes: "load_balancing.cross_zone.enabled=true",
    };
    return {
        annotations: Object.fromEntries(
            Object.entries(annotations).map(([key, value]) => [
                `service.beta.kubernetes.io/aws-load-balancer-${key}`,
                value,
            ]),
        ),
        externalTrafficPolicy: "Cluster",
        clientAddress: "proxyProtocol",
        trustedHops: 0,
        clients: [network.cidr],
        front: undefined,
    };
}

/**
 * A load balancer of the application layer calls the pods from the public subnets, and nobody else does: no pod gets around the firewall. It
 * adds who called it to X-Forwarded-For, at the right end; what stands left of that the caller wrote.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html
 */
export function entranceBehind(front: FrontBalancer, section: AwsSettings): Entrance {
    const planned = planNetwork(section);
    const subnets = planned.fits ? planned.subnets.filter(({ name }) => name === "public") : [];
    return {
        annotations: {},
        externalTrafficPolicy: "Cluster",
        clientAddress: "preserved",
        trustedHops: 1,
        clients: subnets.map(({ cidr }) => cidr),
        front,
    };
}
