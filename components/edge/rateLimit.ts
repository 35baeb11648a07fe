import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";
import { checksum } from "../foundation/checksum";
import { type ChildOptions, TarsComponent } from "../foundation/component";
import { labelsOf } from "../foundation/labels";
import type { Size } from "../foundation/workloads";
import { images } from "../kubernetes/images";
import type { Placement, SecretReference } from "../kubernetes/placement";
import { Workload } from "../kubernetes/workload";
import { type AddressLimit, planLimits } from "./limits";

/** The Redis that counts for all pods of the service, called `counters`. */
export interface Counters {
    readonly password: SecretReference;
    /** Generation of the password: a new one restarts the service with it. */
    readonly passwordGeneration: number;
}

export interface RateLimitArgs {
    readonly placement: Placement;
    readonly size: Size;
    readonly limit: AddressLimit;
    readonly counters: Counters;
}

/** Names of the service's objects, and of those of the Redis that has its counters. */
export const rateLimitName = "ratelimit";
export const countersName = "counters";

/** Folder that the service looks for its configuration in, below the other two. */
const folders = { root: "/data", subdirectory: "ratelimit", configuration: "/data/ratelimit/config" } as const;

/** Envoy's rate limit service: tells the gateway whether an address has made too many requests, all of the gateway's pods together. */
export class RateLimit extends TarsComponent {
    /** Name of the service, which answers gRPC. */
    readonly serviceName: pulumi.Output<string>;

    constructor(name: string, args: RateLimitArgs, opts?: pulumi.ComponentResourceOptions) {
        super("edge", "RateLimit", name, opts);
        const configuration = JSON.stringify(planLimits(args.limit), null, 2);
        const child = { parent: this, provider: args.placement.cluster.provider };
        const configMap = createConfig(name, args.placement, configuration, child);
        this.serviceName = new Workload(name, planWorkload(args, configMap, configuration), {
            parent: this,
        }).serviceName;
        this.registerOutputs({ serviceName: this.serviceName });
    }
}

function createConfig(
    name: string,
    { namespace, ownership }: Placement,
    configuration: string,
    child: ChildOptions,
): ConfigMap {
    const labels = labelsOf({ name: rateLimitName, component: "edge" }, ownership);
    const metadata = { name: `${rateLimitName}-config`, namespace, labels };
    return new ConfigMap(`${name}-config`, { metadata, data: { "config.yaml": configuration } }, child);
}

function planWorkload({ placement, size, counters }: RateLimitArgs, configMap: ConfigMap, configuration: string) {
    return {
        placement,
        name: rateLimitName,
        component: "edge",
        priority: "serving",
        kind: { kind: "autoscaled", targetCpuPercent: 70 },
        image: images.rateLimit,
        size,
        // The image has no entry point.
        arguments: ["/bin/ratelimit"],
        environment: planEnvironment(counters),
        configFolders: { [folders.configuration]: configMap.metadata.name },
        annotations: { "tars-platform/config-checksum": checksum(configuration, counters.passwordGeneration) },
    } as const;
}

/** @see https://github.com/envoyproxy/ratelimit/blob/30a4ce1a/src/settings/settings.go */
function planEnvironment({ password }: Counters) {
    const plain = {
        LOG_LEVEL: "WARN",
        RUNTIME_ROOT: folders.root,
        RUNTIME_SUBDIRECTORY: folders.subdirectory,
        // A changed configuration comes with new pods. Mounted folders have links that begin with a dot.
        RUNTIME_WATCH_ROOT: "false",
        RUNTIME_IGNOREDOTFILES: "true",
        HEALTHY_WITH_AT_LEAST_ONE_CONFIG_LOADED: "true",
        REDIS_SOCKET_TYPE: "tcp",
        REDIS_URL: `${countersName}:${images.redis.ports.redis}`,
    };
    return [
        ...Object.entries(plain).map(([name, value]) => ({ name, value })),
        { name: "REDIS_AUTH", valueFrom: { secretKeyRef: { name: password.name, key: password.key } } },
    ];
}
