import type * as pulumi from "@pulumi/pulumi";
import type { ClusterHandle } from "../cloud/contract";
import { TarsComponent } from "../foundation/component";
import { demandAtPeak } from "../foundation/demand";
import { labelsOf, selectorOf } from "../foundation/labels";
import { hbonePort, type MeshMode } from "../foundation/mesh";
import { redisMembers, redisOperator, redisPorts } from "../foundation/redisNames";
import { redisOperatorSize } from "../foundation/redisSizes";
import { createOperatorBudget } from "../kubernetes/budget";
import { createChart } from "../kubernetes/chart";
import type { Operator } from "../kubernetes/customResource";
import { createDefinitions } from "../kubernetes/definitions";
import { TenantNamespace } from "../kubernetes/namespace";
import { planQuota } from "../kubernetes/quota";
import type { SystemPlace } from "../kubernetes/systemPlace";
import {
    fromMonitoring,
    inNamespace,
    planCallers,
    planCalls,
    type TrafficPolicy,
    tcp,
    toApiServer,
} from "../kubernetes/traffic";
import { createTraffic } from "../kubernetes/trafficPolicies";
import { chartVersion, metricsPort, planValues, release } from "./redisOperatorValues";
import { createOperatorAccount } from "./redisRights";

export interface RedisOperatorArgs {
    readonly place: SystemPlace;
    /** Namespace whose objects it acts on. */
    readonly watched: string;
    readonly mesh: MeshMode;
}

/**
 * OT-CONTAINER-KIT's operator, which runs Redis as several pods. Its own are in the mesh, because those of Redis are and take calls from members alone.
 *
 * @see https://github.com/OT-CONTAINER-KIT/redis-operator
 */
export class RedisOperator extends TarsComponent {
    /** What objects of its kinds wait for. */
    readonly operator: Operator;

    constructor(name: string, args: RedisOperatorArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data", "RedisOperator", name, opts);
        const { place, watched } = args;
        const tenant = createNamespace(name, args, this);
        const child = { parent: this, provider: place.cluster.provider, dependsOn: [tenant.object] };
        const inside = { namespace: tenant.namespace, labels: labelsOf(part, place.ownership) };
        const traffic = createTraffic(name, planTraffic(place.cluster, watched), inside, child);
        const definitions = createDefinitions(`${name}-definitions`, { of: release, ...place }, child);
        const account = createOperatorAccount(name, inside, child);
        const { podLabels } = redisOperator;
        const pods = redisOperatorSize(place.copies).replicas.min;
        createOperatorBudget(name, { of: release, pods, podLabels, ...inside }, child);
        const chart = { chart: release, release, values: planValues(args), namespace: tenant.namespace } as const;
        const dependsOn = [tenant, definitions, ...account, ...traffic];
        const controller = createChart(name, { ...chart, sources: place.charts }, { ...child, dependsOn });
        this.operator = { definitions, controller };
        this.registerOutputs({});
    }
}

const part = { name: release, component: "cache", version: chartVersion } as const;

function createNamespace(name: string, { place, mesh }: RedisOperatorArgs, parent: pulumi.Resource) {
    const { cluster, ownership, copies } = place;
    const quota = planQuota(demandAtPeak([redisOperatorSize(copies)]), undefined);
    const { namespace } = redisOperator;
    return new TenantNamespace(name, { cluster, ownership, namespace, quota, mesh }, { parent });
}

/**
 * What the program may call and who may call it, by the name of the policy. Calls between pods of an ambient mesh arrive at its own port.
 *
 * @param watched namespace of the pods that it sets up
 */
function planTraffic(
    cluster: Pick<ClusterHandle, "apiRanges" | "monitoringNamespace">,
    watched: string,
): Readonly<Record<string, TrafficPolicy>> {
    const toPods = (name: string, port: number) => ({
        to: [inNamespace(watched, selectorOf(name))],
        ports: tcp(port, hbonePort),
    });
    const { replication, sentinel } = redisMembers;
    const called = [toPods(replication, redisPorts.redis), toPods(sentinel, redisPorts.sentinel)];
    return {
        "api-server": planCalls({}, toApiServer(cluster)),
        instances: planCalls(redisOperator.podLabels, called),
        metrics: planCallers(redisOperator.podLabels, [fromMonitoring(cluster, metricsPort)]),
    };
}
