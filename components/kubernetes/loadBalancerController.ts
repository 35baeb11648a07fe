import { ServiceAccount } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterHandle, LoadBalancerController as Controller } from "../cloud/contract";
import { type ChildOptions, TarsComponent } from "../foundation/component";
import { peakDemand } from "../foundation/demand";
import { labelsOf } from "../foundation/labels";
import { loadBalancerSize } from "../foundation/loadBalancerSizes";
import { createChart } from "./chart";
import { charts } from "./chartTable";
import type { Operator } from "./customResource";
import { createDefinitions } from "./definitions";
import { metricsPort, planValues, pods, release, webhookPort } from "./loadBalancerValues";
import { TenantNamespace } from "./namespace";
import { planQuota } from "./quota";
import type { SystemPlace } from "./systemPlace";
import { blocks, fromMonitoring, planCallers, planCalls, tcp, toCredentials } from "./traffic";
import { createTraffic, type Inside } from "./trafficPolicies";

export interface LoadBalancerControllerArgs {
    readonly place: SystemPlace;
    readonly controller: Controller;
}

/**
 * Makes a load balancer for each Service that asks for one, in a cluster whose cloud leaves that to a controller inside. It needs cert-manager,
 * which issues its webhook's certificate. A Service holds on to its load balancer until this controller has deleted it: whatever holds such a
 * Service, its namespace above all, must depend on this component, so that it goes first.
 */
export class LoadBalancerController extends TarsComponent {
    /** Knows the kinds of its own, and acts on them. */
    readonly operator: Operator;

    constructor(
        name: string,
        { place, controller }: LoadBalancerControllerArgs,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super("kubernetes", "LoadBalancerController", name, opts);
        const { cluster, ownership, charts: sources } = place;
        const part = { name: release, component: "edge", version: charts[release].version };
        const quota = planQuota(peakDemand(loadBalancerSize(place.copies)), undefined);
        const tenant = new TenantNamespace(
            name,
            { cluster, ownership, namespace: controller.namespace, quota },
            { parent: this },
        );
        const { namespace } = tenant;
        const child = { parent: this, provider: cluster.provider, dependsOn: [tenant.object] };
        const metadata = { namespace, labels: labelsOf(part, ownership) };
        const plan = { of: release, cluster, charts: sources } as const;
        const definitions = createDefinitions(`${name}-definitions`, plan, child);
        const before = [
            tenant,
            definitions,
            createAccount(name, controller, metadata, child),
            ...createTraffic(name, planTraffic(controller, cluster), metadata, child),
        ];
        const values = planValues(controller, place);
        const after = { ...child, dependsOn: before };
        const chart = { chart: release, release, namespace, values, sources } as const;
        this.operator = { definitions, controller: createChart(`${name}-chart`, chart, after) };
        this.registerOutputs({});
    }
}

/** The pods ask for their token themselves. */
function createAccount(name: string, { serviceAccount }: Controller, metadata: Inside, child: ChildOptions) {
    const args = { metadata: { ...metadata, name: serviceAccount }, automountServiceAccountToken: false };
    return new ServiceAccount(`${name}-account`, args, child);
}

/** What the controller calls, and who calls it. */
function planTraffic({ cloudRanges }: Controller, cluster: ClusterHandle) {
    const apis = [...new Set([...cluster.apiRanges, ...cloudRanges])];
    return {
        apis: planCalls(pods, [{ to: blocks(apis), ports: tcp(443) }, toCredentials]),
        webhooks: planCallers(pods, [{ from: blocks(cloudRanges), ports: tcp(webhookPort) }]),
        metrics: planCallers(pods, [fromMonitoring(cluster, metricsPort)]),
    };
}
