import { RecordSet } from "@pulumi/azure-native/dns";
import { Endpoint, Profile } from "@pulumi/azure-native/trafficmanager";
import type * as pulumi from "@pulumi/pulumi";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import type { Settings } from "../../settings/schema";
import type { Site } from "./site";
import { profileName, type ReachedZone, relativeName } from "./zone";

export interface TrafficManagerArgs {
    readonly site: Site;
    readonly zone: ReachedZone;
    /** Which of two stacks this one is. */
    readonly failover: NonNullable<Settings["edge"]["failover"]>;
    /** Hosts of the zone that both stacks answer for. */
    readonly hosts: readonly string[];
}

/**
 * Traffic Manager calls both stacks from outside, each by its own name, and answers for the hosts that they have in common with the primary's name
 * while that answers. The profile and the hosts' records are the primary's; each stack puts itself into the profile.
 *
 * @see https://learn.microsoft.com/azure/traffic-manager/traffic-manager-routing-methods#priority-traffic-routing-method
 */
export class TrafficManager extends TarsComponent {
    constructor(
        name: string,
        args: TrafficManagerArgs,
        opts: pulumi.ComponentResourceOptions & Pick<ChildOptions, "provider">,
    ) {
        super("cloud", "TrafficManager", name, opts);
        const child = { parent: this, provider: opts.provider };
        const profiles = args.failover.role === "primary" ? [createProfile(name, args, child)] : [];
        const endpoint = createEndpoint(name, args, { ...child, dependsOn: profiles });
        // A host leads to the profile only while there is somebody in it.
        for (const profile of profiles) createRecords(name, args, profile, { ...child, dependsOn: [endpoint] });
        this.registerOutputs({});
    }
}

/**
 * What routes of the hosts in common carry: ExternalDNS ignores a route of any controller but `dns-controller`, and so writes no record of theirs.
 *
 * @see https://github.com/kubernetes-sigs/external-dns/blob/v0.21.0/docs/annotations/annotations.md#external-dnsalphakubernetesiocontroller
 * @see https://github.com/kubernetes-sigs/external-dns/blob/v0.21.0/source/annotations/processors.go (IsControllerMismatch)
 */
export const leftToTrafficManager = { "external-dns.alpha.kubernetes.io/controller": "traffic-manager" } as const;

/**
 * Every 30 seconds, with ten to answer; after the fourth failure in a row a stack is unhealthy. Those are Azure's own defaults. It calls without TLS
 * and takes the redirect to HTTPS, which it does not follow, for an answer, and no other: that is all that the gateway says to plain requests.
 * With TLS it would have to speak 1.3 and name the host, as the gateway asks of all; of its probes neither is documented ("1.2 or later").
 *
 * @see https://learn.microsoft.com/azure/traffic-manager/traffic-manager-monitoring#configure-endpoint-monitoring
 * @see https://learn.microsoft.com/azure/traffic-manager/traffic-manager-faqs (host header, versions of TLS)
 */
const monitorConfig = {
    protocol: "HTTP",
    port: 80,
    path: "/health",
    intervalInSeconds: 30,
    timeoutInSeconds: 10,
    toleratedNumberOfFailures: 3,
    expectedStatusCodeRanges: [{ min: 301, max: 301 }],
} as const;

/**
 * Seconds that callers keep an answer: a fifth of the usual, because nobody moves before it is over. Less would bring more queries, each of which costs.
 *
 * @see https://learn.microsoft.com/azure/traffic-manager/traffic-manager-performance-considerations (300 by default)
 * @see https://learn.microsoft.com/azure/traffic-manager/traffic-manager-faqs#what-is-dns-ttl-and-how-does-it-impact-my-users
 */
const ttl = 60;

function createProfile(name: string, { site: { tags }, zone }: TrafficManagerArgs, child: ChildOptions): Profile {
    const profile = profileName(zone.place);
    return new Profile(
        `${name}-profile`,
        {
            resourceGroupName: zone.group.name,
            profileName: profile,
            location: "global",
            tags,
            trafficRoutingMethod: "Priority",
            dnsConfig: { relativeName: profile, ttl },
            monitorConfig: {
                ...monitorConfig,
                expectedStatusCodeRanges: [...monitorConfig.expectedStatusCodeRanges],
            },
        },
        child,
    );
}

/** Lower comes first. */
const priorities = { primary: 1, secondary: 2 } as const satisfies Readonly<
    Record<TrafficManagerArgs["failover"]["role"], number>
>;

/** Whether it is enabled stays unsaid: it is disabled by hand to send callers to the other stack. */
function createEndpoint(name: string, { zone, failover }: TrafficManagerArgs, child: ChildOptions): Endpoint {
    const { role, name: target } = failover;
    return new Endpoint(
        `${name}-endpoint`,
        {
            resourceGroupName: zone.group.name,
            profileName: profileName(zone.place),
            endpointType: "ExternalEndpoints",
            endpointName: role,
            target,
            priority: priorities[role],
        },
        child,
    );
}

/** @see https://learn.microsoft.com/azure/dns/dns-alias */
function createRecords(name: string, args: TrafficManagerArgs, { id }: Profile, child: ChildOptions): void {
    const { group, name: zoneName, place } = args.zone;
    for (const host of args.hosts) {
        new RecordSet(
            `${name}-host-${host}`,
            {
                resourceGroupName: group.name,
                zoneName,
                recordType: "CNAME",
                relativeRecordSetName: relativeName(host, place.zone),
                ttl,
                targetResource: { id },
            },
            child,
        );
    }
}
