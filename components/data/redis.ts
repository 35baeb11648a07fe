import { Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { type ChildOptions, TarsComponent } from "../foundation/component";
import { labelsOf } from "../foundation/labels";
import { bytes } from "../foundation/quantities";
import type { Size } from "../foundation/workloads";
import { images } from "../kubernetes/images";
import type { Placement, SecretReference } from "../kubernetes/placement";
import { Workload } from "../kubernetes/workload";

export interface RedisArgs {
    readonly placement: Placement;
    readonly size: Size;
    readonly password: pulumi.Input<string>;
    /** Generation of the password: a new one restarts the cache with it. */
    readonly passwordGeneration: number;
    /**
     * Name of its objects, where it is not the cache of the platform.
     * @default "redis"
     */
    readonly called?: string;
}

/** Where the cache answers inside the namespace. */
export const redisAddress = { host: "redis", port: images.redis.ports.redis } as const;

const configFolder = "/run/secrets/redis";

/** Redis as a cache: what it holds can be computed again, so nothing is kept on disk and old entries make room for new ones. */
export class Redis extends TarsComponent {
    /** Host and port inside the namespace, known once it answers. */
    readonly endpoint: pulumi.Output<string>;
    /** Where its password is. */
    readonly password: SecretReference;

    constructor(name: string, args: RedisArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data", "Redis", name, opts);
        const cache = { called: redisAddress.host, ...args };
        const secret = createConfig(name, cache, { parent: this, provider: args.placement.cluster.provider });
        const { serviceName } = new Workload(name, planWorkload(cache, secret), { parent: this });
        this.endpoint = pulumi.interpolate`${serviceName}:${redisAddress.port}`;
        this.password = { namespace: args.placement.namespace, name: secret.metadata.name, key: "password" };
        this.registerOutputs({ endpoint: this.endpoint, password: this.password });
    }
}

function createConfig(name: string, args: Required<RedisArgs>, child: ChildOptions): Secret {
    const { placement, size, password, called } = args;
    const labels = labelsOf({ name: called, component: "cache" }, placement.ownership);
    const metadata = { name: `${called}-config`, namespace: placement.namespace, labels };
    const stringData = { password, "redis.conf": pulumi.interpolate`${planConfig(size)}requirepass ${password}\n` };
    return new Secret(`${name}-config`, { metadata, type: "Opaque", stringData }, child);
}

/** Entries may fill three quarters of the memory limit: the rest is for connections, fragmentation and the program itself. */
export function planConfig({ limits }: Size): string {
    const lines = [
        `maxmemory ${Math.floor((bytes(limits.memory) * 3) / 4)}`,
        "maxmemory-policy allkeys-lru",
        'save ""',
        "appendonly no",
        "dir /data",
    ];
    return lines.map((line) => `${line}\n`).join("");
}

function planWorkload({ placement, size, passwordGeneration, called }: Required<RedisArgs>, secret: Secret) {
    const passwordRef = { secretKeyRef: { name: secret.metadata.name, key: "password" } };
    return {
        placement,
        name: called,
        component: "cache",
        priority: "data",
        kind: { kind: "stateless" },
        image: images.redis,
        size,
        arguments: ["redis-server", `${configFolder}/redis.conf`],
        // For redis-cli in the probe.
        environment: [{ name: "REDISCLI_AUTH", valueFrom: passwordRef }],
        secretFolders: { [configFolder]: secret.metadata.name },
        annotations: { "tars-platform/password-generation": `${passwordGeneration}` },
    } as const;
}
