import { ServiceAccount } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import { demandAtPeak } from "../../foundation/demand";
import { type ElasticsearchCluster, elasticNamespace, elasticOperator } from "../../foundation/elasticNames";
import { elasticLoads, operatorSize } from "../../foundation/elasticSizes";
import { kibanaSizes } from "../../foundation/kibana";
import { labelsOf } from "../../foundation/labels";
import type { MeshMode } from "../../foundation/mesh";
import type { Size } from "../../foundation/workloads";
import { createChart } from "../../kubernetes/chart";
import type { Operator } from "../../kubernetes/customResource";
import { createDefinitions } from "../../kubernetes/definitions";
import { TenantNamespace } from "../../kubernetes/namespace";
import { planQuota } from "../../kubernetes/quota";
import { createClusterRights, subjectOf } from "../../kubernetes/rights";
import type { SystemPlace } from "../../kubernetes/systemPlace";
import { createTraffic, type Inside } from "../../kubernetes/trafficPolicies";
import { planSnapshotTraffic, type SnapshotStore } from "./snapshots";
import { planTraffic } from "./traffic";
import { planValues, release } from "./values";

export interface ElasticOperatorArgs {
    readonly place: SystemPlace;
    /** The one Elasticsearch that it runs. */
    readonly asked: ElasticsearchCluster;
    /** Whether nodes stand in several zones, of which it tells its pods. */
    readonly isZoned: boolean;
    /** How the mesh takes pods in, of which those of Kibana are. */
    readonly mesh: MeshMode;
    /** Where snapshots go; undefined where there are none. */
    readonly snapshots: SnapshotStore | undefined;
    /** Other pods that its namespace must have room for. */
    readonly besides: readonly Size[];
}

/**
 * ECK, and the namespace that it shares with the Elasticsearch that it runs: outside of the mesh, where every call is TLS of Elasticsearch's own
 * (docs/elasticsearch.md).
 */
export class ElasticOperator extends TarsComponent {
    /** What Elasticsearch waits for. */
    readonly operator: Operator;
    /** What its objects have in common. */
    readonly inside: Inside;
    /** What bounds its pods. */
    readonly before: readonly pulumi.Resource[];

    constructor(name: string, args: ElasticOperatorArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data", "ElasticOperator", name, opts);
        const { place, asked, snapshots } = args;
        const tenant = createNamespace(name, args, this);
        const child = { parent: this, provider: place.cluster.provider, dependsOn: [tenant.object] };
        this.inside = {
            namespace: tenant.namespace,
            labels: labelsOf({ name: "elasticsearch", component: "search" }, place.ownership),
        };
        const traffic = { ...planTraffic(place.cluster, asked), ...(snapshots && planSnapshotTraffic(snapshots)) };
        const policies = createTraffic(name, traffic, this.inside, child);
        const definitions = createDefinitions(`${name}-definitions`, { of: release, ...place }, child);
        this.before = [tenant, ...policies];
        const identity = createIdentity(name, args, child);
        const controller = createChart(
            name,
            {
                chart: release,
                release,
                namespace: tenant.namespace,
                values: planValues(place, operatorSize(place.copies)),
                sources: place.charts,
            },
            { ...child, dependsOn: [...this.before, definitions, ...identity] },
        );
        this.operator = { definitions, controller };
        this.registerOutputs({});
    }
}

function createNamespace(
    name: string,
    { place, asked, mesh, besides }: ElasticOperatorArgs,
    parent: pulumi.Resource,
): TenantNamespace {
    const { cluster, ownership, copies } = place;
    const sizes = elasticLoads(asked, copies).map(({ size }) => size);
    const kibana = kibanaSizes(asked.kibana, { copies, mode: mesh });
    const quota = planQuota(demandAtPeak([...sizes, ...kibana, ...besides]), undefined);
    return new TenantNamespace(name, { cluster, ownership, namespace: elasticNamespace, quota }, { parent });
}

/**
 * The operator's account, which the chart leaves to the platform so that rights can be given to it. It tells each pod in which zone its node is,
 * which only nodes say.
 *
 * @see https://github.com/elastic/cloud-on-k8s/blob/v3.5.0/pkg/controller/elasticsearch/driver/shared/node_labels.go
 */
function createIdentity(name: string, { place, isZoned }: ElasticOperatorArgs, child: ChildOptions) {
    const labels = labelsOf({ name: elasticOperator, component: "search" }, place.ownership);
    const metadata = { name: elasticOperator, namespace: elasticNamespace, labels };
    const account = new ServiceAccount(`${name}-account`, { metadata, automountServiceAccountToken: false }, child);
    if (!isZoned) return [account];
    const plan = {
        name: `${elasticOperator}-nodes`,
        labels,
        rules: [{ apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch"] }],
        subjects: [subjectOf({ namespace: elasticNamespace, serviceAccount: elasticOperator })],
        accounts: [account],
    };
    const { role, binding } = createClusterRights(`${name}-nodes`, plan, child);
    return [account, role, binding];
}
