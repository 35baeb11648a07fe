import type * as pulumi from "@pulumi/pulumi";
import { brokerCallers } from "../../foundation/brokerCallers";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import { demandAtPeak } from "../../foundation/demand";
import { type KafkaCluster, kafkaNamespace, kafkaOperator, kafkaPods } from "../../foundation/kafkaNames";
import { kafkaSizes } from "../../foundation/kafkaSizes";
import { kafkaUiSizes } from "../../foundation/kafkaUi";
import { labelsOf } from "../../foundation/labels";
import type { MeshMode } from "../../foundation/mesh";
import { createOperatorBudget } from "../../kubernetes/budget";
import { createChart } from "../../kubernetes/chart";
import { charts } from "../../kubernetes/chartTable";
import type { Operator } from "../../kubernetes/customResource";
import { createDefinitions } from "../../kubernetes/definitions";
import { TenantNamespace } from "../../kubernetes/namespace";
import { planQuota } from "../../kubernetes/quota";
import type { SystemPlace } from "../../kubernetes/systemPlace";
import { createTraffic, type Inside } from "../../kubernetes/trafficPolicies";
import { planTraffic } from "./traffic";
import { planValues, release } from "./values";

export interface KafkaOperatorArgs {
    readonly place: SystemPlace;
    /** The one Kafka that it runs. */
    readonly asked: KafkaCluster;
    /** How Kafka UI joins the mesh, which nothing else here does. */
    readonly mesh: MeshMode;
}

/** Strimzi, and the namespace that it shares with the Kafka that it runs: outside of the mesh, where every call is TLS of Kafka's own (docs/kafka.md). */
export class KafkaOperator extends TarsComponent {
    /** What Kafka waits for. */
    readonly operator: Operator;
    /** What Kafka's objects have in common. */
    readonly inside: Inside;
    /** What bounds Kafka's pods. */
    readonly before: readonly pulumi.Resource[];

    constructor(name: string, args: KafkaOperatorArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data", "KafkaOperator", name, opts);
        const { place, asked } = args;
        const tenant = createNamespace(name, args, this);
        const child = { parent: this, provider: place.cluster.provider, dependsOn: [tenant.object] };
        const part = { name: "kafka", component: "messaging" };
        this.inside = { namespace: tenant.namespace, labels: labelsOf(part, place.ownership) };
        const labels = labelsOf({ ...part, name: release, version: charts[release].version }, place.ownership);
        const traffic = planTraffic(place.cluster, brokerCallers(asked));
        const policies = createTraffic(name, traffic, { ...this.inside, labels }, child);
        const pods = kafkaSizes(asked, place.copies).operator.replicas.min;
        const budget = { of: kafkaOperator, pods, podLabels: kafkaPods.operator };
        createOperatorBudget(name, { ...budget, ...this.inside, labels }, child);
        const definitions = createDefinitions(`${name}-definitions`, { of: release, ...place }, child);
        this.before = [tenant, ...policies];
        const controller = createController(name, args, tenant, {
            ...child,
            dependsOn: [...this.before, definitions],
        });
        this.operator = { definitions, controller };
        this.registerOutputs({});
    }
}

function createNamespace(
    name: string,
    { place, asked, mesh }: KafkaOperatorArgs,
    parent: pulumi.Resource,
): TenantNamespace {
    const { cluster, ownership, copies } = place;
    const sizes = Object.values(kafkaSizes(asked, copies)).filter((size) => size !== undefined);
    const ui = kafkaUiSizes(asked.ui, { copies, mode: mesh });
    const quota = planQuota(demandAtPeak([...sizes, ...ui]), undefined);
    return new TenantNamespace(name, { cluster, ownership, namespace: kafkaNamespace, quota }, { parent });
}

function createController(
    name: string,
    { place, asked }: KafkaOperatorArgs,
    tenant: TenantNamespace,
    child: ChildOptions,
) {
    const { namespace } = tenant;
    const values = planValues(place, kafkaSizes(asked, place.copies).operator);
    return createChart(name, { chart: release, release, namespace, values, sources: place.charts }, child);
}
