import { ConfigMap, Secret, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { checksum } from "../foundation/checksum";
import { type ChildOptions, TarsComponent } from "../foundation/component";
import { dataReasons } from "../foundation/dataReasons";
import { type Labels, labelsOf } from "../foundation/labels";
import { masterService, redisMembers, redisPorts, redisReplication } from "../foundation/redisNames";
import type { RedisSentinel as Asked } from "../foundation/redisPlace";
import type { Size, StoredSize } from "../foundation/workloads";
import { createCustomResource } from "../kubernetes/customResource";
import type { Placement, SecretReference } from "../kubernetes/placement";
import type { Inside } from "../kubernetes/trafficPolicies";
import type { RedisOperator } from "./redisOperator";
import { accounts, passwordKey, planReplication, planSentinel, type Role, retentionDays } from "./redisReplicationPlan";
import { createCacheRights } from "./redisRights";

export interface RedisSentinelArgs {
    readonly placement: Placement;
    readonly size: Size | StoredSize;
    readonly asked: Asked;
    readonly password: pulumi.Input<string>;
    /** Generation of the password: a new one restarts all pods with it. */
    readonly passwordGeneration: number;
    /** Seconds that the backend lets an entry live. */
    readonly entrySeconds: number;
    readonly operator: RedisOperator;
}

/**
 * Redis in the cluster, highly available: a pod that writes, others that follow, and sentinels that choose another when it is gone. Callers see one host, which
 * leads to whichever pod writes, so that any client does. For the engine it is the same component as the cache in one pod, so that a stack which changes from
 * one to the other keeps the Secret that its readers name.
 */
export class RedisSentinel extends TarsComponent {
    /** Host and port inside the namespace, of whichever pod writes. */
    readonly endpoint: pulumi.Output<string>;
    /** Where its password is. */
    readonly password: SecretReference;

    constructor(name: string, args: RedisSentinelArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data", "Redis", name, opts);
        const { placement } = args;
        const child = { parent: this, provider: placement.cluster.provider };
        const inside = { namespace: placement.namespace, labels: labelsFor("replication", args) };
        const secret = createSecret(name, args, inside, child);
        const config = createConfig(name, args.asked, inside, child);
        const pods = createAccounts(name, args, child);
        const rights = createCacheRights(name, secret.metadata.name, inside, child);
        const made = { ...args, secret: names.secret, config: names.config };
        const dependsOn = [secret, config, ...pods, rights];
        const replication = createReplication(name, made, inside, { ...child, dependsOn });
        createSentinel(name, made, { ...child, dependsOn: [...dependsOn, replication] });
        // The operator makes the Service with the pods; whoever reads this waits for them.
        this.endpoint = pulumi.output(replication.urn).apply(() => `${masterService}:${redisPorts.redis}`);
        this.password = { namespace: placement.namespace, name: secret.metadata.name, key: passwordKey };
        this.registerOutputs({ endpoint: this.endpoint, password: this.password });
    }
}

/**
 * Without `app`: the operator gives it a value of its own, by which it finds the pods, unless the object has one. And without a version: its Services pick
 * pods by all labels of the object, and would find none until the last pod has the new one.
 *
 * @see https://github.com/OT-CONTAINER-KIT/redis-operator/blob/v0.26.0/internal/k8sutils/services.go (generateServiceDef)
 */
function labelsFor(role: Role, { placement }: Pick<RedisSentinelArgs, "placement">): Labels {
    const { app: _, ...labels } = labelsOf({ name: redisMembers[role], component: "cache" }, placement.ownership);
    return labels;
}

/** Known beforehand, so that whoever judges a first preview knows where the password comes from. */
const names = { secret: "redis-config", config: `${redisReplication}-config` } as const;

function createSecret(
    name: string,
    { password }: RedisSentinelArgs,
    { namespace, labels }: Inside,
    child: ChildOptions,
): Secret {
    const metadata = { name: names.secret, namespace, labels };
    return new Secret(`${name}-config`, { metadata, type: "Opaque", stringData: { [passwordKey]: password } }, child);
}

/** Name of the file that the operator has Redis read at the end of its own lines: internal/agent/bootstrap/redis/config.go. */
const configFile = "redis-additional.conf";

function createConfig(name: string, asked: Asked, { namespace, labels }: Inside, child: ChildOptions): ConfigMap {
    const metadata = { name: names.config, namespace, labels };
    return new ConfigMap(`${name}-lines`, { metadata, data: { [configFile]: planLines(asked) } }, child);
}

/** What the operator leaves to Redis, which would write a snapshot into its folder by itself. How much memory there is, the operator writes. */
export function planLines({ eviction, storageGi }: Pick<Asked, "eviction" | "storageGi">): string {
    const lines = [`maxmemory-policy ${eviction}`, ...(storageGi === undefined ? ['save ""', "appendonly no"] : [])];
    return lines.map((line) => `${line}\n`).join("");
}

/** Of both kinds of pods, by which the mesh tells them apart; they call nobody but each other, so no token is mounted anywhere. */
function createAccounts(name: string, args: RedisSentinelArgs, child: ChildOptions): readonly ServiceAccount[] {
    const { namespace } = args.placement;
    return (["replication", "sentinel"] as const).map((role) => {
        const metadata = { name: accounts[role], namespace, labels: labelsFor(role, args) };
        return new ServiceAccount(`${name}-${role}-pods`, { metadata, automountServiceAccountToken: false }, child);
    });
}

interface Made extends RedisSentinelArgs {
    readonly secret: string;
    readonly config: string;
}

const group = "redis.redis.opstreelabs.in/v1beta2";

const secondsOfDay = 24 * 60 * 60;

/** A pod that is filled from another takes as long as its entries need on their way. */
const readyTimeouts: pulumi.CustomTimeouts = { create: "15m", update: "30m", delete: "10m" };

function createReplication(name: string, made: Made, inside: Inside, child: ChildOptions) {
    const { placement, asked, operator } = made;
    const annotations = {
        // It has no conditions: which pod writes is what it says last.
        "pulumi.com/waitFor": "jsonpath={.status.masterNode}",
        [retentionDays]: `${Math.ceil(made.entrySeconds / secondsOfDay)}`,
        ...dataReasons(placement.cluster, "a cache: what is in it can be computed again"),
        ...planRestarts(made),
        "tars-platform/config-checksum": checksum(planLines(asked)),
    };
    const plan = {
        apiVersion: group,
        kind: "RedisReplication",
        name: redisReplication,
        ...inside,
        annotations,
        spec: planReplication(made),
    };
    const options = { protect: placement.cluster.isGuarded, customTimeouts: readyTimeouts };
    return createCustomResource(`${name}-replication`, plan, operator.operator, { ...child, ...options });
}

function createSentinel(name: string, made: Made, child: ChildOptions): void {
    const { placement, operator } = made;
    const plan = {
        apiVersion: group,
        kind: "RedisSentinel",
        name: redisReplication,
        namespace: placement.namespace,
        labels: labelsFor("sentinel", made),
        annotations: planRestarts(made),
        spec: planSentinel(made),
    };
    createCustomResource(`${name}-sentinel`, plan, operator.operator, child);
}

/** The operator gives annotations to the pods, and a changed one replaces them: they read the password when they start. */
function planRestarts({ passwordGeneration }: Made) {
    return { "tars-platform/password-generation": `${passwordGeneration}` };
}
